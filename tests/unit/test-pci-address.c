/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-address.h"

#include "expect.h"

static PciAddress
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    PciAddress address = { 77, 77, 77, 77 };

    g_assert_true(pci_address_parse(text, &address, &error));
    g_assert_no_error(error);
    return address;
}

static void
assert_round_trip(const char *text)
{
    char again[PCI_ADDRESS_TEXT_SIZE];
    PciAddress address = parse(text);

    g_assert_cmpstr(pci_address_format(&address, again), ==, text);
}

static void
test_parts_are_hexadecimal(void)
{
    PciAddress address = parse("00aB:c1:1f.7");

    g_assert_cmphex(address.domain, ==, 0xab);
    g_assert_cmphex(address.bus, ==, 0xc1);
    g_assert_cmphex(address.slot, ==, 0x1f);
    g_assert_cmphex(address.function, ==, 7);
}

static void
test_sysfs_form_round_trips(void)
{
    assert_round_trip("0000:00:00.0");
    assert_round_trip("0005:00:00.0");
    assert_round_trip("ffff:ff:1f.7");
    assert_round_trip("10000:e1:1e.6");
    assert_round_trip("ffffffff:ff:1f.7");
}

static void
test_domain_may_be_left_out(void)
{
    PciAddress address = parse("1a:02.3");

    g_assert_cmphex(address.domain, ==, 0);
    g_assert_cmphex(address.bus, ==, 0x1a);
    g_assert_cmphex(address.slot, ==, 2);
    g_assert_cmphex(address.function, ==, 3);
}

static void
test_anything_else_is_refused(void)
{
    static const char *const texts[] = {
        "",
        "0005",
        "0005:00:00",
        "0005:00:00.",
        "00.0",
        ":00:00.0",
        "0005::00.0",
        "0005:00:.0",
        "0005:00:00.8",
        "0005:00:20.0",
        "0005:100:00.0",
        "100000000:00:00.0",
        "0:0005:00:00.0",
        "0005:00:00.0 ",
        "0005:00:00.0\n",
        " 0005:00:00.0",
        "0005:00:00.0.0",
        "0005:00:00:0",
        "0005.00.00.0",
        "0x5:00:00.0",
        "-5:00:00.0",
        "pci_0005_00_00_0",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        PciAddress address = { 77, 66, 55, 44 };

        g_test_message("'%s'", texts[i]);
        g_assert_false(pci_address_parse(texts[i], &address, &error));
        expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "is not a PCI address");
        g_assert_cmpuint(address.domain, ==, 77);
        g_assert_cmpuint(address.function, ==, 44);
    }
}

static void
test_order_is_domain_bus_slot_function(void)
{
    static const char *const ascending[] = { "0000:00:00.0",    "0000:00:00.1", "0000:00:01.0",
                                             "0000:01:00.0",    "0001:00:00.0", "7fffffff:00:00.0",
                                             "80000000:00:00.0" };

    for (guint i = 0; i < G_N_ELEMENTS(ascending); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(ascending); j++) {
            PciAddress a = parse(ascending[i]);
            PciAddress b = parse(ascending[j]);
            int order = pci_address_compare(&a, &b);

            g_assert_cmpint((order > 0) - (order < 0), ==, (i > j) - (i < j));
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-address/parts-are-hexadecimal", test_parts_are_hexadecimal);
    g_test_add_func("/pci-address/sysfs-form-round-trips", test_sysfs_form_round_trips);
    g_test_add_func("/pci-address/domain-may-be-left-out", test_domain_may_be_left_out);
    g_test_add_func("/pci-address/anything-else-is-refused", test_anything_else_is_refused);
    g_test_add_func("/pci-address/order-is-domain-bus-slot-function",
                    test_order_is_domain_bus_slot_function);
    return g_test_run();
}
