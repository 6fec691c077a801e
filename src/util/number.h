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
 * number_parse_id:
 * @text: the whole text
 * @digits: how many hexadecimal digits such a number is shown with: 8 for an FID, 4 for a UID
 * @minimum: the smallest value that is accepted
 * @value: (out): written on success only
 *
 * Reads what a person writes for a UID or an FID. They are shown in hexadecimal everywhere, in the
 * names of slots and PCI domains without "0x". So hexadecimal digits are taken with "0x", in their
 * full width, or where no decimal number could be meant: a single digit, or one that is a letter.
 * "102" is not guessed at.
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED that quotes the text and says what may stand there; of
 *   one that could be either, both.
 */
gboolean number_parse_id(const char *text, guint digits, guint64 minimum, guint64 *value,
                         GError **error);

/**
 * number_parse_hex_digits:
 * @digits: points at bare hexadecimal digits, without "0x"
 * @end: (out): the first character that is not one of them
 *
 * Returns: %FALSE, without an error, if there is no digit or the value exceeds @maximum.
 */
gboolean number_parse_hex_digits(const char *digits, guint64 maximum, const char **end,
                                 guint64 *value);
