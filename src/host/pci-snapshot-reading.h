/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "pci-snapshot.h"
#include "zpci-host.h"

/**
 * pci_snapshot_reading_get_life:
 * @path: the directory of a function, seen from @directory; empty for @directory itself
 *
 * Returns: %FALSE if it cannot be looked at.
 */
gboolean pci_snapshot_reading_get_life(const ZpciHost *host, int directory, const char *path,
                                       PciLife *life);

/**
 * pci_snapshot_reading_read:
 * @directory: descriptor of the function's directory
 * @name: its PCI address
 * @life: whose directory it is
 * @known: (nullable): what is known of it already
 * @parts: what is wanted besides
 *
 * Returns: (transfer full): %NULL with @error set if it has no readable IDs. What else cannot be
 *   read is left out.
 */
PciSnapshot *pci_snapshot_reading_read(const ZpciHost *host, int directory, const char *name,
                                       const PciLife *life, const PciSnapshot *known,
                                       PciSnapshotParts parts, GError **error);
