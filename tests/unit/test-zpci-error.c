/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-error-private.h"

static void
test_foreign_numbers_come_through_every_copy(void)
{
    static const int numbers[][2] = { { 53, 22 }, { 0, 0 }, { 111, 75 }, { 65536, 4096 } };

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) copy = NULL;
        int code = -1, domain = -1;

        g_assert_false(zpci_error_set_foreign(numbers[i][0], numbers[i][1], "words", &error));
        copy = g_error_copy(error);
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_FOREIGN);
        g_assert_error(copy, ZPCI_ERROR, ZPCI_ERROR_FOREIGN);
        g_assert_true(zpci_error_get_foreign(copy, &code, &domain));
        g_assert_cmpint(code, ==, numbers[i][0]);
        g_assert_cmpint(domain, ==, numbers[i][1]);
        g_assert_cmpstr(copy->message, ==, "words");
    }
}

static void
test_impossible_numbers_are_an_internal_error(void)
{
    static const int numbers[][2] = { { -1, 0 }, { 0, -1 } };

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autoptr(GError) error = NULL;
        int code = -1, domain = -1;

        zpci_error_set_foreign(numbers[i][0], numbers[i][1], "words", &error);
        g_assert_true(zpci_error_get_foreign(error, &code, &domain));
        g_assert_cmpint(code, ==, 1);
        g_assert_cmpint(domain, ==, 0);
    }
}

static void
test_our_own_errors_are_not_foreign(void)
{
    g_autoptr(GError) ours = g_error_new_literal(ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE, "words");
    g_autoptr(GError) other = g_error_new_literal(G_KEY_FILE_ERROR, ZPCI_ERROR_FOREIGN, "words");
    int code, domain;

    g_assert_false(zpci_error_get_foreign(ours, &code, &domain));
    g_assert_false(zpci_error_get_foreign(other, &code, &domain));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-error/foreign-numbers-come-through-every-copy",
                    test_foreign_numbers_come_through_every_copy);
    g_test_add_func("/zpci-error/impossible-numbers-are-an-internal-error",
                    test_impossible_numbers_are_an_internal_error);
    g_test_add_func("/zpci-error/our-own-errors-are-not-foreign",
                    test_our_own_errors_are_not_foreign);
    return g_test_run();
}
