/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-family.h"

#include "expect.h"
#include "net-tree.h"

#define FUNCTION "devices/pci0005:00/0005:00:00.0"
#define ETH0 "net_eth0_02_00_00_00_00_01"

static const NodeDeviceFamily *const family = &node_device_net_family;

static void
assert_list(const SysfsTree *tree, const char *expected)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    g_assert_true(family->list(host, names, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < names->len; i++)
        g_assert_true(family->has(host, g_ptr_array_index(names, i)));
    g_ptr_array_add(names, NULL);
    expect_strings((const char *const *)names->pdata, expected);
}

static void
assert_parent(const SysfsTree *tree, const char *name, const char *expected)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *parent = family->get_parent(host, name);
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = family->get_xml(host, name, &error);
    g_autofree char *element = g_strdup_printf("<parent>%s</parent>", expected);

    g_assert_no_error(error);
    g_assert_cmpstr(parent, ==, expected);
    expect_has(xml, element);
}

static void
test_list_is_of_what_libvirt_lists(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    assert_list(tree, "");
    net_tree_add(tree, NET_TREE_VIRTUAL, "lo", "00:00:00:00:00:00");
    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    net_tree_add(tree, NET_TREE_VIRTUAL, "tun0", "");
    net_tree_add(tree, NET_TREE_VIRTUAL, "br0", "02:00:00:00:00:02");
    net_tree_set(tree, "br0", "uevent", "DEVTYPE=bridge\nINTERFACE=br0");
    assert_list(tree, ETH0 " net_lo_00_00_00_00_00_00 net_tun0");
}

static void
test_only_the_whole_name_is_one(void)
{
    static const char *const wrong[] = {
        "",
        "net_",
        "net_eth0",
        "eth0",
        ETH0 "_",
        "net_eth0_02_00_00_00_00_02",
        "net_eth_02_00_00_00_00_01",
        "computer",
        "pci_0005_00_00_0",
        "net_../net/eth0",
    };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    host = sysfs_tree_open(tree);
    g_assert_true(family->has(host, ETH0));
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(family->has(host, wrong[i]));
}

static void
test_parents_are_functions_or_the_computer(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    net_tree_add(tree, FUNCTION "/virtio2", "ens1", "02:00:00:00:00:02");
    net_tree_add(tree, NET_TREE_VIRTUAL, "lo", "00:00:00:00:00:00");
    net_tree_add(tree, "devices/css0/0.0.0001/0.0.0001/virtio1", "encC1", "02:00:00:00:00:03");
    assert_parent(tree, ETH0, "pci_0005_00_00_0");
    assert_parent(tree, "net_ens1_02_00_00_00_00_02", "pci_0005_00_00_0");
    assert_parent(tree, "net_lo_00_00_00_00_00_00", "computer");
    assert_parent(tree, "net_encC1_02_00_00_00_00_03", "computer");
}

/* libvirt goes through them by path, and each takes the place of the one before. */
static void
test_of_interfaces_with_one_name_the_last_is_shown(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autofree char *xml = NULL;

    net_tree_add(tree, NET_TREE_VIRTUAL, "a_b", "02:00:00:00:00:01");
    net_tree_add(tree, NET_TREE_VIRTUAL, "a-b", "02:00:00:00:00:01");
    net_tree_add(tree, NET_TREE_VIRTUAL, "a.b", "02:00:00:00:00:01");
    assert_list(tree, "net_a_b_02_00_00_00_00_01");
    host = sysfs_tree_open(tree);
    xml = family->get_xml(host, "net_a_b_02_00_00_00_00_01", NULL);
    expect_has(xml, "<interface>a_b</interface>");
}

static void
test_device_that_is_gone_has_no_document(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;

    g_assert_null(family->get_xml(host, ETH0, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "'" ETH0 "'");
    g_assert_null(family->get_key(host, ETH0));
}

/* The key is the same for a name in a list and for what udev says of the interface. */
static void
assert_observed(const SysfsTree *tree, const char *sysname, gboolean removed, const char *expected)
{
    const UdevEvent event = { .subsystem = "net", .name = sysname, .removed = removed };
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *key = NULL;
    g_autofree char *name = NULL;
    g_autofree char *key_of_name = NULL;

    g_assert_true(family->observe(host, &event, &key, &name));
    g_assert_cmpstr(name, ==, expected);
    if (name == NULL)
        return;
    key_of_name = family->get_key(host, name);
    g_assert_cmpstr(key_of_name, ==, key);
}

static void
test_events_of_udev(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    net_tree_add(tree, FUNCTION, "odd!one", "02:00:00:00:00:02");
    assert_observed(tree, "eth0", FALSE, ETH0);
    assert_observed(tree, "odd/one", FALSE, "net_odd_one_02_00_00_00_00_02");
    assert_observed(tree, "eth0", TRUE, NULL);
    assert_observed(tree, "eth1", FALSE, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-net-family/list-is-of-what-libvirt-lists",
                    test_list_is_of_what_libvirt_lists);
    g_test_add_func("/node-device-net-family/only-the-whole-name-is-one",
                    test_only_the_whole_name_is_one);
    g_test_add_func("/node-device-net-family/parents-are-functions-or-the-computer",
                    test_parents_are_functions_or_the_computer);
    g_test_add_func("/node-device-net-family/of-interfaces-with-one-name-the-last-is-shown",
                    test_of_interfaces_with_one_name_the_last_is_shown);
    g_test_add_func("/node-device-net-family/device-that-is-gone-has-no-document",
                    test_device_that_is_gone_has_no_document);
    g_test_add_func("/node-device-net-family/events-of-udev", test_events_of_udev);
    return g_test_run();
}
