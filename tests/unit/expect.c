/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "expect.h"

#include <string.h>

void
expect_has(const char *text, const char *part)
{
    g_assert_nonnull(text);
    if (strstr(text, part) == NULL)
        g_error("\"%s\" is not in this text:\n%s", part, text);
}

void
expect_has_not(const char *text, const char *part)
{
    g_assert_nonnull(text);
    if (strstr(text, part) != NULL)
        g_error("\"%s\" is in this text:\n%s", part, text);
}

void
expect_error(GError **error, ZpciError code, const char *part)
{
    g_assert_error(*error, ZPCI_ERROR, (int)code);
    g_assert_true(g_utf8_validate((*error)->message, -1, NULL));
    expect_has((*error)->message, part);
    g_clear_error(error);
}

void
expect_strings(const char *const *strings, const char *joined)
{
    g_autofree char *found = NULL;

    g_assert_nonnull(strings);
    found = g_strjoinv(" ", (char **)strings);
    g_assert_cmpstr(found, ==, joined);
}
