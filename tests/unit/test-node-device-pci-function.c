/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

/* What the table of node-device-pci-family.c says of one function. */

#include "config.h"

#include "node-device-pci-family.h"

#include "expect.h"
#include "sysfs-tree.h"

#define ADDRESS "0005:00:00.0"
#define NAME "pci_0005_00_00_0"

static const NodeDeviceFamily *const family = &node_device_pci_family;

static void
expect_nested(const ZpciHost *host, const char *expected)
{
    g_autoptr(GStrvBuilder) found = g_strv_builder_new();
    g_auto(GStrv) names = NULL;

    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (family->has_nested(host, NAME, family->nested[i]))
            g_strv_builder_add(found, family->nested[i]);
    }
    names = g_strv_builder_end(found);
    expect_strings((const char *const *)names, expected);
}

static void
test_nested_capabilities_are_those_of_the_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    host = sysfs_tree_open(tree);
    expect_nested(host, "");
    sysfs_tree_set(tree, ADDRESS, "function_id", "0x0000000c");
    expect_nested(host, "zpci");
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a-1/name", "one");
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a-1/device_api", "vfio-pci");
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a-1/available_instances", "1");
    expect_nested(host, "mdev_types zpci");
    g_assert_false(family->has_nested(host, "computer", "zpci"));
    g_assert_false(family->has_nested(host, NAME, "net"));
}

/* Returns (transfer full) (nullable): "KEY NAME", with "gone" for no name. */
static char *
observe(const ZpciHost *host, const char *name, gboolean removed)
{
    const UdevEvent event = { .name = (char *)name, .removed = removed };
    g_autofree char *key = NULL;
    g_autofree char *told = NULL;

    if (!family->observe(host, &event, &key, &told))
        return NULL;
    return g_strdup_printf("%s %s", key, told != NULL ? told : "gone");
}

static void
test_what_udev_says_is_looked_at(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autofree char *there = NULL;
    g_autofree char *removed = NULL;
    g_autofree char *vanished = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    host = sysfs_tree_open(tree);
    there = observe(host, ADDRESS, FALSE);
    g_assert_cmpstr(there, ==, NAME " " NAME);
    removed = observe(host, ADDRESS, TRUE);
    g_assert_cmpstr(removed, ==, NAME " gone");
    vanished = observe(host, "0006:00:00.0", FALSE);
    g_assert_cmpstr(vanished, ==, "pci_0006_00_00_0 gone");
    g_assert_null(observe(host, "virtio0", FALSE));
}

static void
test_function_that_vanishes(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(ZpciFunction) function = NULL;
    g_autofree char *parent = NULL;
    g_autoptr(GError) error = NULL;
    PciAddress address = { 7, 7, 7, 7 };

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    host = sysfs_tree_open(tree);
    g_assert_true(node_device_pci_family_find(host, NAME, &address));
    g_assert_cmpuint(address.domain, ==, 5);
    sysfs_tree_remove_function(tree, ADDRESS);
    g_assert_null(family->get_xml(host, NAME, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, ADDRESS);
    g_assert_false(family->get_function(host, NAME, &function, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, ADDRESS);
    parent = family->get_parent(host, NAME);
    g_assert_cmpstr(parent, ==, "computer");
    address.domain = 7;
    g_assert_false(node_device_pci_family_find(host, NAME, &address));
    g_assert_cmpuint(address.domain, ==, 7);
}

static void
test_only_what_has_a_slot_can_be_put_into_standby(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(GError) error = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    host = sysfs_tree_open(tree);
    g_assert_false(family->destroy(host, NAME, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, NAME " is no function that can be put");
    sysfs_tree_add_slot(tree, 0xc, TRUE);
    zpci_host_set_standby(host, FALSE);
    g_assert_false(family->destroy(host, NAME, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, NAME " is no function that can be put");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-pci-function/nested-capabilities",
                    test_nested_capabilities_are_those_of_the_function);
    g_test_add_func("/node-device-pci-function/what-udev-says", test_what_udev_says_is_looked_at);
    g_test_add_func("/node-device-pci-function/function-that-vanishes",
                    test_function_that_vanishes);
    g_test_add_func("/node-device-pci-function/only-what-has-a-slot-can-be-put-into-standby",
                    test_only_what_has_a_slot_can_be_put_into_standby);
    return g_test_run();
}
