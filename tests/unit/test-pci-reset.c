/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-reset.h"

#include <errno.h>

#include "busy-host.h"
#include "expect.h"

static void
fail(BusyHost *busy, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(pci_reset(busy->host, &busy->address, &error));
    expect_error(&error, code, part);
}

static void
reset(BusyHost *busy)
{
    g_autoptr(GError) error = NULL;

    pci_reset(busy->host, &busy->address, &error);
    g_assert_no_error(error);
}

static void
test_function_is_reset(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "reset", "");
    reset(busy);
    busy_host_set_driver(busy, "vfio-pci");
    reset(busy);
    busy_host_assert_written(busy, BUSY_HOST_PATH "/reset=1 " BUSY_HOST_PATH "/reset=1");
}

static void
test_used_function_is_not(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "reset", "");
    busy_host_hold(busy);
    fail(busy, ZPCI_ERROR_IN_USE, "process 77");
    busy_host_set_driver(busy, BUSY_HOST_DRIVER);
    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "sriov_numvfs", "1");
    fail(busy, ZPCI_ERROR_IN_USE, "virtual functions");
    busy_host_assert_written(busy, "");
}

/* VFIO does what can be done when a guest gets the function. */
static void
test_function_that_cannot_be_reset(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    fail(busy, ZPCI_ERROR_UNREADABLE,
         "Unable to reset PCI device " BUSY_HOST_ADDRESS ": no FLR, PM reset or bus reset");
    busy_host_set_driver(busy, "vfio-pci");
    reset(busy);
    busy_host_assert_written(busy, "");
}

static void
test_reset_that_fails(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "reset", "");
    busy_host_fail(busy, "reset", ENOTTY);
    fail(busy, ZPCI_ERROR_UNREADABLE, "Unable to reset PCI device " BUSY_HOST_ADDRESS ": ");
    sysfs_tree_remove_function(busy->tree, BUSY_HOST_ADDRESS);
    fail(busy, ZPCI_ERROR_NOT_FOUND, BUSY_HOST_ADDRESS);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-reset/function-is-reset", test_function_is_reset);
    g_test_add_func("/pci-reset/used-function-is-not", test_used_function_is_not);
    g_test_add_func("/pci-reset/function-that-cannot-be-reset", test_function_that_cannot_be_reset);
    g_test_add_func("/pci-reset/reset-that-fails", test_reset_that_fails);
    return g_test_run();
}
