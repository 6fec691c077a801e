/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* What such a name can be at most, its end included: "fe.3.ffff". */
#define CCW_ADDRESS_TEXT_SIZE 10

/**
 * CcwAddress:
 *
 * Where a channel device or a subchannel is on its host.
 */
typedef struct {
    guint8 cssid;
    guint8 ssid;
    guint16 number; /* of the device, or of the subchannel */
} CcwAddress;

/**
 * ccw_address_parse:
 * @text: "0.0.bd00", the form of sysfs
 *
 * Returns: whether it is one; @address is written only then.
 */
gboolean ccw_address_parse(const char *text, CcwAddress *address);

/**
 * ccw_address_format:
 *
 * Writes the sysfs form of @address to @text and returns @text.
 */
const char *ccw_address_format(const CcwAddress *address, char text[CCW_ADDRESS_TEXT_SIZE]);
