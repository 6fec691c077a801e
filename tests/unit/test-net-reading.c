/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-reading.h"

#include <string.h>

#include "expect.h"
#include "net-tree.h"

#define FUNCTION "devices/pci0005:00/0005:00:00.0"

static NetDevice *
read_whole(const SysfsTree *tree, const char *sysname)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    NetDevice *device = net_reading_identify(host, sysname);

    g_assert_nonnull(device);
    g_assert_true(net_reading_complete(host, device, &error));
    g_assert_no_error(error);
    return device;
}

static void
assert_is_none(const SysfsTree *tree, const char *sysname)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    g_assert_null(net_reading_identify(host, sysname));
}

static void
test_host_without_interfaces(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = net_reading_list(host, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(names->len, ==, 0);
    assert_is_none(tree, "eth0");
}

static void
test_class_that_cannot_be_listed(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(tree, "sys/class/net", "net");
    host = sysfs_tree_open(tree);
    g_assert_null(net_reading_list(host, &error));
    g_assert_nonnull(error);
}

static void
test_interface_of_a_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(NetDevice) device = NULL;

    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    net_tree_set(tree, "eth0", "operstate", "up");
    net_tree_set(tree, "eth0", "speed", "100000");
    device = read_whole(tree, "eth0");
    g_assert_cmpstr(device->sysname, ==, "eth0");
    g_assert_cmpstr(device->interface, ==, "eth0");
    g_assert_cmpstr(device->path, ==, "/sys/" FUNCTION "/net/eth0");
    g_assert_cmpstr(device->address, ==, "02:00:00:00:00:01");
    g_assert_cmpstr(device->state, ==, "up");
    g_assert_cmpuint(device->speed, ==, 100000);
    g_assert_false(device->is_wireless);
    g_assert_cmphex(device->features, ==, 0);
}

static void
test_interface_without_address(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(NetDevice) tunnel = NULL;
    g_autoptr(NetDevice) damaged = NULL;

    net_tree_add(tree, NET_TREE_VIRTUAL, "tun0", "");
    tunnel = read_whole(tree, "tun0");
    g_assert_null(tunnel->address);
    net_tree_unset(tree, "tun0", "address");
    damaged = read_whole(tree, "tun0");
    g_assert_null(damaged->address);
}

/* Nothing but its type tells a wireless interface; other types libvirt leaves out. */
static void
test_types_of_interfaces(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(NetDevice) wireless = NULL;

    net_tree_add(tree, FUNCTION, "w0", "02:00:00:00:00:01");
    net_tree_set(tree, "w0", "uevent", "DEVTYPE=wlan\nINTERFACE=w0\nIFINDEX=3");
    wireless = read_whole(tree, "w0");
    g_assert_true(wireless->is_wireless);
    net_tree_add(tree, NET_TREE_VIRTUAL, "br0", "02:00:00:00:00:02");
    net_tree_set(tree, "br0", "uevent", "DEVTYPE=bridge\nINTERFACE=br0\nIFINDEX=4");
    assert_is_none(tree, "br0");
}

static void
test_speed_counts_while_the_link_is_up(void)
{
    static const struct {
        const char *state, *speed;
        guint32 expected;
    } cases[] = {
        { "up", "10000", 10000 },   { "up", "-1", G_MAXUINT32 },
        { "up", "0", 0 },           { "down", "10000", 0 },
        { "unknown", "10000", 0 },  { "dormant", "10000", 0 },
        { "up", "fast", 0 },        { "up", "", 0 },
        { "up", "99999999999", 0 }, { "up", "--1", 0 },
        { "up", "-2", 4294967294 },
    };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NetDevice) device = NULL;

        net_tree_set(tree, "eth0", "operstate", cases[i].state);
        net_tree_set(tree, "eth0", "speed", cases[i].speed);
        device = read_whole(tree, "eth0");
        g_assert_cmpstr(device->state, ==, cases[i].state);
        g_assert_cmpuint(device->speed, ==, cases[i].expected);
    }
}

static void
test_all_states_of_a_link(void)
{
    static const char *const states[] = { "unknown", "notpresent", "down", "lowerlayerdown",
                                          "testing", "dormant",    "up" };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(NetDevice) strange = NULL;

    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autoptr(NetDevice) device = NULL;

        net_tree_set(tree, "eth0", "operstate", states[i]);
        device = read_whole(tree, "eth0");
        g_assert_cmpstr(device->state, ==, states[i]);
    }
    net_tree_set(tree, "eth0", "operstate", "sideways");
    strange = read_whole(tree, "eth0");
    g_assert_null(strange->state);
}

/* What stands in the class besides interfaces, and what is half removed. */
static void
test_entries_that_are_no_interfaces(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    sysfs_tree_write(tree, "sys/class/net/bonding_masters", "\n", -1);
    assert_is_none(tree, "bonding_masters");
    sysfs_tree_link(tree, "sys/class/net/gone", "../../devices/virtual/net/gone");
    assert_is_none(tree, "gone");
    sysfs_tree_link(tree, "sys/class/net/out", "../../../../etc");
    assert_is_none(tree, "out");
    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    net_tree_set(tree, "eth0", "uevent", "IFINDEX=3");
    assert_is_none(tree, "eth0");
}

static void
test_interface_that_vanishes_meanwhile(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(NetDevice) device = NULL;
    g_autoptr(GError) error = NULL;

    net_tree_add(tree, FUNCTION, "eth0", "02:00:00:00:00:01");
    host = sysfs_tree_open(tree);
    device = net_reading_identify(host, "eth0");
    g_assert_nonnull(device);
    net_tree_remove(tree, "eth0");
    g_assert_false(net_reading_complete(host, device, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "'eth0'");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net-reading/host-without-interfaces", test_host_without_interfaces);
    g_test_add_func("/net-reading/class-that-cannot-be-listed", test_class_that_cannot_be_listed);
    g_test_add_func("/net-reading/interface-of-a-function", test_interface_of_a_function);
    g_test_add_func("/net-reading/interface-without-address", test_interface_without_address);
    g_test_add_func("/net-reading/types-of-interfaces", test_types_of_interfaces);
    g_test_add_func("/net-reading/speed-counts-while-the-link-is-up",
                    test_speed_counts_while_the_link_is_up);
    g_test_add_func("/net-reading/all-states-of-a-link", test_all_states_of_a_link);
    g_test_add_func("/net-reading/entries-that-are-no-interfaces",
                    test_entries_that_are_no_interfaces);
    g_test_add_func("/net-reading/interface-that-vanishes-meanwhile",
                    test_interface_that_vanishes_meanwhile);
    return g_test_run();
}
