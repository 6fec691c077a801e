/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "byte-reader.h"

#include "expect.h"

static const guint8 bytes[] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x55 };
static const ByteReader big = { bytes, sizeof bytes, G_BIG_ENDIAN };
static const ByteReader little = { bytes, sizeof bytes, G_LITTLE_ENDIAN };

static guint64
read_number(const ByteReader *reader, gsize offset, guint width)
{
    g_autoptr(GError) error = NULL;
    guint64 value = 0;

    g_assert_true(byte_reader_number(reader, offset, width, "a field", &value, &error));
    g_assert_no_error(error);
    return value;
}

static void
test_numbers_are_read_in_the_order_of_their_writer(void)
{
    g_assert_cmphex(read_number(&big, 0, 1), ==, 0x01);
    g_assert_cmphex(read_number(&big, 0, 2), ==, 0x0123);
    g_assert_cmphex(read_number(&big, 0, 4), ==, 0x01234567);
    g_assert_cmphex(read_number(&big, 0, 8), ==, G_GUINT64_CONSTANT(0x0123456789abcdef));
    g_assert_cmphex(read_number(&little, 0, 1), ==, 0x01);
    g_assert_cmphex(read_number(&little, 0, 2), ==, 0x2301);
    g_assert_cmphex(read_number(&little, 0, 4), ==, 0x67452301);
    g_assert_cmphex(read_number(&little, 0, 8), ==, G_GUINT64_CONSTANT(0xefcdab8967452301));
}

static void
test_numbers_need_no_alignment(void)
{
    g_assert_cmphex(read_number(&big, 1, 8), ==, G_GUINT64_CONSTANT(0x23456789abcdef55));
    g_assert_cmphex(read_number(&little, 3, 4), ==, 0xcdab8967);
    g_assert_cmphex(read_number(&big, 7, 2), ==, 0xef55);
    g_assert_cmphex(read_number(&big, 8, 1), ==, 0x55);
}

static void
test_a_number_that_is_cut_off_is_an_error(void)
{
    g_autoptr(GError) error = NULL;
    guint64 value = 77;

    g_assert_false(byte_reader_number(&big, 2, 8, "start_dma", &value, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED,
                 "start_dma at offset 2 needs 8 bytes, but the data ends at offset 9.");
    g_assert_false(byte_reader_number(&big, 9, 1, "gid", &value, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "gid at offset 9 needs 1 bytes");
    g_assert_cmphex(value, ==, 77);
}

static void
test_offsets_do_not_wrap_around(void)
{
    g_autoptr(GError) error = NULL;
    const guint8 *found = NULL;
    guint64 value = 77;

    g_assert_false(byte_reader_has(&big, G_MAXSIZE, 1));
    g_assert_false(byte_reader_has(&big, 1, G_MAXSIZE));
    g_assert_false(byte_reader_has(&big, G_MAXSIZE, G_MAXSIZE));
    g_assert_false(byte_reader_number(&big, G_MAXSIZE - 3, 8, "next", &value, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "next at offset");
    g_assert_false(byte_reader_bytes(&big, 4, G_MAXSIZE - 3, "text", &found, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "text at offset 4");
    g_assert_cmphex(value, ==, 77);
    g_assert_null(found);
}

static void
test_bytes_are_lent_not_copied(void)
{
    g_autoptr(GError) error = NULL;
    const guint8 *found = NULL;

    g_assert_true(byte_reader_bytes(&little, 2, 7, "text", &found, &error));
    g_assert_no_error(error);
    g_assert_true(found == bytes + 2);
}

static void
test_nothing_may_stand_at_the_very_end(void)
{
    const ByteReader empty = { NULL, 0, G_BIG_ENDIAN };

    g_assert_true(byte_reader_has(&big, 9, 0));
    g_assert_false(byte_reader_has(&big, 10, 0));
    g_assert_true(byte_reader_has(&big, 0, 9));
    g_assert_false(byte_reader_has(&big, 0, 10));
    g_assert_true(byte_reader_has(&empty, 0, 0));
    g_assert_false(byte_reader_has(&empty, 0, 1));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/byte-reader/numbers-are-read-in-the-order-of-their-writer",
                    test_numbers_are_read_in_the_order_of_their_writer);
    g_test_add_func("/byte-reader/numbers-need-no-alignment", test_numbers_need_no_alignment);
    g_test_add_func("/byte-reader/a-number-that-is-cut-off-is-an-error",
                    test_a_number_that_is_cut_off_is_an_error);
    g_test_add_func("/byte-reader/offsets-do-not-wrap-around", test_offsets_do_not_wrap_around);
    g_test_add_func("/byte-reader/bytes-are-lent-not-copied", test_bytes_are_lent_not_copied);
    g_test_add_func("/byte-reader/nothing-may-stand-at-the-very-end",
                    test_nothing_may_stand_at_the_very_end);
    return g_test_run();
}
