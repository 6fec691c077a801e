/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "ccw-address.h"

#include <stdio.h>
#include <string.h>

/* The highest that the architecture has. */
#define MAX_CSSID 0xfe
#define MAX_SSID 3

gboolean
ccw_address_parse(const char *text, CcwAddress *address)
{
    char again[CCW_ADDRESS_TEXT_SIZE];
    guint cssid, ssid, number;
    CcwAddress parsed;

    if (sscanf(text, "%2x.%1x.%4x", &cssid, &ssid, &number) != 3 || cssid > MAX_CSSID ||
        ssid > MAX_SSID)
        return FALSE;
    parsed = (CcwAddress){ (guint8)cssid, (guint8)ssid, (guint16)number };
    if (strcmp(ccw_address_format(&parsed, again), text) != 0)
        return FALSE;
    *address = parsed;
    return TRUE;
}

const char *
ccw_address_format(const CcwAddress *address, char text[CCW_ADDRESS_TEXT_SIZE])
{
    g_snprintf(text, CCW_ADDRESS_TEXT_SIZE, "%x.%x.%04x", address->cssid, address->ssid,
               address->number);
    return text;
}
