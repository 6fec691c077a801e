/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-host.h"

G_BEGIN_DECLS

/**
 * ZpciCaptureProgress:
 * @address: the PCI address of the function that has been captured
 * @done: how many have been
 * @total: how many there are
 * @data: what was given to zpci_capture_write()
 *
 * Called after each function.
 */
typedef void (*ZpciCaptureProgress)(const char *address, guint done, guint total, gpointer data);

/**
 * zpci_capture_write:
 * @directory: where to; must not exist
 * @with_vfio: whether functions that are bound to VFIO are opened to read their chains, as
 *   zpci_inventory_probe() does; those that have been read since they were bound are captured
 * anyhow
 * @progress: (nullable) (scope call): told after each function
 * @notes: (out) (transfer full) (array zero-terminated=1): translated sentences about what could
 * not be captured; written on success only
 *
 * Copies all files, links and replies of which @host's documents are made, so that
 * zpci_host_open(@directory) shows the same on any machine.
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if @directory exists, or another code if it
 * cannot be written or the host cannot be listed; what has been written then stays.
 */
ZPCI_EXPORT gboolean zpci_capture_write(ZpciHost *host, const char *directory, gboolean with_vfio,
                                        ZpciCaptureProgress progress, gpointer data, char ***notes,
                                        GError **error);

G_END_DECLS
