/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "dmi.h"

#include "names.h"
#include "sysfs.h"
#include "zpci-host-private.h"

/* Files below devices/virtual/dmi/id, drivers/firmware/dmi-id.c. */
static const char *const files[DMI_N_FIELDS] = {
    [DMI_PRODUCT] = "product_name",      [DMI_VENDOR] = "sys_vendor",
    [DMI_VERSION] = "product_version",   [DMI_SERIAL] = "product_serial",
    [DMI_UUID] = "product_uuid",         [DMI_BIOS_VENDOR] = "bios_vendor",
    [DMI_BIOS_VERSION] = "bios_version", [DMI_BIOS_DATE] = "bios_date",
};

static void
dmi_strip_control(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        if (!g_ascii_iscntrl(*from))
            *to++ = *from;
    }
    *to = '\0';
}

char *
dmi_read(const ZpciHost *host, DmiField field)
{
    g_autofree char *path = g_build_filename(NAME_DMI, files[field], NULL);
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    if (sysfs_read_text(zpci_host_get_sysfs(host), path, text, NULL) != SYSFS_READ)
        return NULL;
    dmi_strip_control(text);
    return text[0] != '\0' ? g_strdup(text) : NULL;
}
