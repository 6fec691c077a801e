/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-use.h"

#include "busy-host.h"
#include "expect.h"

static gboolean
check(const BusyHost *busy, GError **error)
{
    return net_use_check(busy_host_get_sysfs(busy), BUSY_HOST_PATH, BUSY_HOST_ADDRESS, error);
}

static void
assert_free(const BusyHost *busy)
{
    g_autoptr(GError) error = NULL;

    check(busy, &error);
    g_assert_no_error(error);
}

static void
assert_used(const BusyHost *busy, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(check(busy, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, part);
}

static void
test_interface_that_is_down(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    assert_free(busy);
    busy_host_add_class(busy, "class/net", "virtio0/net/eth0");
    assert_free(busy);
    busy_host_set(busy, "class/net/eth0/flags", "0x1002");
    assert_free(busy);
}

static void
test_flags_that_cannot_be_read_are_no_answer(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GError) error = NULL;

    busy_host_add_class(busy, "class/net", "virtio0/net/eth0");
    busy_host_set(busy, "class/net/eth0/flags", "up");
    g_assert_false(check(busy, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "'up'");
    sysfs_tree_delete(busy->tree, "sys/class/net/eth0/flags");
    sysfs_tree_make_directory(busy->tree, "sys/class/net/eth0/flags");
    g_assert_false(check(busy, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "flags");
}

static void
test_second_interface_is_up(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_class(busy, "class/net", "virtio0/net/eth0");
    busy_host_add_class(busy, "class/net", "virtio0/net/eth1");
    busy_host_set(busy, "class/net/eth0/flags", "0x1002");
    busy_host_set(busy, "class/net/eth1/flags", "0x1003");
    assert_used(busy, "interface 'eth1' is up");
}

static void
test_interface_of_a_bond(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_class(busy, "class/net", "virtio0/net/eth0");
    busy_host_set(busy, "class/net/eth0/flags", "0x1002");
    sysfs_tree_link(busy->tree, "sys/class/net/eth0/master", "../../../virtual/net/bond7");
    assert_used(busy, "interface 'eth0' belongs to 'bond7'");
}

static void
test_interface_of_another_function(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_add_function(busy->tree, "0006:00:00.0");
    sysfs_tree_link(busy->tree, "sys/class/net/eth0",
                    "../../devices/pci0006:00/0006:00:00.0/net/eth0");
    busy_host_set(busy, "devices/pci0006:00/0006:00:00.0/net/eth0/flags", "0x1003");
    assert_free(busy);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net-use/interface-that-is-down", test_interface_that_is_down);
    g_test_add_func("/net-use/second-interface-is-up", test_second_interface_is_up);
    g_test_add_func("/net-use/interface-of-a-bond", test_interface_of_a_bond);
    g_test_add_func("/net-use/interface-of-another-function", test_interface_of_another_function);
    g_test_add_func("/net-use/flags-that-cannot-be-read-are-no-answer",
                    test_flags_that_cannot_be_read_are_no_answer);
    return g_test_run();
}
