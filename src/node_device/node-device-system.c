/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-system.h"

#include "dmi.h"
#include "node-device-name.h"
#include "xml-node.h"
#include "xml-text.h"

/* What libvirt shows for a machine whose firmware gives no UUID. */
#define NO_UUID "00000000-0000-0000-0000-000000000000"

static void
node_device_system_add(xmlNode *parent, const char *name, const ZpciHost *host, DmiField field,
                       const char *fallback)
{
    g_autofree char *text = dmi_read(host, field);

    if (text != NULL || fallback != NULL)
        xml_node_add_text(parent, name, text != NULL ? text : fallback);
}

char *
node_device_system_format(const ZpciHost *host)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *device = xmlDocGetRootElement(document);
    xmlNode *capability, *part;

    xml_node_add_text(device, "name", NODE_DEVICE_NAME_COMPUTER);
    capability = xml_node_add(device, "capability");
    xml_node_set(capability, "type", "system");
    node_device_system_add(capability, "product", host, DMI_PRODUCT, NULL);

    part = xml_node_add(capability, "hardware");
    node_device_system_add(part, "vendor", host, DMI_VENDOR, NULL);
    node_device_system_add(part, "version", host, DMI_VERSION, NULL);
    node_device_system_add(part, "serial", host, DMI_SERIAL, NULL);
    node_device_system_add(part, "uuid", host, DMI_UUID, NO_UUID);

    part = xml_node_add(capability, "firmware");
    node_device_system_add(part, "vendor", host, DMI_BIOS_VENDOR, NULL);
    node_device_system_add(part, "version", host, DMI_BIOS_VERSION, NULL);
    node_device_system_add(part, "release_date", host, DMI_BIOS_DATE, NULL);
    xml_node_set_block(part);
    return xml_text_format(device);
}
