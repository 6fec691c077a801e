/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The longest file of /proc that is read: a line for each of 100,000 mounts, which is the most that
 * Linux allows unless it is told otherwise, is less. */
#define PROC_FILE_MAX (32 * 1024 * 1024)

/**
 * proc_file_read:
 * @directory: a directory's descriptor
 *
 * Reads a text that the kernel makes up while it is read, and so in pieces of any size.
 *
 * Returns: (transfer full): the whole text; %NULL with %ZPCI_ERROR_NOT_FOUND if there is no such
 *   file, or another code.
 */
char *proc_file_read(int directory, const char *path, GError **error);
