/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The version of the capture's layout that we write, and the newest that we read. */
#define CAPTURE_FORMAT 1

/**
 * Capture:
 * @root: its directory
 * @byte_order: G_BIG_ENDIAN or G_LITTLE_ENDIAN: how its machine writes numbers
 */
typedef struct {
    char *root;
    int byte_order;
} Capture;

/**
 * capture_open:
 *
 * Reads capture.ini in @root.
 *
 * Returns: (transfer full): free with capture_free(); %NULL with %ZPCI_ERROR_NOT_FOUND,
 *   %ZPCI_ERROR_MALFORMED or %ZPCI_ERROR_UNSUPPORTED.
 */
Capture *capture_open(const char *root, GError **error);

/** capture_free: @capture may be %NULL. */
void capture_free(Capture *capture);

/**
 * capture_read_reply:
 * @directory: "chain" or "clp"
 * @name: the file below it: a PCI address, "function-0000000c" or "group-ff"
 * @reply: (out) (transfer full) (nullable): what the kernel answered; %NULL if this was not
 * captured
 *
 * Returns: %FALSE with @error set if there is a file that cannot be read.
 */
gboolean capture_read_reply(const Capture *capture, const char *directory, const char *name,
                            GByteArray **reply, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Capture, capture_free)
