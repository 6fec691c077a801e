/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-binding.h"

#include "busy-host.h"
#include "expect.h"

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
expect_nodes(const ZpciInventory *inventory, int has_iommufd, int has_node)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciBinding) binding = zpci_binding_read(inventory, NAME, &error);

    g_assert_no_error(error);
    g_assert_cmpint(binding->has_iommufd, ==, has_iommufd);
    g_assert_cmpint(binding->has_node, ==, has_node);
}

/* Linux makes them step by step: a node only for what is bound to VFIO, and only if it is built
 * so. */
static void
test_nodes_of_an_iommufd(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    SysfsTree *tree = busy->tree;
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autofree char *child = sysfs_tree_attribute(tree, ADDRESS, "vfio-dev/vfio7/power");
    g_autoptr(SysfsTree) captured = sysfs_tree_new();
    g_autoptr(ZpciInventory) of_capture = NULL;

    expect_nodes(inventory, 0, -1);
    sysfs_tree_write(tree, "dev/iommu", "", 0);
    expect_nodes(inventory, 1, -1);
    busy_host_set_driver(busy, "vfio-pci");
    expect_nodes(inventory, 1, 0);
    sysfs_tree_make_directory(tree, child);
    expect_nodes(inventory, 1, 0);
    sysfs_tree_write(tree, "dev/vfio/devices/vfio6", "", 0);
    expect_nodes(inventory, 1, 0);
    sysfs_tree_write(tree, "dev/vfio/devices/vfio7", "", 0);
    expect_nodes(inventory, 1, 1);

    sysfs_tree_add_zpci(captured, ADDRESS, 0x100, 5, 0x0a);
    bind(captured, "vfio-pci");
    of_capture = zpci_inventory_new(sysfs_tree_open(captured));
    expect_nodes(of_capture, -1, -1);
}

static void
test_virtual_functions(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciBinding) binding = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0x100, 5, 0x0a);
    binding = read_binding(tree);
    g_assert_null(binding->physical);
    g_assert_null(binding->virtual_functions[0]);
    zpci_binding_free(g_steal_pointer(&binding));

    sysfs_tree_set_link(tree, ADDRESS, "virtfn0", "../0005:00:00.1");
    sysfs_tree_set_link(tree, ADDRESS, "virtfn1", "../0005:00:00.2");
    sysfs_tree_set_link(tree, ADDRESS, "physfn", "../0000:00:00.0");
    binding = read_binding(tree);
    g_assert_cmpstr(binding->physical, ==, "0000:00:00.0");
    g_assert_cmpstr(binding->virtual_functions[0], ==, "0005:00:00.1");
    g_assert_cmpstr(binding->virtual_functions[1], ==, "0005:00:00.2");
    g_assert_null(binding->virtual_functions[2]);
}

static void
test_bridge(void)
{
    static const struct {
        const char *class_code;
        gboolean is_bridge;
    } cases[] = {
        { "0x020000", FALSE }, { "0x060000", FALSE }, { "0x060400", TRUE }, { "0x060401", TRUE }
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SysfsTree) tree = sysfs_tree_new();
        g_autoptr(ZpciBinding) binding = NULL;

        sysfs_tree_add_zpci(tree, ADDRESS, 0x100, 5, 0x0a);
        sysfs_tree_set(tree, ADDRESS, "class", cases[i].class_code);
        binding = read_binding(tree);
        g_assert_cmpint(binding->is_bridge, ==, cases[i].is_bridge);
    }
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

static void
assert_free(ZpciInventory *inventory, ZpciBindingUses uses)
{
    g_autoptr(GError) error = NULL;

    zpci_binding_is_free(inventory, NAME, uses, &error);
    g_assert_no_error(error);
}

static void
test_guest_has_it(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(GError) error = NULL;

    assert_free(inventory, ZPCI_BINDING_USE_HOST | ZPCI_BINDING_USE_GUEST);
    busy_host_hold(busy);
    assert_free(inventory, ZPCI_BINDING_USE_HOST);
    g_assert_false(zpci_binding_is_free(inventory, NAME, ZPCI_BINDING_USE_GUEST, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "guest 'web,1': process 77");
}

static void
test_host_has_it(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(GError) error = NULL;

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "sriov_numvfs", "4");
    assert_free(inventory, ZPCI_BINDING_USE_GUEST);
    g_assert_false(zpci_binding_is_free(inventory, NAME, ZPCI_BINDING_USE_HOST, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "virtual functions");
}

static void
test_nobody_is_seen_on_a_captured_host(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(GError) error = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0x100, 5, 0x0a);
    sysfs_tree_set(tree, ADDRESS, "sriov_numvfs", "4");
    inventory = zpci_inventory_new(sysfs_tree_open(tree));
    assert_free(inventory, ZPCI_BINDING_USE_HOST | ZPCI_BINDING_USE_GUEST);
    g_assert_false(zpci_binding_is_free(inventory, "computer", ZPCI_BINDING_USE_HOST, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "PCI functions");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-binding/function-that-nobody-has", test_function_that_nobody_has);
    g_test_add_func("/zpci-binding/driver-of-the-host", test_driver_of_the_host);
    g_test_add_func("/zpci-binding/variant-of-vfio", test_variant_of_vfio);
    g_test_add_func("/zpci-binding/nodes-of-an-iommufd", test_nodes_of_an_iommufd);
    g_test_add_func("/zpci-binding/virtual-functions", test_virtual_functions);
    g_test_add_func("/zpci-binding/bridge", test_bridge);
    g_test_add_func("/zpci-binding/what-is-no-function", test_what_is_no_function);
    g_test_add_func("/zpci-binding/guest-has-it", test_guest_has_it);
    g_test_add_func("/zpci-binding/host-has-it", test_host_has_it);
    g_test_add_func("/zpci-binding/nobody-is-seen-on-a-captured-host",
                    test_nobody_is_seen_on_a_captured_host);
    return g_test_run();
}
