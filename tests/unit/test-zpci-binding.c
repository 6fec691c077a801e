/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-binding.h"

#include "expect.h"
#include "sysfs-tree.h"

#define ADDRESS "0005:00:00.0"
#define NAME "pci_0005_00_00_0"

static ZpciBinding *
read_binding(SysfsTree *tree)
{
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_autoptr(GError) error = NULL;
    ZpciBinding *binding = zpci_binding_read(inventory, NAME, &error);

    g_assert_no_error(error);
    return binding;
}

static void
bind(SysfsTree *tree, const char *driver)
{
    g_autofree char *link = sysfs_tree_attribute(tree, ADDRESS, "driver");
    g_autofree char *target = g_strdup_printf("../../../bus/pci/drivers/%s", driver);

    sysfs_tree_link(tree, link, target);
}

static void
test_function_that_nobody_has(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciBinding) binding = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0x100, 5, 0x0a);
    binding = read_binding(tree);
    g_assert_cmpstr(binding->address, ==, ADDRESS);
    g_assert_null(binding->driver);
    g_assert_false(binding->is_vfio);
    g_assert_cmpint(binding->iommu_group, ==, -1);
    g_assert_null(binding->members[0]);
}

static void
test_driver_of_the_host(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciBinding) binding = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0x100, 5, 0x0a);
    bind(tree, "mlx5_core");
    binding = read_binding(tree);
    g_assert_cmpstr(binding->driver, ==, "mlx5_core");
    g_assert_false(binding->is_vfio);
}

static void
test_variant_of_vfio(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciBinding) binding = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0x100, 5, 0x0a);
    bind(tree, "ism_vfio_pci");
    binding = read_binding(tree);
    g_assert_true(binding->is_vfio);
}

static void
test_what_is_no_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_binding_read(inventory, "computer", &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "'computer'");
    g_assert_null(zpci_binding_read(inventory, NAME, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, ADDRESS);
    zpci_binding_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-binding/function-that-nobody-has", test_function_that_nobody_has);
    g_test_add_func("/zpci-binding/driver-of-the-host", test_driver_of_the_host);
    g_test_add_func("/zpci-binding/variant-of-vfio", test_variant_of_vfio);
    g_test_add_func("/zpci-binding/what-is-no-function", test_what_is_no_function);
    return g_test_run();
}
