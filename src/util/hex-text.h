/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The largest text that is read: 64 KiB of bytes as "xx " each, and room for comments. */
#define HEX_TEXT_MAX_SIZE (512 * 1024)

/* How many sections one text may have. */
#define HEX_TEXT_MAX_SECTIONS 1024

/**
 * HexSection:
 * @name: the text between brackets above the bytes, "" for what comes before the first heading
 * @bytes: the bytes
 */
typedef struct {
    char *name;
    GByteArray *bytes;
} HexSection;

/** hex_section_free: @section is a #HexSection; its bytes are unreferenced. A GDestroyNotify. */
void hex_section_free(gpointer section);

/**
 * hex_text_parse:
 * @text: @length bytes of hexadecimal text: pairs of digits, blanks between them as one likes,
 *   comments from "#" to the end of the line, "[name]" on a line of its own for a new section
 *
 * Returns: (transfer full) (element-type HexSection): the sections that have bytes, at least one;
 * or %NULL with %ZPCI_ERROR_MALFORMED that names the line.
 */
GPtrArray *hex_text_parse(const char *text, gsize length, GError **error);

/**
 * hex_text_format:
 *
 * Returns: (transfer full): @size bytes as lower-case hexadecimal digits, without blanks.
 */
char *hex_text_format(const guint8 *data, gsize size);
