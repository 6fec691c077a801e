/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "text-quote.h"

#include <string.h>

/* Whether it is ASCII without control characters, as nearly all is. */
static gboolean
text_quote_is_plain(const char *text)
{
    const char *p = text;

    while (*p >= ' ' && *p <= '~')
        p++;
    return *p == '\0';
}

char *
text_quote_escape(const char *text)
{
    g_autofree char *valid = NULL;
    GString *escaped;

    if (text_quote_is_plain(text))
        return g_strdup(text);
    valid = g_utf8_make_valid(text, -1);
    escaped = g_string_new(NULL);
    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        if (g_unichar_iscntrl(c))
            g_string_append_printf(escaped, "\\x%02x", c);
        else
            g_string_append_unichar(escaped, c);
    }
    return g_string_free(escaped, FALSE);
}

char *
text_quote(const char *text)
{
    gsize length = strnlen(text, TEXT_QUOTE_MAX + 1);
    g_autofree char *head = g_strndup(text, MIN(length, TEXT_QUOTE_MAX));
    g_autofree char *escaped = text_quote_escape(head);

    return g_strconcat("'", escaped, length > TEXT_QUOTE_MAX ? "…'" : "'", NULL);
}
