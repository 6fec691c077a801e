/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "hex-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "zpci-error.h"

void
hex_section_free(gpointer section)
{
    HexSection *gone = section;

    g_free(gone->name);
    g_byte_array_unref(gone->bytes);
    g_free(gone);
}

static HexSection *
hex_text_add_section(GPtrArray *sections, char *name)
{
    HexSection *section = g_new0(HexSection, 1);

    section->name = name;
    section->bytes = g_byte_array_new();
    g_ptr_array_add(sections, section);
    return section;
}

static gboolean
hex_text_fail(guint line, const char *reason, GError **error)
{
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED, _("Line %u of the hexadecimal text: %s"),
                line, reason);
    return FALSE;
}

static gboolean
hex_text_read_bytes(const char *p, guint line, GByteArray *bytes, GError **error)
{
    for (;;) {
        guint8 byte;

        while (g_ascii_isspace(*p))
            p++;
        if (*p == '\0')
            return TRUE;
        if (!g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1]))
            return hex_text_fail(line, _("bytes are written as two hexadecimal digits each."),
                                 error);
        byte = (guint8)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
        g_byte_array_append(bytes, &byte, 1);
        p += 2;
    }
}

/* @line_text is changed: its comment and outer blanks are cut off. */
static gboolean
hex_text_read_line(char *line_text, guint line, GPtrArray *sections, GError **error)
{
    HexSection *last = g_ptr_array_index(sections, sections->len - 1);
    char *comment = strchr(line_text, '#');
    gsize length;

    if (comment != NULL)
        *comment = '\0';
    g_strstrip(line_text);
    if (line_text[0] != '[')
        return hex_text_read_bytes(line_text, line, last->bytes, error);

    length = strlen(line_text);
    if (line_text[length - 1] != ']')
        return hex_text_fail(line, _("a section's heading ends with a bracket."), error);
    if (sections->len == HEX_TEXT_MAX_SECTIONS)
        return hex_text_fail(line, _("there are too many sections."), error);
    hex_text_add_section(sections, g_strndup(line_text + 1, length - 2));
    return TRUE;
}

static void
hex_text_drop_empty(GPtrArray *sections)
{
    for (guint i = sections->len; i-- > 0;) {
        HexSection *section = g_ptr_array_index(sections, i);

        if (section->bytes->len == 0)
            g_ptr_array_remove_index(sections, i);
    }
}

GPtrArray *
hex_text_parse(const char *text, gsize length, GError **error)
{
    g_autoptr(GPtrArray) sections = g_ptr_array_new_with_free_func(hex_section_free);
    g_autofree char *copy = NULL;
    g_auto(GStrv) lines = NULL;

    if (length > HEX_TEXT_MAX_SIZE || memchr(text, '\0', length) != NULL) {
        hex_text_fail(1, _("it is too long, or not text."), error);
        return NULL;
    }
    copy = g_strndup(text, length);
    lines = g_strsplit(copy, "\n", -1);
    hex_text_add_section(sections, g_strdup(""));
    for (guint i = 0; lines[i] != NULL; i++) {
        if (!hex_text_read_line(lines[i], i + 1, sections, error))
            return NULL;
    }
    hex_text_drop_empty(sections);
    if (sections->len == 0) {
        hex_text_fail(1, _("there are no bytes in it."), error);
        return NULL;
    }
    return g_steal_pointer(&sections);
}

char *
hex_text_format(const guint8 *data, gsize size)
{
    static const char digits[] = "0123456789abcdef";
    char *text = g_malloc(2 * size + 1);

    for (gsize i = 0; i < size; i++) {
        text[2 * i] = digits[data[i] >> 4];
        text[2 * i + 1] = digits[data[i] & 0xf];
    }
    text[2 * size] = '\0';
    return text;
}
