/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * tool_output_write:
 * @path: (nullable): the file; %NULL for standard output
 * @text: (array length=size)
 *
 * Writes a text. A file is written beside @path and renamed when all of it is on disk, so whoever
 * reads @path never sees a part of it, and what was there stays if it fails.
 *
 * Returns: %FALSE with @error set; that of standard output is told when the program ends.
 */
gboolean tool_output_write(const char *path, const char *text, gsize size, GError **error);
