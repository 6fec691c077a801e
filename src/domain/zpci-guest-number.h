/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * ZpciGuestNumber:
 * @ZPCI_GUEST_NUMBER_HEX: "0x" and hexadecimal digits: what everybody reads alike
 * @ZPCI_GUEST_NUMBER_DECIMAL: decimal digits
 * @ZPCI_GUEST_NUMBER_OCTAL: octal digits behind a zero, which libvirt does read as octal
 * @ZPCI_GUEST_NUMBER_BARE_HEX: hexadecimal digits without "0x"; libvirt's schema lets them through,
 *   its parser refuses them
 * @ZPCI_GUEST_NUMBER_NONE: no number to libvirt
 *
 * How a number is written in a domain document. libvirt reads all of them with base 0 of strtoul(),
 * virStrToLong_uip() in its src/util/virstring.c.
 */
typedef enum {
    ZPCI_GUEST_NUMBER_HEX,
    ZPCI_GUEST_NUMBER_DECIMAL,
    ZPCI_GUEST_NUMBER_OCTAL,
    ZPCI_GUEST_NUMBER_BARE_HEX,
    ZPCI_GUEST_NUMBER_NONE,
} ZpciGuestNumber;

/**
 * zpci_guest_number_read:
 * @value: (out): what libvirt makes of it, %G_MAXUINT64 if it is larger; what it would make of bare
 *   digits with "0x" in front; 0 if it is no number
 *
 * Returns: how @text is written.
 */
ZpciGuestNumber zpci_guest_number_read(const char *text, guint64 *value);

/**
 * zpci_guest_number_is:
 *
 * Returns: whether libvirt reads @text as a number; if so, it is in @value and at most @maximum.
 */
gboolean zpci_guest_number_is(const char *text, guint64 maximum, guint64 *value);
