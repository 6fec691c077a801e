/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-driver.h"

#include <errno.h>

#include "busy-host.h"
#include "expect.h"

#define DIRECTORY BUSY_HOST_PATH
#define OVERRIDE DIRECTORY "/driver_override="
#define UNBIND DIRECTORY "/driver/unbind=" BUSY_HOST_ADDRESS
#define PROBE "bus/pci/drivers_probe=" BUSY_HOST_ADDRESS
#define BIND_AGAIN "bus/pci/drivers/" BUSY_HOST_DRIVER "/bind=" BUSY_HOST_ADDRESS

static void
assert_driver(const BusyHost *busy, const char *expected)
{
    g_autofree char *driver = busy_host_get_driver(busy);

    g_assert_cmpstr(driver, ==, expected);
}

static void
detach(BusyHost *busy, const char *driver)
{
    g_autoptr(GError) error = NULL;

    pci_driver_detach(busy->host, &busy->address, driver, &error);
    g_assert_no_error(error);
}

static void
reattach(BusyHost *busy)
{
    g_autoptr(GError) error = NULL;

    pci_driver_reattach(busy->host, &busy->address, &error);
    g_assert_no_error(error);
}

static void
fail_to_detach(BusyHost *busy, const char *driver, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(pci_driver_detach(busy->host, &busy->address, driver, &error));
    expect_error(&error, code, part);
}

static void
fail_to_reattach(BusyHost *busy, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(pci_driver_reattach(busy->host, &busy->address, &error));
    expect_error(&error, code, part);
}

static void
test_there_and_back(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    detach(busy, NULL);
    assert_driver(busy, "vfio-pci");
    busy_host_assert_written(busy, OVERRIDE "vfio-pci " UNBIND " " PROBE);
    reattach(busy);
    assert_driver(busy, BUSY_HOST_DRIVER);
    busy_host_assert_written(busy, OVERRIDE "vfio-pci " UNBIND " " PROBE " " OVERRIDE "- " UNBIND
                                            " " PROBE);
}

static void
test_names_of_the_driver(void)
{
    const char *names[] = { "vfio", "vfio-pci" };

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(BusyHost) busy = busy_host_new();

        detach(busy, names[i]);
        assert_driver(busy, "vfio-pci");
    }
}

static void
test_variant_driver(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    fail_to_detach(busy, "ism_vfio_pci", ZPCI_ERROR_INVALID_ARGUMENT,
                   "unknown driver name 'ism_vfio_pci'");
    sysfs_tree_make_directory(busy->tree, "sys/bus/pci/drivers/ism_vfio_pci");
    detach(busy, "ism_vfio_pci");
    assert_driver(busy, "ism_vfio_pci");
    reattach(busy);
    assert_driver(busy, BUSY_HOST_DRIVER);
}

static void
test_drivers_that_are_none_of_vfio(void)
{
    const char *names[] = {
        "xen", "", BUSY_HOST_DRIVER, "vfio/../vfio-pci", "../drivers/vfio-pci", "vfio\n"
    };
    g_autoptr(BusyHost) busy = busy_host_new();

    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        fail_to_detach(busy, names[i], ZPCI_ERROR_INVALID_ARGUMENT, "unknown driver name '");
    fail_to_detach(busy, "kvm", ZPCI_ERROR_UNSUPPORTED,
                   "KVM device assignment is no longer supported on this system");
    busy_host_assert_written(busy, "");
}

static void
test_twice_is_once(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    reattach(busy);
    busy_host_assert_written(busy, "");
    detach(busy, NULL);
    g_ptr_array_set_size(busy->written, 0);
    detach(busy, NULL);
    busy_host_assert_written(busy, "");
}

static void
test_function_without_a_driver(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_set_driver(busy, NULL);
    detach(busy, NULL);
    busy_host_assert_written(busy, OVERRIDE "vfio-pci " PROBE);
    busy_host_set_driver(busy, NULL);
    reattach(busy);
    assert_driver(busy, BUSY_HOST_DRIVER);
}

static void
test_used_function_stays(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_class(busy, "class/net", "net/eth0");
    busy_host_set(busy, "class/net/eth0/flags", "0x1003");
    fail_to_detach(busy, NULL, ZPCI_ERROR_IN_USE, "'eth0' is up");
    busy_host_assert_written(busy, "");
    assert_driver(busy, BUSY_HOST_DRIVER);
}

static void
test_held_function_stays(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_hold(busy);
    fail_to_detach(busy, NULL, ZPCI_ERROR_IN_USE, "guest 'web,1'");
    fail_to_reattach(busy, ZPCI_ERROR_IN_USE, "guest 'web,1'");
    busy_host_assert_written(busy, "");
}

static void
test_module_is_loaded(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_offer_module(busy, TRUE);
    detach(busy, NULL);
    busy_host_assert_written(busy, "modprobe=vfio-pci " OVERRIDE "vfio-pci " UNBIND " " PROBE);
}

static void
test_module_that_cannot_be_loaded(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_offer_module(busy, FALSE);
    fail_to_detach(busy, NULL, ZPCI_ERROR_UNREADABLE, "no driver vfio-pci");
    busy_host_assert_written(busy, "modprobe=vfio-pci");
}

static void
test_function_without_a_group(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_unset(busy->tree, BUSY_HOST_ADDRESS, "iommu_group");
    fail_to_detach(busy, NULL, ZPCI_ERROR_UNSUPPORTED, "IOMMU group");
    busy_host_assert_written(busy, "");
}

static void
test_driver_that_does_not_take_it(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_refuse(busy, "vfio-pci");
    fail_to_detach(busy, NULL, ZPCI_ERROR_UNREADABLE, "It has its driver virtio-pci, as before.");
    assert_driver(busy, BUSY_HOST_DRIVER);
    busy_host_assert_written(busy,
                             OVERRIDE "vfio-pci " UNBIND " " PROBE " " OVERRIDE "- " BIND_AGAIN);
}

/* Each write fails in turn. */
static void
test_failed_binding_is_undone(void)
{
    const char *paths[] = { "driver_override", "driver/unbind", "drivers_probe" };

    for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(BusyHost) busy = busy_host_new();

        busy_host_fail(busy, paths[i], EIO);
        fail_to_detach(busy, NULL, ZPCI_ERROR_UNREADABLE,
                       i == 0 ? "Undoing that failed, too" : "as before.");
        assert_driver(busy, BUSY_HOST_DRIVER);
    }
}

static void
test_failed_return_is_undone(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    detach(busy, NULL);
    busy_host_fail(busy, "drivers_probe", EBUSY);
    fail_to_reattach(busy, ZPCI_ERROR_IN_USE, "It has its driver vfio-pci, as before.");
    assert_driver(busy, "vfio-pci");
    busy_host_fail(busy, "nothing", EIO);
    reattach(busy);
    assert_driver(busy, BUSY_HOST_DRIVER);
}

/* Options of vfio-pci tell it to take all functions of a kind. */
static void
test_vfio_takes_it_again(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    detach(busy, NULL);
    sysfs_tree_make_directory(busy->tree, "sys/" BUSY_HOST_PATH "/vfio-dev");
    fail_to_reattach(busy, ZPCI_ERROR_WRONG_STATE, "chose a VFIO driver again");
    assert_driver(busy, "vfio-pci");
}

/* The file is missing, not the function. */
static void
test_kernel_without_overrides(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_fail(busy, "driver_override", ENOENT);
    fail_to_detach(busy, NULL, ZPCI_ERROR_UNREADABLE, "driver_override");
}

static void
test_function_that_is_not_there(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_remove_function(busy->tree, BUSY_HOST_ADDRESS);
    fail_to_detach(busy, NULL, ZPCI_ERROR_NOT_FOUND, BUSY_HOST_ADDRESS);
    fail_to_reattach(busy, ZPCI_ERROR_NOT_FOUND, BUSY_HOST_ADDRESS);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-driver/there-and-back", test_there_and_back);
    g_test_add_func("/pci-driver/names-of-the-driver", test_names_of_the_driver);
    g_test_add_func("/pci-driver/variant-driver", test_variant_driver);
    g_test_add_func("/pci-driver/drivers-that-are-none-of-vfio",
                    test_drivers_that_are_none_of_vfio);
    g_test_add_func("/pci-driver/twice-is-once", test_twice_is_once);
    g_test_add_func("/pci-driver/function-without-a-driver", test_function_without_a_driver);
    g_test_add_func("/pci-driver/used-function-stays", test_used_function_stays);
    g_test_add_func("/pci-driver/held-function-stays", test_held_function_stays);
    g_test_add_func("/pci-driver/module-is-loaded", test_module_is_loaded);
    g_test_add_func("/pci-driver/module-that-cannot-be-loaded", test_module_that_cannot_be_loaded);
    g_test_add_func("/pci-driver/function-without-a-group", test_function_without_a_group);
    g_test_add_func("/pci-driver/driver-that-does-not-take-it", test_driver_that_does_not_take_it);
    g_test_add_func("/pci-driver/failed-binding-is-undone", test_failed_binding_is_undone);
    g_test_add_func("/pci-driver/failed-return-is-undone", test_failed_return_is_undone);
    g_test_add_func("/pci-driver/vfio-takes-it-again", test_vfio_takes_it_again);
    g_test_add_func("/pci-driver/kernel-without-overrides", test_kernel_without_overrides);
    g_test_add_func("/pci-driver/function-that-is-not-there", test_function_that_is_not_there);
    return g_test_run();
}
