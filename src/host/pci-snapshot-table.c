/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-snapshot-table.h"

struct _PciSnapshotTable {
    GMutex lock;
    GHashTable *snapshots;
};

static guint
pci_snapshot_table_hash(gconstpointer key)
{
    const PciAddress *address = key;

    return ((guint)address->domain << 16 ^ (guint)address->bus << 8 ^ (guint)address->slot << 3) +
           address->function;
}

static gboolean
pci_snapshot_table_equal(gconstpointer one, gconstpointer other)
{
    return pci_address_compare(one, other) == 0;
}

static void
pci_snapshot_table_unref(gpointer snapshot)
{
    pci_snapshot_unref(snapshot);
}

PciSnapshotTable *
pci_snapshot_table_new(void)
{
    PciSnapshotTable *table = g_new0(PciSnapshotTable, 1);

    g_mutex_init(&table->lock);
    table->snapshots = g_hash_table_new_full(pci_snapshot_table_hash, pci_snapshot_table_equal,
                                             g_free, pci_snapshot_table_unref);
    return table;
}

void
pci_snapshot_table_free(PciSnapshotTable *table)
{
    if (table == NULL)
        return;
    g_hash_table_unref(table->snapshots);
    g_mutex_clear(&table->lock);
    g_free(table);
}

PciSnapshot *
pci_snapshot_table_find(PciSnapshotTable *table, const PciAddress *address, const PciLife *life)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&table->lock);
    PciSnapshot *snapshot = g_hash_table_lookup(table->snapshots, address);

    return snapshot != NULL && pci_snapshot_life_equal(&snapshot->life, life)
               ? pci_snapshot_ref(snapshot)
               : NULL;
}

void
pci_snapshot_table_keep(PciSnapshotTable *table, const PciAddress *address, PciSnapshot *snapshot)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&table->lock);

    /* No host has so many at once, so most of these are gone. */
    if (g_hash_table_size(table->snapshots) >= PCI_SNAPSHOT_TABLE_MAX)
        g_hash_table_remove_all(table->snapshots);
    g_hash_table_replace(table->snapshots, g_memdup2(address, sizeof *address),
                         pci_snapshot_ref(snapshot));
}

void
pci_snapshot_table_forget(PciSnapshotTable *table, const PciAddress *address)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&table->lock);

    g_hash_table_remove(table->snapshots, address);
}
