/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * number_parse:
 * @text: the whole text
 * @maximum: the largest value that is accepted
 * @value: (out): written on success only
 *
 * Reads an unsigned number strictly: "0x" and hexadecimal digits, or decimal digits. No sign, no
 * blank, no newline, no empty text; a leading zero does not make it octal but an error, because
 * libvirt would read it as octal and a person would not.
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED that quotes the text and says what is expected.
 */
gboolean number_parse(const char *text, guint64 maximum, guint64 *value, GError **error);

/**
 * number_parse_hex_digits:
 * @digits: points at bare hexadecimal digits, without "0x"
 * @end: (out): the first character that is not one of them
 *
 * Returns: %FALSE, without an error, if there is no digit or the value exceeds @maximum.
 */
gboolean number_parse_hex_digits(const char *digits, guint64 maximum, const char **end,
                                 guint64 *value);
