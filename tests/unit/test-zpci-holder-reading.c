/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-holder-reading.h"

#include "busy-host.h"
#include "expect.h"
#include "zpci-function-private.h"
#include "zpci-host-private.h"

static ZpciRow *
make_row(const char *address)
{
    g_auto(ZpciFacts) facts = { 0 };
    ZpciRow *row = zpci_row_new("a function", zpci_function_new(&facts));

    row->address = g_strdup(address);
    row->iommu_group = BUSY_HOST_GROUP;
    return row;
}

static void
add_texts(char ***member, const char *text)
{
    *member = g_strsplit(text, " ", 0);
}

/* @row: (transfer full); @expected: (nullable): %NULL if it cannot be told */
static void
assert_holder(const BusyHost *busy, ZpciRow *row, const char *expected)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);
    g_autofree char *shown = NULL;

    g_ptr_array_add(rows, row);
    zpci_holder_reading_fill(busy->host, rows);
    shown = row->holder != NULL ? zpci_holder_format(row->holder) : NULL;
    g_assert_cmpstr(shown, ==, expected);
    g_assert_true((row->holder_reason == NULL) == (expected != NULL));
}

static void
test_nobody(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_node(busy, "vfio/3");
    assert_holder(busy, make_row(BUSY_HOST_ADDRESS), "nobody");
    assert_holder(busy, make_row(NULL), "nobody");
}

static void
test_guest(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_hold(busy);
    assert_holder(busy, make_row(BUSY_HOST_ADDRESS), "guest web,1");
}

static void
test_process(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_make_directory(busy->tree, "sys/" BUSY_HOST_PATH "/vfio-dev/vfio8");
    busy_host_add_node(busy, "vfio/devices/vfio8");
    busy_host_add_process(busy, 78, "dpdk", "dpdk\0", 5);
    busy_host_open(busy, 78, "vfio/devices/vfio8");
    assert_holder(busy, make_row(BUSY_HOST_ADDRESS), "process 78 (dpdk)");
}

/* Who has one function of a group by that one's own node has the whole group. */
static void
test_whole_group(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);
    const ZpciRow *row;

    sysfs_tree_make_directory(busy->tree, "sys/" BUSY_HOST_PATH "/vfio-dev/vfio8");
    busy_host_add_node(busy, "vfio/devices/vfio8");
    busy_host_add_process(busy, 78, "dpdk", "dpdk\0", 5);
    busy_host_open(busy, 78, "vfio/devices/vfio8");
    g_ptr_array_add(rows, make_row("0005:00:00.1"));
    g_ptr_array_add(rows, make_row(BUSY_HOST_ADDRESS));
    zpci_holder_reading_fill(busy->host, rows);
    row = g_ptr_array_index(rows, 0);
    g_assert_cmpint(row->holder->kind, ==, ZPCI_HOLDER_PROCESS);
    g_assert_cmpuint(row->holder->process, ==, 78);
}

static void
test_mounted_disk(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_disk(busy);
    sysfs_tree_write(busy->tree, "proc/self/mountinfo",
                     "40 22 253:1 / /srv rw - ext4 /dev/vda1 rw\n", -1);
    add_texts(&row->disks, "vda");
    assert_holder(busy, row, "mount /srv");
}

static void
test_disk_that_is_a_part(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_disk(busy);
    busy_host_add_upper(busy, "md0", "9:0", "vda");
    add_texts(&row->disks, "vda");
    assert_holder(busy, row, "disk md0");
}

static void
test_disk_that_is_swapped_to(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_disk(busy);
    sysfs_tree_write(busy->tree, "proc/swaps", "/dev/vda1 partition 1 0 -2\n", -1);
    add_texts(&row->disks, "vda");
    assert_holder(busy, row, "swap vda1");
}

static void
test_disk_that_a_guest_has(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_disk(busy);
    busy_host_add_node(busy, "vda1");
    busy_host_add_process(busy, 77, "qemu", BUSY_HOST_QEMU, sizeof BUSY_HOST_QEMU - 1);
    busy_host_open(busy, 77, "vda1");
    add_texts(&row->disks, "vda");
    assert_holder(busy, row, "guest web,1");
}

static void
test_interface(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_class(busy, "class/net", "net/eth0");
    busy_host_set(busy, "class/net/eth0/flags", "0x1003");
    add_texts(&row->interfaces, "eth0");
    assert_holder(busy, row, "interface eth0");
}

static void
test_interface_that_is_down(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_class(busy, "class/net", "net/eth0");
    busy_host_set(busy, "class/net/eth0/flags", "0x1002");
    add_texts(&row->interfaces, "eth0");
    assert_holder(busy, row, "nobody");
}

static void
test_interface_of_a_bond(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_class(busy, "class/net", "net/eth0");
    busy_host_set(busy, "class/net/eth0/flags", "0x1003");
    busy_host_add_class(busy, "class/net", "net/eth1");
    sysfs_tree_link(busy->tree, "sys/" BUSY_HOST_PATH "/net/eth1/master",
                    "../../../../virtual/net/bond0");
    add_texts(&row->interfaces, "eth0 eth1");
    assert_holder(busy, row, "master bond0");
}

/* It matters only where somebody hidden could have the function. */
static void
test_processes_that_are_not_shown(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_delete(busy->tree, "proc/1");
    assert_holder(busy, make_row(BUSY_HOST_ADDRESS), "nobody");
    row->is_vfio = TRUE;
    assert_holder(busy, row, NULL);
}

/* What libvirt's test driver tells, of a guest that has the function. */
static void
add_guests(const BusyHost *busy)
{
    g_autofree char *path = sysfs_tree_get_path(busy->tree, "guests.xml");
    g_autofree char *uri = g_strconcat("test://", path, NULL);

    sysfs_tree_write(busy->tree, "guests.xml",
                     "<node><domain type='test'><name>web</name><memory>1024</memory>"
                     "<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>"
                     "<devices><hostdev mode='subsystem' type='pci'><source>"
                     "<address domain='5' bus='0' slot='0' function='0'/>"
                     "</source></hostdev></devices></domain></node>",
                     -1);
    zpci_host_set_test_guests(busy->host, uri);
}

/* Which process it is stays unknown, so there is a reason too. */
static void
test_guest_of_a_hidden_process(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);

    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_delete(busy->tree, "proc/1");
    add_guests(busy);
    for (guint i = 0; i < 3; i++) {
        ZpciRow *row = make_row(i == 0   ? BUSY_HOST_ADDRESS
                                : i == 1 ? "0005:00:00.1"
                                         : "0006:00:00.0");

        row->iommu_group = i < 2 ? BUSY_HOST_GROUP : BUSY_HOST_GROUP + 1;
        row->is_vfio = TRUE;
        g_ptr_array_add(rows, row);
    }
    zpci_holder_reading_fill(busy->host, rows);
    for (guint i = 0; i < 3; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);
        g_autofree char *shown = row->holder != NULL ? zpci_holder_format(row->holder) : NULL;

        g_assert_cmpstr(shown, ==, i < 2 ? "guest web" : NULL);
        g_assert_nonnull(row->holder_reason);
    }
}

/* Nobody is asked where all is seen, or VFIO has nothing. */
static void
test_libvirt_that_is_not_needed(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    add_guests(busy);
    busy_host_add_node(busy, "vfio/3");
    row->is_vfio = TRUE;
    assert_holder(busy, row, "nobody");
    sysfs_tree_delete(busy->tree, "proc/1");
    assert_holder(busy, make_row(BUSY_HOST_ADDRESS), "nobody");
}

static void
test_libvirt_that_is_not_there(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);
    ZpciRow *row = make_row(BUSY_HOST_ADDRESS);

    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_delete(busy->tree, "proc/1");
    zpci_host_set_test_guests(busy->host, "test:///nowhere");
    row->is_vfio = TRUE;
    g_ptr_array_add(rows, row);
    zpci_holder_reading_fill(busy->host, rows);
    g_assert_null(row->holder);
    expect_has(row->holder_reason, "it lacks process 1. Connecting to libvirt failed: ");
}

static void
test_captured_host(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    const BusyHost captured = { .host = sysfs_tree_open(tree) };

    assert_holder(&captured, make_row(BUSY_HOST_ADDRESS), NULL);
    zpci_host_free(captured.host);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-holder-reading/nobody", test_nobody);
    g_test_add_func("/zpci-holder-reading/guest", test_guest);
    g_test_add_func("/zpci-holder-reading/process", test_process);
    g_test_add_func("/zpci-holder-reading/whole-group", test_whole_group);
    g_test_add_func("/zpci-holder-reading/mounted-disk", test_mounted_disk);
    g_test_add_func("/zpci-holder-reading/disk-that-is-a-part", test_disk_that_is_a_part);
    g_test_add_func("/zpci-holder-reading/disk-that-is-swapped-to", test_disk_that_is_swapped_to);
    g_test_add_func("/zpci-holder-reading/disk-that-a-guest-has", test_disk_that_a_guest_has);
    g_test_add_func("/zpci-holder-reading/interface", test_interface);
    g_test_add_func("/zpci-holder-reading/interface-that-is-down", test_interface_that_is_down);
    g_test_add_func("/zpci-holder-reading/interface-of-a-bond", test_interface_of_a_bond);
    g_test_add_func("/zpci-holder-reading/processes-that-are-not-shown",
                    test_processes_that_are_not_shown);
    g_test_add_func("/zpci-holder-reading/guest-of-a-hidden-process",
                    test_guest_of_a_hidden_process);
    g_test_add_func("/zpci-holder-reading/libvirt-that-is-not-needed",
                    test_libvirt_that_is_not_needed);
    g_test_add_func("/zpci-holder-reading/libvirt-that-is-not-there",
                    test_libvirt_that_is_not_there);
    g_test_add_func("/zpci-holder-reading/captured-host", test_captured_host);
    return g_test_run();
}
