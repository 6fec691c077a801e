/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-row-reading.h"

#include "busy-host.h"
#include "expect.h"

#define NAME "pci_0005_00_00_0"

static GPtrArray *
read_rows(SysfsTree *tree, const char *names, ZpciRowParts parts)
{
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_auto(GStrv) split = g_strsplit(names, " ", 0);
    g_autoptr(GError) error = NULL;
    GPtrArray *rows = zpci_row_reading_read(inventory, split, parts, &error);

    g_assert_no_error(error);
    return rows;
}

static void
test_what_is_always_read(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GPtrArray) rows = NULL;
    const ZpciRow *row;

    sysfs_tree_add_zpci(tree, BUSY_HOST_ADDRESS, 0x102, 5, 6);
    sysfs_tree_set_iommu_group(tree, BUSY_HOST_ADDRESS, 3);
    rows = read_rows(tree, NAME, 0);
    g_assert_cmpuint(rows->len, ==, 1);
    row = g_ptr_array_index(rows, 0);
    g_assert_cmpstr(row->name, ==, NAME);
    g_assert_cmpstr(row->address, ==, BUSY_HOST_ADDRESS);
    g_assert_true(zpci_row_get_fact(row, ZPCI_FACT_FID, NULL));
    g_assert_cmpint(row->iommu_group, ==, ZPCI_ROW_UNKNOWN);
    g_assert_null(row->interfaces);
    g_assert_null(row->disks);
    g_assert_null(row->holder);
}

static void
test_what_it_is_as_a_device(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GPtrArray) rows = NULL;
    const ZpciRow *row;

    sysfs_tree_add_zpci(tree, BUSY_HOST_ADDRESS, 0x102, 5, 6);
    sysfs_tree_add_zpci(tree, "0005:00:00.1", 0x103, 6, 6);
    sysfs_tree_add_virtual(tree, BUSY_HOST_ADDRESS, 0, "0005:00:00.1");
    sysfs_tree_set_iommu_group(tree, BUSY_HOST_ADDRESS, 3);
    sysfs_tree_set(tree, BUSY_HOST_ADDRESS, "numa_node", "1");
    sysfs_tree_set(tree, BUSY_HOST_ADDRESS, "vendor", "0x15b3");
    sysfs_tree_set(tree, BUSY_HOST_ADDRESS, "device", "0x1016");
    sysfs_tree_set(tree, BUSY_HOST_ADDRESS, "class", "0x020000");
    sysfs_tree_set_link(tree, BUSY_HOST_ADDRESS, "driver", "../../../bus/pci/drivers/vfio-pci");
    rows = read_rows(tree, NAME " pci_0005_00_00_1", ZPCI_ROW_DEVICE);
    g_assert_cmpuint(rows->len, ==, 2);
    row = g_ptr_array_index(rows, 0);
    g_assert_cmphex(row->class_code, ==, 0x020000);
    g_assert_cmphex(row->vendor, ==, 0x15b3);
    g_assert_cmphex(row->product, ==, 0x1016);
    g_assert_cmpstr(row->driver, ==, "vfio-pci");
    g_assert_true(row->is_vfio);
    g_assert_cmpint(row->iommu_group, ==, 3);
    g_assert_cmpint(row->numa_node, ==, 1);
    expect_strings((const char *const *)row->virtual_functions, "0005:00:00.1");
    g_assert_null(row->physical);
    row = g_ptr_array_index(rows, 1);
    g_assert_cmpstr(row->physical, ==, BUSY_HOST_ADDRESS);
    g_assert_null(row->driver);
    g_assert_false(row->is_vfio);
}

/* No more is read than a list shows. */
static void
test_driver_alone(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GPtrArray) rows = NULL;
    const ZpciRow *row;

    sysfs_tree_add_zpci(tree, BUSY_HOST_ADDRESS, 0x102, 5, 6);
    sysfs_tree_set_iommu_group(tree, BUSY_HOST_ADDRESS, 3);
    sysfs_tree_set(tree, BUSY_HOST_ADDRESS, "numa_node", "1");
    sysfs_tree_set_link(tree, BUSY_HOST_ADDRESS, "driver", "../../../bus/pci/drivers/vfio-pci");
    rows = read_rows(tree, NAME, ZPCI_ROW_DRIVER);
    row = g_ptr_array_index(rows, 0);
    g_assert_true(row->knows_driver);
    g_assert_cmpstr(row->driver, ==, "vfio-pci");
    g_assert_true(row->is_vfio);
    g_assert_cmpint(row->iommu_group, ==, 3);
    g_assert_cmpint(row->vendor, ==, ZPCI_ROW_UNKNOWN);
    g_assert_cmpint(row->numa_node, ==, ZPCI_ROW_UNKNOWN);
    g_assert_null(row->virtual_functions);
}

static void
test_interfaces_and_disks(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GPtrArray) rows = NULL;
    const ZpciRow *row;

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "function_id", "0x00000102");
    busy_host_add_disk(busy);
    sysfs_tree_write(busy->tree, "sys/class/block/vda1/partition", "1\n", -1);
    busy_host_add_upper(busy, "dm-0", "252:0", "vda1");
    busy_host_add_class(busy, "class/net", "net/eth1");
    busy_host_add_class(busy, "class/net", "virtio0/net/eth0");
    busy_host_set(busy, "class/net/eth1/operstate", "up");
    rows = read_rows(busy->tree, NAME, ZPCI_ROW_INTERFACES | ZPCI_ROW_DISKS);
    row = g_ptr_array_index(rows, 0);
    expect_strings((const char *const *)row->interfaces, "eth0 eth1");
    expect_strings((const char *const *)row->interface_states, "unknown up");
    expect_strings((const char *const *)row->disks, "vda");
}

static void
test_who_is_no_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GPtrArray) rows = NULL;

    sysfs_tree_add_zpci(tree, BUSY_HOST_ADDRESS, 0x102, 5, 6);
    sysfs_tree_add_function(tree, "0005:00:00.1");
    rows = read_rows(tree, "computer pci_0005_00_00_1 pci_0005_00_00_2 " NAME, ZPCI_ROW_FACTS);
    g_assert_cmpuint(rows->len, ==, 1);
}

static void
test_standby(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GPtrArray) rows = NULL;
    const ZpciRow *row;

    sysfs_tree_add_slot(tree, 0x101, FALSE);
    rows = read_rows(tree, "zpci_00000101", ZPCI_ROW_DEVICE | ZPCI_ROW_HOLDER);
    row = g_ptr_array_index(rows, 0);
    g_assert_null(row->address);
    g_assert_true(zpci_function_is_standby(row->function));
    g_assert_cmpint(row->holder->kind, ==, ZPCI_HOLDER_NOBODY);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-row-reading/what-is-always-read", test_what_is_always_read);
    g_test_add_func("/zpci-row-reading/what-it-is-as-a-device", test_what_it_is_as_a_device);
    g_test_add_func("/zpci-row-reading/driver", test_driver_alone);
    g_test_add_func("/zpci-row-reading/interfaces-and-disks", test_interfaces_and_disks);
    g_test_add_func("/zpci-row-reading/who-is-no-function", test_who_is_no_function);
    g_test_add_func("/zpci-row-reading/standby", test_standby);
    return g_test_run();
}
