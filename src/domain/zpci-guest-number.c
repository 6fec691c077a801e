/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guest-number.h"

#include <string.h>

#define HEX_DIGITS "0123456789abcdefABCDEF"
#define DECIMAL_DIGITS "0123456789"
#define OCTAL_DIGITS "01234567"

static gboolean
zpci_guest_number_has_only(const char *text, const char *digits)
{
    return *text != '\0' && text[strspn(text, digits)] == '\0';
}

ZpciGuestNumber
zpci_guest_number_read(const char *text, guint64 *value)
{
    *value = 0;
    if (g_str_has_prefix(text, "0x") && zpci_guest_number_has_only(text + 2, HEX_DIGITS)) {
        *value = g_ascii_strtoull(text + 2, NULL, 16);
        return ZPCI_GUEST_NUMBER_HEX;
    }
    if (text[0] == '0' && zpci_guest_number_has_only(text + 1, OCTAL_DIGITS)) {
        *value = g_ascii_strtoull(text, NULL, 8);
        return ZPCI_GUEST_NUMBER_OCTAL;
    }
    if (zpci_guest_number_has_only(text, DECIMAL_DIGITS) && (text[0] != '0' || text[1] == '\0')) {
        *value = g_ascii_strtoull(text, NULL, 10);
        return ZPCI_GUEST_NUMBER_DECIMAL;
    }
    if (zpci_guest_number_has_only(text, HEX_DIGITS)) {
        *value = g_ascii_strtoull(text, NULL, 16);
        return ZPCI_GUEST_NUMBER_BARE_HEX;
    }
    return ZPCI_GUEST_NUMBER_NONE;
}

gboolean
zpci_guest_number_is(const char *text, guint64 maximum, guint64 *value)
{
    guint64 number;
    ZpciGuestNumber form = zpci_guest_number_read(text, &number);

    if (form == ZPCI_GUEST_NUMBER_BARE_HEX || form == ZPCI_GUEST_NUMBER_NONE || number > maximum)
        return FALSE;
    *value = number;
    return TRUE;
}
