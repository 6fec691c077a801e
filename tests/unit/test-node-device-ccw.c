/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-ccw.h"

#include "ccw-reading.h"
#include "ccw-tree.h"
#include "expect.h"

#define OLD 9000000
#define WITH_STATES 11000000
#define WITH_GROUPS 11003000
#define NEWEST 12008000

static void
assert_document(const SysfsTree *tree, CcwKind kind, const char *sysname, gulong release,
                const char *expected)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(CcwDevice) device = ccw_reading_identify(host, kind, sysname);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    g_assert_true(ccw_reading_complete(host, device, &error));
    g_assert_no_error(error);
    text = node_device_ccw_format(device, "above", libvirt_release_find(release));
    g_assert_cmpstr(text, ==, expected);
}

#define SUBCHANNEL                                \
    "<device>\n"                                  \
    "  <name>css_0_0_0070</name>\n"               \
    "  <path>/sys/devices/css0/0.0.0070</path>\n" \
    "  <parent>above</parent>\n"                  \
    "  <driver>\n"                                \
    "    <name>io_subchannel</name>\n"            \
    "  </driver>\n"                               \
    "  <capability type='css'>\n"                 \
    "    <cssid>0x0</cssid>\n"                    \
    "    <ssid>0x0</ssid>\n"                      \
    "    <devno>0x0070</devno>\n"                 \
    "    <channel_dev_addr>\n"                    \
    "      <cssid>0x0</cssid>\n"                  \
    "      <ssid>0x0</ssid>\n"                    \
    "      <devno>0xbd00</devno>\n"               \
    "    </channel_dev_addr>\n"                   \
    "  </capability>\n"                           \
    "</device>\n"

static void
test_subchannel_is_the_same_in_all_releases(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    ccw_tree_add_qeth(tree);
    assert_document(tree, CCW_KIND_SUBCHANNEL, "0.0.0070", OLD, SUBCHANNEL);
    assert_document(tree, CCW_KIND_SUBCHANNEL, "0.0.0070", WITH_GROUPS, SUBCHANNEL);
    assert_document(tree, CCW_KIND_SUBCHANNEL, "0.0.0070", NEWEST, SUBCHANNEL);
}

#define DEVICE(state, member)                                      \
    "<device>\n"                                                   \
    "  <name>ccw_0_0_bd00</name>\n"                                \
    "  <path>/sys/devices/css0/0.0.0070/0.0.bd00</path>\n"         \
    "  <parent>above</parent>\n"                                   \
    "  <driver>\n"                                                 \
    "    <name>qeth</name>\n"                                      \
    "  </driver>\n"                                                \
    "  <capability type='ccw'>\n" state "    <cssid>0x0</cssid>\n" \
    "    <ssid>0x0</ssid>\n"                                       \
    "    <devno>0xbd00</devno>\n" member "  </capability>\n"       \
    "</device>\n"
#define ONLINE "    <state>online</state>\n"
#define OFFLINE "    <state>offline</state>\n"
#define MEMBER                                               \
    "    <capability type='ccwgroup_member'>\n"              \
    "      <group_device>ccwgroup_0_0_bd00</group_device>\n" \
    "    </capability>\n"

static void
test_device_has_a_state_and_a_group_in_newer_releases(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    ccw_tree_add_qeth(tree);
    assert_document(tree, CCW_KIND_DEVICE, "0.0.bd00", OLD, DEVICE("", ""));
    assert_document(tree, CCW_KIND_DEVICE, "0.0.bd00", WITH_STATES, DEVICE(ONLINE, ""));
    assert_document(tree, CCW_KIND_DEVICE, "0.0.bd00", WITH_GROUPS, DEVICE(ONLINE, MEMBER));
    ccw_tree_set(tree, "ccw", "0.0.bd00", "online", "0");
    assert_document(tree, CCW_KIND_DEVICE, "0.0.bd00", NEWEST, DEVICE(OFFLINE, MEMBER));
    ccw_tree_set(tree, "ccw", "0.0.bd00", "online", "2");
    assert_document(tree, CCW_KIND_DEVICE, "0.0.bd00", NEWEST, DEVICE("", MEMBER));
}

static void
test_group(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    ccw_tree_add_qeth(tree);
    assert_document(tree, CCW_KIND_GROUP, "0.0.bd00", NEWEST,
                    "<device>\n"
                    "  <name>ccwgroup_0_0_bd00</name>\n"
                    "  <path>/sys/devices/qeth/0.0.bd00</path>\n"
                    "  <parent>above</parent>\n"
                    "  <driver>\n"
                    "    <name>qeth</name>\n"
                    "  </driver>\n"
                    "  <capability type='ccwgroup'>\n"
                    "    <state>online</state>\n"
                    "    <cssid>0x0</cssid>\n"
                    "    <ssid>0x0</ssid>\n"
                    "    <devno>0xbd00</devno>\n"
                    "    <members>\n"
                    "      <ccw_device ref='cdev0'>ccw_0_0_bd00</ccw_device>\n"
                    "      <ccw_device ref='cdev1'>ccw_0_0_bd01</ccw_device>\n"
                    "      <ccw_device ref='cdev2'>ccw_0_0_bd02</ccw_device>\n"
                    "    </members>\n"
                    "    <capability type='qeth_layer2'>\n"
                    "      <card_type>OSD_10GIG</card_type>\n"
                    "      <chpid>BD</chpid>\n"
                    "    </capability>\n"
                    "  </capability>\n"
                    "</device>\n");
}

static void
test_names(void)
{
    g_autofree char *name = node_device_ccw_name(CCW_KIND_GROUP, "0.0.bd00");
    g_autofree char *sysname = NULL;
    CcwKind kind;

    g_assert_cmpstr(name, ==, "ccwgroup_0_0_bd00");
    g_assert_true(node_device_ccw_parse(name, &kind, &sysname));
    g_assert_cmpint(kind, ==, CCW_KIND_GROUP);
    g_assert_cmpstr(sysname, ==, "0.0.bd00");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-ccw/subchannel-is-the-same-in-all-releases",
                    test_subchannel_is_the_same_in_all_releases);
    g_test_add_func("/node-device-ccw/device-has-a-state-and-a-group-in-newer-releases",
                    test_device_has_a_state_and_a_group_in_newer_releases);
    g_test_add_func("/node-device-ccw/group", test_group);
    g_test_add_func("/node-device-ccw/names", test_names);
    return g_test_run();
}
