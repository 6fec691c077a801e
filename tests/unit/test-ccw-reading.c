/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "ccw-reading.h"

#include "ccw-tree.h"
#include "expect.h"
#include "pci-mdev-type.h"
#include "zpci-error.h"

static CcwDevice *
read_device(const ZpciHost *host, CcwKind kind, const char *sysname)
{
    g_autoptr(GError) error = NULL;
    CcwDevice *device = ccw_reading_identify(host, kind, sysname);

    g_assert_nonnull(device);
    g_assert_true(ccw_reading_complete(host, device, &error));
    g_assert_no_error(error);
    return device;
}

static void
assert_list(const ZpciHost *host, CcwKind kind, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = ccw_reading_list(host, kind, &error);

    g_assert_no_error(error);
    g_ptr_array_add(names, NULL);
    expect_strings((const char *const *)names->pdata, expected);
}

static void
test_lists_are_of_buses(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    for (guint kind = 0; kind < CCW_N_KINDS; kind++)
        assert_list(host, (CcwKind)kind, "");
    ccw_tree_add_qeth(tree);
    assert_list(host, CCW_KIND_SUBCHANNEL, "0.0.0070 0.0.0071 0.0.0072");
    assert_list(host, CCW_KIND_DEVICE, "0.0.bd00 0.0.bd01 0.0.bd02");
    assert_list(host, CCW_KIND_GROUP, "0.0.bd00");
}

static void
test_subchannel(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(CcwDevice) empty = NULL;
    g_autoptr(CcwDevice) full = NULL;

    ccw_tree_add_subchannel(tree, "0.0.0070", "io_subchannel");
    ccw_tree_add_subchannel(tree, "0.1.0071", "vfio_ccw");
    ccw_tree_add_subchannel(tree, "0.0.0072", "chsc_subchannel");
    ccw_tree_set(tree, "css", "0.1.0071", "dev_busid", "0.1.c000");
    empty = read_device(host, CCW_KIND_SUBCHANNEL, "0.0.0070");
    g_assert_cmpstr(empty->path, ==, "/sys/devices/css0/0.0.0070");
    g_assert_cmpstr(empty->driver, ==, "io_subchannel");
    g_assert_null(empty->channel);
    g_assert_false(ccw_reading_has_mdev_types(host, empty));
    full = read_device(host, CCW_KIND_SUBCHANNEL, "0.1.0071");
    g_assert_cmpuint(full->channel->ssid, ==, 1);
    g_assert_cmpuint(full->channel->number, ==, 0xc000);
    g_assert_null(ccw_reading_identify(host, CCW_KIND_SUBCHANNEL, "0.0.0072"));
}

static void
test_subchannel_that_makes_mediated_devices(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(CcwDevice) device = NULL;
    const PciMdevType *type;

    ccw_tree_add_subchannel(tree, "0.0.0070", "vfio_ccw");
    ccw_tree_set(tree, "css", "0.0.0070", "mdev_supported_types/vfio_ccw-io/name",
                 "I/O subchannel (Non-QDIO)");
    ccw_tree_set(tree, "css", "0.0.0070", "mdev_supported_types/vfio_ccw-io/device_api",
                 "vfio-ccw");
    ccw_tree_set(tree, "css", "0.0.0070", "mdev_supported_types/vfio_ccw-io/available_instances",
                 "1");
    device = read_device(host, CCW_KIND_SUBCHANNEL, "0.0.0070");
    g_assert_true(ccw_reading_has_mdev_types(host, device));
    g_assert_cmpuint(device->mdev_types->len, ==, 1);
    type = g_ptr_array_index(device->mdev_types, 0);
    g_assert_cmpstr(type->id, ==, "vfio_ccw-io");
    g_assert_cmpuint(type->available, ==, 1);
}

static void
test_device_and_its_state(void)
{
    static const struct {
        const char *online;
        CcwState state;
    } cases[] = { { "0", CCW_STATE_OFFLINE },
                  { "1", CCW_STATE_ONLINE },
                  { "2", CCW_STATE_UNKNOWN } };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    ccw_tree_add_subchannel(tree, "0.0.0070", "io_subchannel");
    ccw_tree_add_device(tree, "0.0.0070", "0.0.ffff", "dasd-eckd");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CcwDevice) device = NULL;

        ccw_tree_set(tree, "ccw", "0.0.ffff", "online", cases[i].online);
        device = read_device(host, CCW_KIND_DEVICE, "0.0.ffff");
        g_assert_cmpint(device->state, ==, cases[i].state);
        g_assert_cmpstr(device->path, ==, "/sys/devices/css0/0.0.0070/0.0.ffff");
        g_assert_null(device->group);
        g_assert_false(ccw_reading_has_group(host, device));
    }
    ccw_tree_set(tree, "ccw", "0.0.ffff", "online", "yes");
    g_assert_null(ccw_reading_identify(host, CCW_KIND_DEVICE, "0.0.ffff"));
}

static void
test_group_and_its_members(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(CcwDevice) group = NULL;
    g_autoptr(CcwDevice) member = NULL;
    const CcwMember *last;

    ccw_tree_add_qeth(tree);
    /* Links that lead to nothing, and what is no link. */
    ccw_tree_set(tree, "ccwgroup", "0.0.bd00", "cdev9", "0.0.bd00");
    sysfs_tree_link(tree, "sys/devices/qeth/0.0.bd00/cdev3", "../../css0/0.0.0073/0.0.bd03");
    group = read_device(host, CCW_KIND_GROUP, "0.0.bd00");
    g_assert_cmpstr(group->path, ==, "/sys/devices/qeth/0.0.bd00");
    g_assert_cmpstr(group->type, ==, "qeth_layer2");
    g_assert_cmpstr(group->card_type, ==, "OSD_10GIG");
    g_assert_cmpstr(group->chpid, ==, "BD");
    g_assert_cmpuint(group->members->len, ==, 3);
    last = g_ptr_array_index(group->members, 2);
    g_assert_cmpstr(last->reference, ==, "cdev2");
    g_assert_cmpstr(last->sysname, ==, "0.0.bd02");
    member = read_device(host, CCW_KIND_DEVICE, "0.0.bd02");
    g_assert_cmpstr(member->group, ==, "0.0.bd00");
    g_assert_true(ccw_reading_has_group(host, member));
}

static void
test_groups_of_other_than_qeth_are_none(void)
{
    static const char *const uevents[] = { "DRIVER=ctcm", "DEVTYPE=qeth_layer4\nDRIVER=qeth",
                                           "XDEVTYPE=qeth_layer2" };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    ccw_tree_add_qeth(tree);
    for (guint i = 0; i < G_N_ELEMENTS(uevents); i++) {
        ccw_tree_set(tree, "ccwgroup", "0.0.bd00", "uevent", uevents[i]);
        g_assert_null(ccw_reading_identify(host, CCW_KIND_GROUP, "0.0.bd00"));
    }
}

static void
test_what_is_not_there(void)
{
    static const char *const names[] = { "", "0.0.bd03", "../ccw", "defunct", "0.0.bd00/" };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(CcwDevice) device = NULL;
    g_autoptr(GError) error = NULL;

    ccw_tree_add_qeth(tree);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_null(ccw_reading_identify(host, CCW_KIND_DEVICE, names[i]));
    device = ccw_reading_identify(host, CCW_KIND_DEVICE, "0.0.bd00");
    sysfs_tree_delete(tree, "sys/bus/ccw/devices/0.0.bd00");
    g_assert_false(ccw_reading_complete(host, device, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
}

static void
test_kind_of_a_directory(void)
{
    static const struct {
        const char *path;
        CcwKind kind;
    } cases[] = {
        { "devices/css0/0.0.0070", CCW_KIND_SUBCHANNEL },
        { "devices/css0/0.0.0070/0.0.bd00", CCW_KIND_DEVICE },
        { "devices/qeth/0.0.bd00", CCW_KIND_GROUP },
    };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    CcwKind kind = CCW_N_KINDS;

    ccw_tree_add_qeth(tree);
    g_assert_false(ccw_reading_find_kind(host, "devices/css0", &kind));
    g_assert_cmpint(kind, ==, CCW_N_KINDS);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(ccw_reading_find_kind(host, cases[i].path, &kind));
        g_assert_cmpint(kind, ==, cases[i].kind);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ccw-reading/lists-are-of-buses", test_lists_are_of_buses);
    g_test_add_func("/ccw-reading/subchannel", test_subchannel);
    g_test_add_func("/ccw-reading/subchannel-that-makes-mediated-devices",
                    test_subchannel_that_makes_mediated_devices);
    g_test_add_func("/ccw-reading/device-and-its-state", test_device_and_its_state);
    g_test_add_func("/ccw-reading/group-and-its-members", test_group_and_its_members);
    g_test_add_func("/ccw-reading/groups-of-other-than-qeth-are-none",
                    test_groups_of_other_than_qeth_are_none);
    g_test_add_func("/ccw-reading/what-is-not-there", test_what_is_not_there);
    g_test_add_func("/ccw-reading/kind-of-a-directory", test_kind_of_a_directory);
    return g_test_run();
}
