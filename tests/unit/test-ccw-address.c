/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "ccw-address.h"

static void
test_form_of_sysfs_there_and_back(void)
{
    static const struct {
        const char *text;
        CcwAddress address;
    } cases[] = {
        { "0.0.0000", { 0, 0, 0 } },
        { "0.0.bd00", { 0, 0, 0xbd00 } },
        { "fe.3.ffff", { 0xfe, 3, 0xffff } },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char text[CCW_ADDRESS_TEXT_SIZE];
        CcwAddress address;

        g_assert_true(ccw_address_parse(cases[i].text, &address));
        g_assert_cmpuint(address.cssid, ==, cases[i].address.cssid);
        g_assert_cmpuint(address.ssid, ==, cases[i].address.ssid);
        g_assert_cmpuint(address.number, ==, cases[i].address.number);
        g_assert_cmpstr(ccw_address_format(&address, text), ==, cases[i].text);
    }
}

static void
test_what_is_no_address(void)
{
    static const char *const wrong[] = { "",          "none",       "0.0",       "0.0.bd0",
                                         "0.0.BD00",  "0.0.bd000",  "ff.0.0000", "0.4.0000",
                                         " 0.0.0000", "0.0.0000\n", "00.0.0000", "0.0.0000.0",
                                         "defunct",   "0.0.-001",   "0x0.0.0000" };

    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        CcwAddress address = { 1, 2, 3 };

        g_assert_false(ccw_address_parse(wrong[i], &address));
        g_assert_cmpuint(address.number, ==, 3);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ccw-address/form-of-sysfs-there-and-back", test_form_of_sysfs_there_and_back);
    g_test_add_func("/ccw-address/what-is-none", test_what_is_no_address);
    return g_test_run();
}
