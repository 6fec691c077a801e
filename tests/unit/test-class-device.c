/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "class-device.h"

#include "busy-host.h"
#include "expect.h"

static void
assert_list(const BusyHost *busy, const char *joined)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names =
        class_device_list_below(busy_host_get_sysfs(busy), "class/net", BUSY_HOST_PATH, &error);

    g_assert_no_error(error);
    g_ptr_array_add(names, NULL);
    expect_strings((const char *const *)names->pdata, joined);
}

static void
test_only_what_is_below(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_class(busy, "class/net", "virtio0/net/eth0");
    sysfs_tree_link(busy->tree, "sys/class/net/lo", "../../devices/virtual/net/lo");
    sysfs_tree_link(busy->tree, "sys/class/net/eth1", "../../" BUSY_HOST_PATH "1/net/eth1");
    sysfs_tree_link(busy->tree, "sys/class/net/eth2", "../../" BUSY_HOST_PATH "/../net/eth2");
    sysfs_tree_link(busy->tree, "sys/class/net/eth3", "../../" BUSY_HOST_PATH);
    sysfs_tree_write(busy->tree, "sys/class/net/bonding_masters", "", 0);
    assert_list(busy, "eth0");
}

static void
test_host_without_the_class(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    assert_list(busy, "");
}

static void
test_class_that_cannot_be_listed(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(busy->tree, "sys/class/net", "net");
    g_assert_null(
        class_device_list_below(busy_host_get_sysfs(busy), "class/net", BUSY_HOST_PATH, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "class/net");
}

static void
test_all_by_their_functions(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GHashTable) index = NULL;
    g_autoptr(GError) error = NULL;
    GPtrArray *names;

    busy_host_add_class(busy, "class/net", "virtio0/net/eth1");
    busy_host_add_class(busy, "class/net", "net/eth0");
    sysfs_tree_link(busy->tree, "sys/class/net/lo", "../../devices/virtual/net/lo");
    sysfs_tree_link(busy->tree, "sys/class/net/eth2",
                    "../../" BUSY_HOST_PATH "/0006:00:00.0/net/eth2");
    index = class_device_index(busy_host_get_sysfs(busy), "class/net", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_hash_table_size(index), ==, 2);
    names = g_hash_table_lookup(index, BUSY_HOST_ADDRESS);
    g_ptr_array_add(names, NULL);
    expect_strings((const char *const *)names->pdata, "eth0 eth1");
    names = g_hash_table_lookup(index, "0006:00:00.0");
    g_assert_cmpstr(g_ptr_array_index(names, 0), ==, "eth2");
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/class-device/only-what-is-below", test_only_what_is_below);
    g_test_add_func("/class-device/host-without-the-class", test_host_without_the_class);
    g_test_add_func("/class-device/class-that-cannot-be-listed", test_class_that_cannot_be_listed);
    g_test_add_func("/class-device/all-by-their-functions", test_all_by_their_functions);
    return g_test_run();
}
