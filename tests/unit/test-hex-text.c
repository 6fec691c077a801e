/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "hex-text.h"

#include <string.h>

#include "expect.h"

static GPtrArray *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *sections = hex_text_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    g_assert_nonnull(sections);
    return sections;
}

static void
assert_section(const GPtrArray *sections, guint index, const char *name, const char *hex)
{
    const HexSection *section;
    g_autofree char *found = NULL;

    g_assert_cmpuint(index, <, sections->len);
    section = g_ptr_array_index(sections, index);
    found = hex_text_format(section->bytes->data, section->bytes->len);
    g_assert_cmpstr(section->name, ==, name);
    g_assert_cmpstr(found, ==, hex);
}

static void
assert_refused(const char *text, gsize length, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(hex_text_parse(text, length, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, part);
}

static void
test_blanks_and_comments_do_not_count(void)
{
    g_autoptr(GPtrArray) sections = parse("# the reply\n00 7C0a\t ff # argsz, 0xzz\r\n\n 10\n");

    g_assert_cmpuint(sections->len, ==, 1);
    assert_section(sections, 0, "", "007c0aff10");
}

static void
test_headings_part_the_bytes(void)
{
    g_autoptr(GPtrArray) sections =
        parse("01\n[list 0x0002]\n02 03\n  [empty]  \n[last] # heading\n04");

    g_assert_cmpuint(sections->len, ==, 3);
    assert_section(sections, 0, "", "01");
    assert_section(sections, 1, "list 0x0002", "0203");
    assert_section(sections, 2, "last", "04");
}

static void
test_damaged_line_is_named(void)
{
    const char *half = "00 01\n02 0\n";
    const char *letter = "00\n\n0g";
    const char *split = "0 0";
    const char *heading = "00\n[base\n01";

    assert_refused(half, strlen(half), "Line 2 of the hexadecimal text: bytes are written as two");
    assert_refused(letter, strlen(letter), "Line 3 of");
    assert_refused(split, strlen(split), "Line 1 of");
    assert_refused(heading, strlen(heading), "Line 2 of the hexadecimal text: a section's heading");
    assert_refused("[", 1, "Line 1 of");
}

static void
test_text_without_bytes_is_refused(void)
{
    const char *comment = "# nothing\n[name]\n\n";

    assert_refused("", 0, "there are no bytes in it");
    assert_refused(comment, strlen(comment), "there are no bytes in it");
}

static void
test_binary_is_no_text(void)
{
    static const char binary[] = { '0', '0', '\0', '0', '1' };

    assert_refused(binary, sizeof binary, "not text");
}

static void
test_size_is_limited(void)
{
    g_autofree char *text = g_malloc(HEX_TEXT_MAX_SIZE + 1);
    g_autoptr(GPtrArray) sections = NULL;
    g_autoptr(GError) error = NULL;

    memset(text, 'a', HEX_TEXT_MAX_SIZE + 1);
    sections = hex_text_parse(text, HEX_TEXT_MAX_SIZE, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(((HexSection *)g_ptr_array_index(sections, 0))->bytes->len, ==,
                     HEX_TEXT_MAX_SIZE / 2);
    assert_refused(text, HEX_TEXT_MAX_SIZE + 1, "it is too long");
}

static char *
make_sections(guint count)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, "[s%u]\n%02x\n", i, i & 0xff);
    return g_string_free(text, FALSE);
}

/* What comes before the first heading is a section too, although it is empty here. */
static void
test_sections_are_limited(void)
{
    g_autofree char *most = make_sections(HEX_TEXT_MAX_SECTIONS - 1);
    g_autofree char *too_many = make_sections(HEX_TEXT_MAX_SECTIONS);
    g_autoptr(GPtrArray) sections = parse(most);

    g_assert_cmpuint(sections->len, ==, HEX_TEXT_MAX_SECTIONS - 1);
    assert_section(sections, HEX_TEXT_MAX_SECTIONS - 2, "s1022", "fe");
    assert_refused(too_many, strlen(too_many), "Line 2047 of the hexadecimal text: there are too");
}

static void
test_bytes_become_lower_case_digits(void)
{
    static const guint8 bytes[] = { 0x00, 0x0f, 0xf0, 0xab, 0xff };
    g_autofree char *text = hex_text_format(bytes, sizeof bytes);
    g_autofree char *nothing = hex_text_format(bytes, 0);

    g_assert_cmpstr(text, ==, "000ff0abff");
    g_assert_cmpstr(nothing, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hex-text/blanks-and-comments-do-not-count",
                    test_blanks_and_comments_do_not_count);
    g_test_add_func("/hex-text/headings-part-the-bytes", test_headings_part_the_bytes);
    g_test_add_func("/hex-text/damaged-line-is-named", test_damaged_line_is_named);
    g_test_add_func("/hex-text/text-without-bytes-is-refused", test_text_without_bytes_is_refused);
    g_test_add_func("/hex-text/binary-is-no-text", test_binary_is_no_text);
    g_test_add_func("/hex-text/size-is-limited", test_size_is_limited);
    g_test_add_func("/hex-text/sections-are-limited", test_sections_are_limited);
    g_test_add_func("/hex-text/bytes-become-lower-case-digits",
                    test_bytes_become_lower_case_digits);
    return g_test_run();
}
