/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * tool_file_read:
 * @path: a path, or "-" for standard input
 * @maximum: the largest size that is read
 * @size: (out): written on success only, and never 0
 *
 * The one way in which a command reads a file that somebody names. A file without any bytes is none
 * that a command could do something with.
 *
 * Returns: (transfer full): its bytes, and a zero byte behind them; %NULL with @error, which names
 *   the file and the reason, if it cannot be read, has no bytes or more than @maximum.
 */
char *tool_file_read(const char *path, gsize maximum, gsize *size, GError **error);

/**
 * tool_file_read_document:
 *
 * tool_file_read() for an XML document of libvirt.
 *
 * Returns: (transfer full): as tool_file_read(), and %NULL too if there is only white space.
 */
char *tool_file_read_document(const char *path, gsize *size, GError **error);
