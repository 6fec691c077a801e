/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "number.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "text-quote.h"
#include "zpci-error.h"

static gboolean
number_scan(const char *digits, guint base, guint64 maximum, const char **end, guint64 *value)
{
    const char *p = digits;
    guint64 number = 0;

    for (; base == 16 ? g_ascii_isxdigit(*p) : g_ascii_isdigit(*p); p++) {
        guint digit = (guint)g_ascii_xdigit_value(*p);

        if (number > (maximum - MIN(digit, maximum)) / base)
            return FALSE;
        number = number * base + digit;
        if (number > maximum)
            return FALSE;
    }
    if (p == digits)
        return FALSE;
    *end = p;
    *value = number;
    return TRUE;
}

gboolean
number_parse_hex_digits(const char *digits, guint64 maximum, const char **end, guint64 *value)
{
    return number_scan(digits, 16, maximum, end, value);
}

/* Nobody wants to hear of an attribute like numa_node, which is -1 nearly always. Returns: %FALSE.
 */
static gboolean
number_refuse(const char *text, guint64 maximum, GError **error)
{
    g_autofree char *quoted = NULL;

    if (error == NULL)
        return FALSE;
    quoted = text_quote(text);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("%s is not a number from 0 to 0x%" PRIx64
                  "; write it as 0x and hexadecimal digits, or in decimal."),
                quoted, maximum);
    return FALSE;
}

gboolean
number_parse(const char *text, guint64 maximum, guint64 *value, GError **error)
{
    gboolean is_hex = g_str_has_prefix(text, "0x");
    gboolean is_octal = text[0] == '0' && g_ascii_isdigit(text[1]);
    const char *end;
    guint64 number;

    if (is_octal ||
        !number_scan(is_hex ? text + 2 : text, is_hex ? 16 : 10, maximum, &end, &number) ||
        *end != '\0')
        return number_refuse(text, maximum, error);
    *value = number;
    return TRUE;
}

/* Several decimal digits in another width than the number is shown with could be either. */
static gboolean
number_is_ambiguous(const char *text, guint digits)
{
    gsize length = strlen(text);

    return length > 1 && length != digits && strspn(text, "0123456789") == length;
}

gboolean
number_parse_id(const char *text, guint digits, guint64 minimum, guint64 *value, GError **error)
{
    guint64 maximum = (G_GUINT64_CONSTANT(1) << (4 * digits)) - 1;
    gboolean is_prefixed = g_ascii_strncasecmp(text, "0x", 2) == 0;
    g_autofree char *quoted = NULL;
    guint64 number = 0, decimal = 0;
    const char *end;
    gboolean is_good = number_scan(is_prefixed ? text + 2 : text, 16, maximum, &end, &number) &&
                       *end == '\0' && number >= minimum;

    gboolean is_ambiguous = is_good && number_is_ambiguous(text, digits) &&
                            number_scan(text, 10, maximum, &end, &decimal) && decimal != number;

    if (is_good && !is_ambiguous) {
        *value = number;
        return TRUE;
    }
    quoted = text_quote(text);
    if (is_ambiguous)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("%s can be read in two ways: write 0x%" PRIx64 " if it is hexadecimal, and "
                      "0x%" PRIx64 " if it is decimal."),
                    quoted, number, decimal);
    else
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("%s is not a number from 0x%0*" PRIx64 " to 0x%0*" PRIx64
                      "; write it as 0x and hexadecimal digits."),
                    quoted, (int)digits, minimum, (int)digits, maximum);
    return FALSE;
}
