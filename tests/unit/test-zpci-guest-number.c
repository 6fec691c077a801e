/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guest-number.h"

static void
assert_form(const char *text, ZpciGuestNumber form, guint64 value)
{
    guint64 read = 77;

    g_assert_cmpint(zpci_guest_number_read(text, &read), ==, form);
    g_assert_cmphex(read, ==, value);
}

static void
test_forms(void)
{
    assert_form("0x0", ZPCI_GUEST_NUMBER_HEX, 0);
    assert_form("0xfFfF", ZPCI_GUEST_NUMBER_HEX, 0xffff);
    assert_form("0", ZPCI_GUEST_NUMBER_DECIMAL, 0);
    assert_form("10", ZPCI_GUEST_NUMBER_DECIMAL, 10);
    assert_form("010", ZPCI_GUEST_NUMBER_OCTAL, 8);
    assert_form("00", ZPCI_GUEST_NUMBER_OCTAL, 0);
    assert_form("089", ZPCI_GUEST_NUMBER_BARE_HEX, 0x89);
    assert_form("ff", ZPCI_GUEST_NUMBER_BARE_HEX, 0xff);
    assert_form("1e3", ZPCI_GUEST_NUMBER_BARE_HEX, 0x1e3);
}

static void
test_what_is_no_number(void)
{
    static const char *const texts[] = { "",   " ",  "0x",  "x1",  "0X1", "-1", "+1",
                                         " 1", "1 ", "1,2", "0xg", "1\n", "½",  "0x 1" };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_form(texts[i], ZPCI_GUEST_NUMBER_NONE, 0);
}

static void
test_larger_than_64_bits_is_the_largest(void)
{
    assert_form("0xffffffffffffffff", ZPCI_GUEST_NUMBER_HEX, G_MAXUINT64);
    assert_form("0x10000000000000000", ZPCI_GUEST_NUMBER_HEX, G_MAXUINT64);
    assert_form("99999999999999999999999999", ZPCI_GUEST_NUMBER_DECIMAL, G_MAXUINT64);
}

static void
test_is_what_libvirt_takes(void)
{
    guint64 value = 77;

    g_assert_true(zpci_guest_number_is("010", 8, &value));
    g_assert_cmphex(value, ==, 8);
    g_assert_false(zpci_guest_number_is("0x9", 8, &value));
    g_assert_false(zpci_guest_number_is("f", 0xff, &value));
    g_assert_false(zpci_guest_number_is("", 0xff, &value));
    g_assert_cmphex(value, ==, 8);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-guest-number/forms", test_forms);
    g_test_add_func("/zpci-guest-number/what-is-no-number", test_what_is_no_number);
    g_test_add_func("/zpci-guest-number/larger-than-64-bits-is-the-largest",
                    test_larger_than_64_bits_is_the_largest);
    g_test_add_func("/zpci-guest-number/is-what-libvirt-takes", test_is_what_libvirt_takes);
    return g_test_run();
}
