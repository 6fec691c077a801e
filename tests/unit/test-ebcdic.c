/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "ebcdic.h"

#define EBCDIC_A 0xc1
#define REPLACEMENT "\xef\xbf\xbd"

/* What iconv makes of one byte. */
static gunichar
look_up(guint8 byte)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_convert((const char *)&byte, 1, "UTF-8", "IBM037", NULL, NULL, &error);

    if (error != NULL)
        g_error("iconv does not know IBM037 (%s); install the C library's gconv modules: libc6 on "
                "Debian, glibc-gconv-extra on Fedora, glibc-locale-base on SUSE.",
                error->message);
    return byte == 0 ? 0 : g_utf8_get_char(text);
}

static void
test_every_byte_reads_as_iconv_reads_it(void)
{
    for (guint byte = 0; byte < 256; byte++) {
        const guint8 bytes[] = { (guint8)byte, EBCDIC_A };
        g_autofree char *text = ebcdic_to_utf8(bytes, sizeof bytes);
        gunichar expected = look_up((guint8)byte);

        if (expected < 0x20 || (expected >= 0x7f && expected < 0xa0))
            expected = 0xfffd;
        g_assert_cmphex(g_utf8_get_char(text), ==, expected);
        g_assert_cmpstr(g_utf8_next_char(text), ==, "A");
    }
}

static void
test_padding_at_the_end_is_cut(void)
{
    static const guint8 blanks[] = { 0x40, 0xc8, 0xc9, 0x40, 0xc1, 0x40, 0x40, 0x00, 0x40 };
    static const guint8 only_padding[] = { 0x00, 0x40, 0x00 };
    g_autofree char *text = ebcdic_to_utf8(blanks, sizeof blanks);
    g_autofree char *empty = ebcdic_to_utf8(only_padding, sizeof only_padding);
    g_autofree char *nothing = ebcdic_to_utf8(only_padding, 0);

    g_assert_cmpstr(text, ==, " HI A");
    g_assert_cmpstr(empty, ==, "");
    g_assert_cmpstr(nothing, ==, "");
}

static void
test_inner_nul_does_not_end_the_text(void)
{
    static const guint8 bytes[] = { 0xc1, 0x00, 0x27, 0xc2 };
    g_autofree char *text = ebcdic_to_utf8(bytes, sizeof bytes);

    g_assert_cmpstr(text, ==, "A" REPLACEMENT REPLACEMENT "B");
}

/* All bytes differ from ASCII's, so a text that was never converted shows. */
static void
test_a_utility_string_of_an_adapter(void)
{
    static const guint8 bytes[] = { 0xd9, 0x96, 0xc3, 0xc5, 0x40, 0xc5, 0xa7, 0x97,
                                    0x99, 0x85, 0xa2, 0xa2, 0x60, 0xf1, 0xf0 };
    g_autofree char *text = ebcdic_to_utf8(bytes, sizeof bytes);

    g_assert_cmpstr(text, ==, "RoCE Express-10");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ebcdic/every-byte-reads-as-iconv-reads-it",
                    test_every_byte_reads_as_iconv_reads_it);
    g_test_add_func("/ebcdic/padding-at-the-end-is-cut", test_padding_at_the_end_is_cut);
    g_test_add_func("/ebcdic/inner-nul-does-not-end-the-text",
                    test_inner_nul_does_not_end_the_text);
    g_test_add_func("/ebcdic/a-utility-string-of-an-adapter", test_a_utility_string_of_an_adapter);
    return g_test_run();
}
