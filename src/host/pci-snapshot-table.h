/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "pci-address.h"
#include "pci-snapshot.h"

/* How many snapshots are kept: one for each function that a host can have. */
#define PCI_SNAPSHOT_TABLE_MAX 65536

/**
 * PciSnapshotTable:
 *
 * The snapshots of a host's functions, by address. Threads use it together.
 */
typedef struct _PciSnapshotTable PciSnapshotTable;

/** pci_snapshot_table_new: (transfer full): an empty one. */
PciSnapshotTable *pci_snapshot_table_new(void);

/** pci_snapshot_table_free: @table may be %NULL. */
void pci_snapshot_table_free(PciSnapshotTable *table);

/**
 * pci_snapshot_table_find:
 * @life: the function that is there now; the snapshot of an earlier one does not count
 *
 * Returns: (transfer full) (nullable): its snapshot.
 */
PciSnapshot *pci_snapshot_table_find(PciSnapshotTable *table, const PciAddress *address,
                                     const PciLife *life);

/** pci_snapshot_table_keep: puts @snapshot in the place of an earlier one. */
void pci_snapshot_table_keep(PciSnapshotTable *table, const PciAddress *address,
                             PciSnapshot *snapshot);

/** pci_snapshot_table_forget: there is no such function any more. */
void pci_snapshot_table_forget(PciSnapshotTable *table, const PciAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PciSnapshotTable, pci_snapshot_table_free)
