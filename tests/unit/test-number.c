/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "number.h"

#include "expect.h"

typedef struct {
    const char *text;
    guint64 maximum;
    guint64 value;
} Accepted;

static const Accepted accepted[] = {
    { "0", 0, 0 },
    { "0x0", 0, 0 },
    { "7", 7, 7 },
    { "0x0000000c", G_MAXUINT32, 12 },
    { "0xffffffff", G_MAXUINT32, 0xffffffff },
    { "4294967295", G_MAXUINT32, 0xffffffff },
    { "0xABCdef", 0xffffff, 0xabcdef },
    { "18446744073709551615", G_MAXUINT64, G_MAXUINT64 },
    { "0xffffffffffffffff", G_MAXUINT64, G_MAXUINT64 },
    { "0x00000000000000000000000001", 1, 1 },
};

typedef struct {
    const char *text;
    guint64 maximum;
} Refused;

static const Refused refused[] = {
    { "", 9 },
    { "\n", 9 },
    { " 1", 9 },
    { "1 ", 9 },
    { "1\n", 9 },
    { "+1", 9 },
    { "-1", G_MAXUINT64 },
    { "0x", 9 },
    { "0x-1", 9 },
    { "0X1", 9 },
    { "0xg", 9 },
    { "x1", 9 },
    { "c", 99 },
    { "12monkeys", 99 },
    { "1.0", 99 },
    { "1e1", 99 },
    /* A leading zero: 8 to libvirt, 10 to a person. */
    { "010", 99 },
    { "00", 99 },
    { "8", 7 },
    { "10", 9 },
    { "1", 0 },
    { "0x10000", G_MAXUINT16 },
    { "65536", G_MAXUINT16 },
    { "0x100000000", G_MAXUINT32 },
    { "4294967296", G_MAXUINT32 },
    { "0x10000000000000000", G_MAXUINT64 },
    { "18446744073709551616", G_MAXUINT64 },
    { "99999999999999999999999999999999", G_MAXUINT64 },
};

static void
test_reads_decimal_and_hexadecimal_up_to_the_maximum(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(accepted); i++) {
        g_autoptr(GError) error = NULL;
        guint64 value = 77;

        g_assert_true(number_parse(accepted[i].text, accepted[i].maximum, &value, &error));
        g_assert_no_error(error);
        g_assert_cmphex(value, ==, accepted[i].value);
    }
}

static void
test_refuses_all_else_and_writes_nothing(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        guint64 value = 77;

        g_test_message("text %u: '%s'", i, refused[i].text);
        g_assert_false(number_parse(refused[i].text, refused[i].maximum, &value, &error));
        g_assert_cmphex(value, ==, 77);
        expect_error(&error, ZPCI_ERROR_MALFORMED, "is not a number from 0 to 0x");
    }
}

static void
test_error_quotes_the_text_and_names_the_limit(void)
{
    g_autoptr(GError) error = NULL;
    guint64 value;

    g_assert_false(number_parse("0x1\x1b[2J", 0xffff, &value, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "'0x1\\x1b[2J' is not a number from 0 to 0xffff");
}

static void
test_bare_digits_end_where_they_end(void)
{
    const char *text = "00fF:rest";
    const char *end = NULL;
    guint64 value = 77;

    g_assert_true(number_parse_hex_digits(text, 0xff, &end, &value));
    g_assert_cmphex(value, ==, 0xff);
    g_assert_true(end == text + 4);

    g_assert_false(number_parse_hex_digits("100", 0xff, &end, &value));
    g_assert_false(number_parse_hex_digits("", 0xff, &end, &value));
    g_assert_false(number_parse_hex_digits(":1", 0xff, &end, &value));
    g_assert_cmphex(value, ==, 0xff);
    g_assert_true(end == text + 4);
}

static void
test_ids_are_hexadecimal(void)
{
    static const struct {
        const char *text;
        guint digits;
        guint64 value;
    } cases[] = {
        { "0x102", 8, 0x102 },
        { "0X102", 8, 0x102 },
        { "00000102", 8, 0x102 },
        { "12345678", 8, 0x12345678 },
        { "ffffffff", 8, 0xffffffff },
        { "1a2", 8, 0x1a2 },
        { "0005", 4, 5 },
        { "5", 4, 5 },
        { "c", 8, 12 },
        { "0", 8, 0 },
        { "0xffff", 4, 0xffff },
        { "0x00000005", 4, 5 },
        { "05", 4, 5 },
        { "00000005", 4, 5 },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        guint64 value = 77;

        g_assert_true(number_parse_id(cases[i].text, cases[i].digits, 0, &value, &error));
        g_assert_no_error(error);
        g_assert_cmphex(value, ==, cases[i].value);
    }
}

static void
test_ids_are_not_guessed_at(void)
{
    static const struct {
        const char *text;
        guint digits;
        guint64 minimum;
        const char *part;
    } cases[] = {
        { "102", 8, 0,
          "'102' can be read in two ways: write 0x102 if it is hexadecimal, and 0x66" },
        { "010", 4, 1, "0x10 if it is hexadecimal, and 0xa" },
        { "70000", 4, 1, "'70000' is not a number from 0x0001 to 0xffff" },
        { "0x10000", 4, 1, "from 0x0001 to 0xffff" },
        { "0", 4, 1, "from 0x0001 to 0xffff" },
        { "0x100000000", 8, 0, "from 0x00000000 to 0xffffffff" },
        { "", 8, 0, "'' is not a number" },
        { "0x", 8, 0, "'0x' is not a number" },
        { "-1", 8, 0, "'-1' is not a number" },
        { " 1", 8, 0, "' 1' is not a number" },
        { "five", 4, 0, "'five' is not a number" },
        { "0x1\n", 4, 0, "is not a number" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        guint64 value = 77;

        g_test_message("%s", cases[i].text);
        g_assert_false(
            number_parse_id(cases[i].text, cases[i].digits, cases[i].minimum, &value, &error));
        g_assert_cmphex(value, ==, 77);
        expect_error(&error, ZPCI_ERROR_MALFORMED, cases[i].part);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/number/reads-decimal-and-hexadecimal-up-to-the-maximum",
                    test_reads_decimal_and_hexadecimal_up_to_the_maximum);
    g_test_add_func("/number/refuses-all-else-and-writes-nothing",
                    test_refuses_all_else_and_writes_nothing);
    g_test_add_func("/number/error-quotes-the-text-and-names-the-limit",
                    test_error_quotes_the_text_and_names_the_limit);
    g_test_add_func("/number/bare-digits-end-where-they-end", test_bare_digits_end_where_they_end);
    g_test_add_func("/number/ids-are-hexadecimal", test_ids_are_hexadecimal);
    g_test_add_func("/number/ids-are-not-guessed-at", test_ids_are_not_guessed_at);
    return g_test_run();
}
