/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-builder.h"

#include <string.h>

static void
chain_builder_append_number(GByteArray *bytes, guint width, guint64 value, int byte_order)
{
    for (guint i = 0; i < width; i++) {
        guint shift = 8 * (byte_order == G_BIG_ENDIAN ? width - 1 - i : i);
        guint8 byte = (guint8)(value >> shift);

        g_byte_array_append(bytes, &byte, 1);
    }
}

static void
chain_builder_append_hex(GByteArray *bytes, const char *digits)
{
    for (; *digits != '\0'; digits += 2) {
        guint8 byte =
            (guint8)(g_ascii_xdigit_value(digits[0]) << 4 | g_ascii_xdigit_value(digits[1]));

        g_byte_array_append(bytes, &byte, 1);
    }
}

static void
chain_builder_pad(GByteArray *bytes, guint offset)
{
    guint old = bytes->len;

    g_assert_cmpuint(offset, >=, old);
    g_byte_array_set_size(bytes, offset);
    memset(bytes->data + old, 0, offset - old);
}

static void
chain_builder_append(GByteArray *bytes, const char *token, guint64 total, int byte_order)
{
    guint64 value;
    char *end;

    if (token[0] == '@') {
        chain_builder_pad(bytes, (guint)g_ascii_strtoull(token + 1, NULL, 0));
        return;
    }
    if (g_str_has_prefix(token, "x:")) {
        chain_builder_append_hex(bytes, token + 2);
        return;
    }
    g_assert_cmpint(token[1], ==, ':');
    value = strcmp(token + 2, "$") == 0 ? total : g_ascii_strtoull(token + 2, &end, 0);
    chain_builder_append_number(bytes, (guint)(token[0] - '0'), value, byte_order);
}

static GByteArray *
chain_builder_pass(char **lines, guint64 total, int byte_order)
{
    GByteArray *bytes = g_byte_array_new();

    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) tokens = NULL;

        *strchrnul(lines[i], '#') = '\0';
        tokens = g_strsplit_set(lines[i], " \t", -1);
        for (guint j = 0; tokens[j] != NULL; j++) {
            if (tokens[j][0] != '\0')
                chain_builder_append(bytes, tokens[j], total, byte_order);
        }
    }
    return bytes;
}

GByteArray *
chain_builder_build(const char *table, int byte_order)
{
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    g_autoptr(GByteArray) first = chain_builder_pass(lines, 0, byte_order);
    g_autoptr(GByteArray) second = chain_builder_pass(lines, first->len, byte_order);

    return g_byte_array_new_take(g_memdup2(second->data, second->len), second->len);
}
