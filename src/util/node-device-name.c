/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-name.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "pci_"

char *
node_device_name_format(const PciAddress *address)
{
    char text[PCI_ADDRESS_TEXT_SIZE];

    pci_address_format(address, text);
    return g_strdelimit(g_strconcat(PREFIX, text, NULL), ":.", '_');
}

gboolean
node_device_name_parse(const char *name, PciAddress *address)
{
    guint32 domain;
    guint bus, slot, function;
    PciAddress parsed;
    g_autofree char *again = NULL;

    if (!g_str_has_prefix(name, PREFIX) ||
        sscanf(name, PREFIX "%8x_%2x_%2x_%1x", &domain, &bus, &slot, &function) != 4)
        return FALSE;
    if (slot > PCI_ADDRESS_MAX_SLOT || function > PCI_ADDRESS_MAX_FUNCTION)
        return FALSE;
    parsed = (PciAddress){ domain, (guint8)bus, (guint8)slot, (guint8)function };
    again = node_device_name_format(&parsed);
    if (strcmp(again, name) != 0)
        return FALSE;
    *address = parsed;
    return TRUE;
}
