/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-use.h"

#include <errno.h>

#include "busy-host.h"
#include "expect.h"

static void
assert_free(BusyHost *busy, PciUseKinds kinds)
{
    g_autoptr(GError) error = NULL;

    pci_use_check(busy->host, &busy->address, kinds, &error);
    g_assert_no_error(error);
}

/* In use in this one way, and in no other. */
static void
assert_used(BusyHost *busy, PciUseKinds kind, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(pci_use_check(busy->host, &busy->address, PCI_USE_ALL, &error));
    expect_has(error->message, BUSY_HOST_ADDRESS);
    expect_error(&error, ZPCI_ERROR_IN_USE, part);
    g_assert_false(pci_use_check(busy->host, &busy->address, kind, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, part);
    assert_free(busy, PCI_USE_ALL & ~kind);
}

static void
test_function_that_nobody_uses(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_disk(busy);
    busy_host_add_node(busy, "vfio/3");
    busy_host_add_node(busy, "vda");
    busy_host_add_process(busy, 1, "init", "init\0", 5);
    assert_free(busy, PCI_USE_ALL);
}

static void
test_virtual_functions(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "sriov_numvfs", "0");
    assert_free(busy, PCI_USE_ALL);
    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "sriov_numvfs", "4");
    assert_used(busy, PCI_USE_FUNCTIONS, "virtual functions");
}

/* As zPCI shows them, whose physical function may have no say in their number. */
static void
test_virtual_functions_by_their_links(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_add_function(busy->tree, "0005:00:00.1");
    sysfs_tree_add_virtual(busy->tree, BUSY_HOST_ADDRESS, 0, "0005:00:00.1");
    assert_used(busy, PCI_USE_FUNCTIONS, "virtual functions");
}

static void
test_interface(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_class(busy, "class/net", "net/eth0");
    busy_host_set(busy, "class/net/eth0/flags", "0x1003");
    assert_used(busy, PCI_USE_NET, "'eth0' is up");
}

static void
test_mount(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_disk(busy);
    sysfs_tree_write(busy->tree, "proc/self/mountinfo",
                     "40 22 253:1 / /srv rw - ext4 /dev/vda1 rw\n", -1);
    assert_used(busy, PCI_USE_BLOCK, "mounted on '/srv'");
}

static void
test_guest_on_the_disk(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_disk(busy);
    busy_host_add_node(busy, "vda1");
    busy_host_add_process(busy, 77, "qemu", BUSY_HOST_QEMU, sizeof BUSY_HOST_QEMU - 1);
    busy_host_open(busy, 77, "vda1");
    assert_used(busy, PCI_USE_BLOCK, "/dev/vda1 open");
}

static void
test_guest_has_the_group(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_hold(busy);
    assert_used(busy, PCI_USE_VFIO,
                "guest 'web,1': process 77 ('qemu-system-s39') has /dev/vfio/3");
}

static void
test_guest_has_the_function_by_its_own_node(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_make_directory(busy->tree, "sys/" BUSY_HOST_PATH "/vfio-dev/vfio8");
    busy_host_add_node(busy, "vfio/devices/vfio8");
    assert_free(busy, PCI_USE_ALL);
    busy_host_add_process(busy, 77, "qemu", BUSY_HOST_QEMU, sizeof BUSY_HOST_QEMU - 1);
    busy_host_open(busy, 77, "vfio/devices/vfio8");
    assert_used(busy, PCI_USE_VFIO, "/dev/vfio/devices/vfio8");
}

static void
test_guest_has_another_function_of_the_group(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_add_function(busy->tree, "0005:00:00.1");
    sysfs_tree_set_iommu_group(busy->tree, "0005:00:00.1", BUSY_HOST_GROUP);
    sysfs_tree_make_directory(busy->tree, "sys/bus/pci/devices/0005:00:00.1/vfio-dev/vfio9");
    busy_host_add_node(busy, "vfio/devices/vfio9");
    busy_host_add_process(busy, 78, "qemu", "", 0);
    busy_host_open(busy, 78, "vfio/devices/vfio9");
    assert_used(busy, PCI_USE_VFIO, "process 78 ('qemu') has /dev/vfio/devices/vfio9");
}

static void
test_another_group_is_no_matter(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_node(busy, "vfio/3");
    busy_host_add_node(busy, "vfio/33");
    busy_host_add_process(busy, 77, "qemu", "", 0);
    busy_host_open(busy, 77, "vfio/33");
    assert_free(busy, PCI_USE_ALL);
}

static void
expect_no_answer(BusyHost *busy, PciUseKinds kind, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(pci_use_check(busy->host, &busy->address, kind, &error));
    expect_has(error->message,
               "It cannot be told whether the PCI function " BUSY_HOST_ADDRESS " is in use");
    expect_error(&error, code, part);
}

static void
test_virtual_functions_that_cannot_be_counted(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "sriov_numvfs", "some");
    expect_no_answer(busy, PCI_USE_FUNCTIONS, ZPCI_ERROR_MALFORMED, "'some'");
    sysfs_tree_unset(busy->tree, BUSY_HOST_ADDRESS, "sriov_numvfs");
    sysfs_tree_make_directory(busy->tree, "sys/" BUSY_HOST_PATH "/sriov_numvfs");
    expect_no_answer(busy, PCI_USE_FUNCTIONS, ZPCI_ERROR_UNREADABLE, "sriov_numvfs failed");
}

/* Nobody is told that there is no such function. */
static void
test_what_cannot_be_looked_at_is_no_answer(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_disk(busy);
    busy_host_set_claim(busy, EACCES);
    expect_no_answer(busy, PCI_USE_BLOCK, ZPCI_ERROR_NO_PERMISSION,
                     "connect to a virtzpcid that runs as root");
    busy_host_set_claim(busy, ENOENT);
    expect_no_answer(busy, PCI_USE_BLOCK, ZPCI_ERROR_UNREADABLE, "left alone");
    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_delete(busy->tree, "proc");
    expect_no_answer(busy, PCI_USE_VFIO, ZPCI_ERROR_UNREADABLE, "proc");
}

static void
test_groups_that_cannot_be_listed(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_link(busy->tree, "sys/" BUSY_HOST_PATH "/vfio-dev", "vfio-dev");
    expect_no_answer(busy, PCI_USE_VFIO, ZPCI_ERROR_UNREADABLE, "vfio-dev");
}

static void
test_function_that_is_not_there(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_remove_function(busy->tree, BUSY_HOST_ADDRESS);
    g_assert_false(pci_use_check(busy->host, &busy->address, PCI_USE_ALL, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, BUSY_HOST_ADDRESS);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-use/function-that-nobody-uses", test_function_that_nobody_uses);
    g_test_add_func("/pci-use/virtual-functions", test_virtual_functions);
    g_test_add_func("/pci-use/virtual-functions-by-their-links",
                    test_virtual_functions_by_their_links);
    g_test_add_func("/pci-use/interface", test_interface);
    g_test_add_func("/pci-use/mount", test_mount);
    g_test_add_func("/pci-use/guest-on-the-disk", test_guest_on_the_disk);
    g_test_add_func("/pci-use/guest-has-the-group", test_guest_has_the_group);
    g_test_add_func("/pci-use/guest-has-the-function-by-its-own-node",
                    test_guest_has_the_function_by_its_own_node);
    g_test_add_func("/pci-use/guest-has-another-function-of-the-group",
                    test_guest_has_another_function_of_the_group);
    g_test_add_func("/pci-use/another-group-is-no-matter", test_another_group_is_no_matter);
    g_test_add_func("/pci-use/function-that-is-not-there", test_function_that_is_not_there);
    g_test_add_func("/pci-use/virtual-functions-that-cannot-be-counted",
                    test_virtual_functions_that_cannot_be_counted);
    g_test_add_func("/pci-use/what-cannot-be-looked-at-is-no-answer",
                    test_what_cannot_be_looked_at_is_no_answer);
    g_test_add_func("/pci-use/groups-that-cannot-be-listed", test_groups_that_cannot_be_listed);
    return g_test_run();
}
