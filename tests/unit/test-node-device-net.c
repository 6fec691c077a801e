/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-net.h"

static void
assert_name(const char *sysname, const char *address, const char *expected)
{
    g_autofree char *name = node_device_net_name(sysname, address);

    g_assert_cmpstr(name, ==, expected);
}

static void
test_names_have_letters_and_digits(void)
{
    assert_name("eth0", "02:fc:00:00:00:01", "net_eth0_02_fc_00_00_00_01");
    assert_name("tun0", NULL, "net_tun0");
    assert_name("a<b.c-d_e", NULL, "net_a_b_c_d_e");
    assert_name("\001\303\251\377", "00", "net______00");
}

static void
test_document_with_all_that_there_is(void)
{
    const NetDevice device = {
        .sysname = (char *)"w<0",
        .path = (char *)"/sys/devices/pci0005:00/0005:00:00.0/net/w<0",
        .interface = (char *)"w<0",
        .address = (char *)"02:fc:00:00:00:01",
        .is_wireless = TRUE,
        .state = "up",
        .speed = 4294967295,
        .features = NET_FEATURE_BIT(NET_N_FEATURES) - 1,
    };
    g_autofree char *text = node_device_net_format(&device, "pci_0005_00_00_0");

    g_assert_cmpstr(text, ==,
                    "<device>\n"
                    "  <name>net_w_0_02_fc_00_00_00_01</name>\n"
                    "  <path>/sys/devices/pci0005:00/0005:00:00.0/net/w&lt;0</path>\n"
                    "  <parent>pci_0005_00_00_0</parent>\n"
                    "  <capability type='net'>\n"
                    "    <interface>w&lt;0</interface>\n"
                    "    <address>02:fc:00:00:00:01</address>\n"
                    "    <link speed='4294967295' state='up'/>\n"
                    "    <feature name='rx'/>\n"
                    "    <feature name='tx'/>\n"
                    "    <feature name='sg'/>\n"
                    "    <feature name='tso'/>\n"
                    "    <feature name='gso'/>\n"
                    "    <feature name='gro'/>\n"
                    "    <feature name='lro'/>\n"
                    "    <feature name='rxvlan'/>\n"
                    "    <feature name='txvlan'/>\n"
                    "    <feature name='ntuple'/>\n"
                    "    <feature name='rxhash'/>\n"
                    "    <feature name='rdma'/>\n"
                    "    <feature name='txudptnl'/>\n"
                    "    <feature name='switchdev'/>\n"
                    "    <capability type='80211'/>\n"
                    "  </capability>\n"
                    "</device>\n");
}

static void
test_document_with_as_little_as_there_can_be(void)
{
    const NetDevice device = {
        .sysname = (char *)"tun0",
        .path = (char *)"/sys/devices/virtual/net/tun0",
        .interface = (char *)"tun0",
    };
    g_autofree char *text = node_device_net_format(&device, "computer");

    g_assert_cmpstr(text, ==,
                    "<device>\n"
                    "  <name>net_tun0</name>\n"
                    "  <path>/sys/devices/virtual/net/tun0</path>\n"
                    "  <parent>computer</parent>\n"
                    "  <capability type='net'>\n"
                    "    <interface>tun0</interface>\n"
                    "    <capability type='80203'/>\n"
                    "  </capability>\n"
                    "</device>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-net/names-have-letters-and-digits",
                    test_names_have_letters_and_digits);
    g_test_add_func("/node-device-net/document-with-all-that-there-is",
                    test_document_with_all_that_there_is);
    g_test_add_func("/node-device-net/document-with-as-little-as-there-can-be",
                    test_document_with_as_little_as_there_can_be);
    return g_test_run();
}
