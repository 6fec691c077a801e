/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "text-quote.h"

#include <string.h>

static void
assert_quoted(const char *text, const char *expected)
{
    g_autofree char *quoted = text_quote(text);

    g_assert_true(g_utf8_validate(quoted, -1, NULL));
    g_assert_cmpstr(quoted, ==, expected);
}

static void
test_plain_text_is_only_quoted(void)
{
    assert_quoted("", "''");
    assert_quoted("pci_0005_00_00_0", "'pci_0005_00_00_0'");
    assert_quoted("Größe €", "'Größe €'");
}

static void
test_control_characters_cannot_reach_a_terminal(void)
{
    assert_quoted("a\nb\tc", "'a\\x0ab\\x09c'");
    assert_quoted("\x1b[31mred\x7f", "'\\x1b[31mred\\x7f'");
    /* U+009B, which some terminals take for ESC and a bracket. */
    assert_quoted("\xc2\x9b", "'\\x9b'");
}

static void
test_bytes_that_are_not_utf8_are_replaced(void)
{
    assert_quoted("a\xff\xc3", "'a\xef\xbf\xbd\xef\xbf\xbd'");
    assert_quoted("\xed\xa0\x80x", "'\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx'");
}

static void
test_long_text_is_cut(void)
{
    g_autofree char *just = g_strnfill(TEXT_QUOTE_MAX, 'x');
    g_autofree char *longer = g_strnfill(TEXT_QUOTE_MAX + 1, 'x');
    g_autofree char *just_quoted = g_strdup_printf("'%s'", just);
    g_autofree char *longer_quoted = g_strdup_printf("'%s…'", just);

    assert_quoted(just, just_quoted);
    assert_quoted(longer, longer_quoted);
}

static void
test_a_name_of_megabytes_makes_a_short_quote(void)
{
    g_autofree char *text = g_strnfill(4 * 1024 * 1024, '\x01');
    g_autofree char *quoted = text_quote(text);

    g_assert_cmpuint(strlen(quoted), ==, 1 + 4 * TEXT_QUOTE_MAX + strlen("…'"));
}

/* The 80th byte is the first one of the two of an umlaut. */
static void
test_a_character_is_not_cut_in_two_halves(void)
{
    g_autofree char *head = g_strnfill(TEXT_QUOTE_MAX - 1, 'x');
    g_autofree char *text = g_strconcat(head, "äöü", NULL);
    g_autofree char *quoted = text_quote(text);

    g_assert_true(g_utf8_validate(quoted, -1, NULL));
    g_assert_true(g_str_has_suffix(quoted, "…'"));
    g_assert_null(strstr(quoted, "ä"));
}

static void
test_whole_text_without_quotes(void)
{
    g_autofree char *long_text = g_strnfill(TEXT_QUOTE_MAX * 2, 'x');
    g_autofree char *whole = text_quote_escape(long_text);
    g_autofree char *safe = text_quote_escape("a\033b\xff");

    g_assert_cmpstr(whole, ==, long_text);
    g_assert_cmpstr(safe, ==, "a\\x1bb\xef\xbf\xbd");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text-quote/plain-text-is-only-quoted", test_plain_text_is_only_quoted);
    g_test_add_func("/text-quote/control-characters-cannot-reach-a-terminal",
                    test_control_characters_cannot_reach_a_terminal);
    g_test_add_func("/text-quote/bytes-that-are-not-utf8-are-replaced",
                    test_bytes_that_are_not_utf8_are_replaced);
    g_test_add_func("/text-quote/long-text-is-cut", test_long_text_is_cut);
    g_test_add_func("/text-quote/a-name-of-megabytes-makes-a-short-quote",
                    test_a_name_of_megabytes_makes_a_short_quote);
    g_test_add_func("/text-quote/a-character-is-not-cut-in-two-halves",
                    test_a_character_is_not_cut_in_two_halves);
    g_test_add_func("/text-quote/whole-text-without-quotes", test_whole_text_without_quotes);
    return g_test_run();
}
