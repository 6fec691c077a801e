/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-snapshot-table.h"

#define THREADS 8
#define ROUNDS 2000

static PciSnapshot *
make_snapshot(guint64 inode)
{
    PciSnapshot *snapshot = g_new0(PciSnapshot, 1);

    g_atomic_ref_count_init(&snapshot->references);
    snapshot->life.inode = inode;
    return snapshot;
}

static void
keep(PciSnapshotTable *table, guint32 domain, guint64 inode)
{
    g_autoptr(PciSnapshot) snapshot = make_snapshot(inode);
    PciAddress address = { .domain = domain };

    pci_snapshot_table_keep(table, &address, snapshot);
}

static gboolean
has(PciSnapshotTable *table, guint32 domain, guint64 inode)
{
    PciAddress address = { .domain = domain };
    PciLife life = { .inode = inode };
    g_autoptr(PciSnapshot) snapshot = pci_snapshot_table_find(table, &address, &life);

    g_assert_true(snapshot == NULL || snapshot->life.inode == inode);
    return snapshot != NULL;
}

static void
test_snapshot_counts_for_its_own_life_only(void)
{
    g_autoptr(PciSnapshotTable) table = pci_snapshot_table_new();
    PciAddress address = { .domain = 5 };

    g_assert_false(has(table, 5, 1));
    keep(table, 5, 1);
    g_assert_true(has(table, 5, 1));
    g_assert_false(has(table, 5, 2));
    g_assert_false(has(table, 6, 1));
    keep(table, 5, 2);
    g_assert_false(has(table, 5, 1));
    g_assert_true(has(table, 5, 2));
    pci_snapshot_table_forget(table, &address);
    g_assert_false(has(table, 5, 2));
}

static void
test_table_never_holds_more_than_a_host_can_have(void)
{
    g_autoptr(PciSnapshotTable) table = pci_snapshot_table_new();

    for (guint32 domain = 0; domain < PCI_SNAPSHOT_TABLE_MAX; domain++)
        keep(table, domain, domain + 1);
    g_assert_true(has(table, 0, 1));
    g_assert_true(has(table, PCI_SNAPSHOT_TABLE_MAX - 1, PCI_SNAPSHOT_TABLE_MAX));
    keep(table, PCI_SNAPSHOT_TABLE_MAX, 1);
    g_assert_true(has(table, PCI_SNAPSHOT_TABLE_MAX, 1));
    g_assert_false(has(table, 0, 1));
}

static gpointer
use_table(gpointer data)
{
    for (guint i = 0; i < ROUNDS; i++) {
        PciAddress address = { .domain = i % 3 };

        keep(data, i % 3, i % 5);
        has(data, i % 3, i % 5);
        if (i % 7 == 0)
            pci_snapshot_table_forget(data, &address);
    }
    return NULL;
}

static void
test_threads_share_it(void)
{
    g_autoptr(PciSnapshotTable) table = pci_snapshot_table_new();
    GThread *threads[THREADS];

    for (guint i = 0; i < THREADS; i++)
        threads[i] = g_thread_new("user", use_table, table);
    for (guint i = 0; i < THREADS; i++)
        g_thread_join(threads[i]);
    keep(table, 0, 9);
    g_assert_true(has(table, 0, 9));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-snapshot-table/life", test_snapshot_counts_for_its_own_life_only);
    g_test_add_func("/pci-snapshot-table/full", test_table_never_holds_more_than_a_host_can_have);
    g_test_add_func("/pci-snapshot-table/threads", test_threads_share_it);
    return g_test_run();
}
