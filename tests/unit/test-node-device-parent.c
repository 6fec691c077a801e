/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-parent.h"

#include "ccw-tree.h"
#include "libvirt-release.h"

static void
assert_parent(const ZpciHost *host, const char *path, const char *expected)
{
    g_autofree char *parent = node_device_parent_find(host, path);

    g_assert_cmpstr(parent, ==, expected);
}

static void
test_nearest_function_above(void)
{
    static const struct {
        const char *path;
        const char *parent;
    } cases[] = {
        { "devices/pci0005:00/0005:00:00.0", "computer" },
        { "devices/pci0000:00/0000:00:01.0/0000:01:00.0", "pci_0000_00_01_0" },
        { "devices/pci0000:00/0000:00:01.0/pci10000:00/10000:01:00.0", "pci_0000_00_01_0" },
        { "/sys/devices/pci0000:00/0000:00:01.0/virtio0/net/eth0", "pci_0000_00_01_0" },
        { "devices/virtual/net/lo", "computer" },
        { "", "computer" },
    };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_parent(host, cases[i].path, cases[i].parent);
}

/* What the release of libvirt does not list is no parent. */
static void
test_nearest_channel_device_above(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    ccw_tree_add_qeth(tree);
    ccw_tree_set(tree, "ccw", "0.0.bd02", "online", "0");
    host = sysfs_tree_open(tree);
    libvirt_release_set_test_number(9000000);
    assert_parent(host, "/sys/devices/css0/0.0.0070", "computer");
    assert_parent(host, "/sys/devices/css0/0.0.0070/0.0.bd00", "css_0_0_0070");
    assert_parent(host, "/sys/devices/css0/0.0.0070/0.0.bd00/virtio0/net/eth0", "ccw_0_0_bd00");
    assert_parent(host, "/sys/devices/css0/0.0.0072/0.0.bd02/virtio0/net/eth0", "css_0_0_0072");
    assert_parent(host, "/sys/devices/qeth/0.0.bd00/net/encbd00", "computer");
    libvirt_release_set_test_number(11003000);
    assert_parent(host, "/sys/devices/css0/0.0.0072/0.0.bd02/virtio0/net/eth0", "ccw_0_0_bd02");
    assert_parent(host, "/sys/devices/qeth/0.0.bd00/net/encbd00", "ccwgroup_0_0_bd00");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-parent/nearest-function-above", test_nearest_function_above);
    g_test_add_func("/node-device-parent/nearest-channel-device-above",
                    test_nearest_channel_device_above);
    return g_test_run();
}
