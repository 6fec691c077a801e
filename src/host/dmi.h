/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-host.h"

/**
 * DmiField:
 *
 * What the firmware says of a whole machine, in the order in which a node device shows it.
 */
typedef enum {
    DMI_PRODUCT,
    DMI_VENDOR,
    DMI_VERSION,
    DMI_SERIAL,
    DMI_UUID,
    DMI_BIOS_VENDOR,
    DMI_BIOS_VERSION,
    DMI_BIOS_DATE,
    DMI_N_FIELDS,
} DmiField;

/**
 * dmi_read:
 *
 * Returns: (transfer full) (nullable): one field without control characters; %NULL if the machine
 * has none, as no IBM Z has, or if this user may not read it.
 */
char *dmi_read(const ZpciHost *host, DmiField field);
