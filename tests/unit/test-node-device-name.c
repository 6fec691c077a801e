/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-name.h"

#include <string.h>

static void
test_name_and_address_are_one(void)
{
    static const struct {
        PciAddress address;
        const char *name;
    } pairs[] = {
        { { 0, 0, 0, 0 }, "pci_0000_00_00_0" },
        { { 5, 0, 0, 0 }, "pci_0005_00_00_0" },
        { { 0x7a, 0xb, 0x1f, 7 }, "pci_007a_0b_1f_7" },
        { { 0x10000, 0xe1, 0x1e, 6 }, "pci_10000_e1_1e_6" },
        { { 0xffffffff, 0xff, 0x1f, 7 }, "pci_ffffffff_ff_1f_7" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *name = node_device_name_format(&pairs[i].address);
        PciAddress address = { 0 };

        g_assert_cmpstr(name, ==, pairs[i].name);
        g_assert_true(node_device_name_parse(name, &address));
        g_assert_cmpint(pci_address_compare(&address, &pairs[i].address), ==, 0);
    }
}

static void
assert_no_name(const char *text)
{
    PciAddress address = { 77, 66, 55, 44 };

    g_test_message("'%.40s'", text);
    g_assert_false(node_device_name_parse(text, &address));
    g_assert_cmpuint(address.domain, ==, 77);
    g_assert_cmpuint(address.bus, ==, 66);
    g_assert_cmpuint(address.slot, ==, 55);
    g_assert_cmpuint(address.function, ==, 44);
}

/* libvirt looks names up letter by letter, so nearly right is wrong. */
static void
test_near_misses_are_no_names(void)
{
    static const char *const texts[] = {
        "",
        "pci",
        "pci_",
        "pci_0005_00_00",
        "pci_0005_00_00_",
        "pci_5_0_0_0",
        "pci_00005_00_00_0",
        "pci_0005_0_00_0",
        "pci_0005_00_00_00",
        "pci_0005_00_00_0 ",
        "pci_0005_00_00_0\n",
        "pci_0005_00_00_0_1",
        " pci_0005_00_00_0",
        "pci_ 005_00_00_0",
        "pci_0005_ 0_00_0",
        "pci_0005_00_00_ 0",
        "pci_+005_00_00_0",
        "pci_-001_00_00_0",
        "pci_0005_-1_00_0",
        "pci_0x05_00_00_0",
        "pci_0x0005_00_00_0",
        "pci_000A_00_00_0",
        "PCI_0005_00_00_0",
        "pci_0005_00_20_0",
        "pci_0005_00_ff_0",
        "pci_0005_00_00_8",
        "pci_0005_00_00_f",
        "pci_100000000_00_00_0",
        "pci_0005:00:00.0",
        "pci-0005-00-00-0",
        "0005:00:00.0",
        "computer",
        "net_eth0_52_54_00_12_34_56",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_no_name(texts[i]);
}

/* libvirt's protocol allows names of 4 MiB. */
static void
test_huge_names_are_no_names(void)
{
    g_autofree char *digits = g_strnfill(4 * 1024 * 1024, '0');

    memcpy(digits, "pci_", 4);
    assert_no_name(digits);
    memset(digits, '_', 4 * 1024 * 1024);
    memcpy(digits, "pci_0005_00_00_0", strlen("pci_0005_00_00_0"));
    assert_no_name(digits);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-name/name-and-address-are-one", test_name_and_address_are_one);
    g_test_add_func("/node-device-name/near-misses-are-no-names", test_near_misses_are_no_names);
    g_test_add_func("/node-device-name/huge-names-are-no-names", test_huge_names_are_no_names);
    return g_test_run();
}
