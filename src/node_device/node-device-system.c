/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>

#include "dmi.h"
#include "node-device-family.h"
#include "node-device-name.h"
#include "xml-node.h"
#include "xml-text.h"

/* What libvirt shows for a machine whose firmware gives no UUID. */
#define NO_UUID "00000000-0000-0000-0000-000000000000"

static void
node_device_system_add(xmlNode *parent, const char *name, const ZpciHost *host, DmiField field)
{
    g_autofree char *text = dmi_read(host, field);

    if (text != NULL)
        xml_node_add_text(parent, name, text);
}

/* Firmware can write what it likes there. libvirt parses it, and writes it in its own form. */
static void
node_device_system_add_uuid(xmlNode *hardware, const ZpciHost *host)
{
    g_autofree char *text = dmi_read(host, DMI_UUID);
    g_autofree char *uuid =
        text != NULL && g_uuid_string_is_valid(text) ? g_ascii_strdown(text, -1) : NULL;

    xml_node_add_text(hardware, "uuid", uuid != NULL ? uuid : NO_UUID);
}

static char *
node_device_system_get_xml(const ZpciHost *host, G_GNUC_UNUSED const char *name,
                           G_GNUC_UNUSED GError **error)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *device = xmlDocGetRootElement(document);
    xmlNode *capability, *part;

    xml_node_add_text(device, "name", NODE_DEVICE_NAME_COMPUTER);
    capability = xml_node_add(device, "capability");
    xml_node_set(capability, "type", "system");
    node_device_system_add(capability, "product", host, DMI_PRODUCT);

    part = xml_node_add(capability, "hardware");
    node_device_system_add(part, "vendor", host, DMI_VENDOR);
    node_device_system_add(part, "version", host, DMI_VERSION);
    node_device_system_add(part, "serial", host, DMI_SERIAL);
    node_device_system_add_uuid(part, host);

    part = xml_node_add(capability, "firmware");
    node_device_system_add(part, "vendor", host, DMI_BIOS_VENDOR);
    node_device_system_add(part, "version", host, DMI_BIOS_VERSION);
    node_device_system_add(part, "release_date", host, DMI_BIOS_DATE);
    xml_node_set_block(part);
    return xml_text_format(device);
}

static gboolean
node_device_system_list(G_GNUC_UNUSED const ZpciHost *host, GPtrArray *names,
                        G_GNUC_UNUSED GError **error)
{
    g_ptr_array_add(names, g_strdup(NODE_DEVICE_NAME_COMPUTER));
    return TRUE;
}

static gboolean
node_device_system_has(G_GNUC_UNUSED const ZpciHost *host, const char *name)
{
    return strcmp(name, NODE_DEVICE_NAME_COMPUTER) == 0;
}

static char *
node_device_system_get_parent(G_GNUC_UNUSED const ZpciHost *host, G_GNUC_UNUSED const char *name)
{
    return NULL;
}

static const char *const nested[] = { NULL };

const NodeDeviceFamily node_device_system_family = {
    .capability = "system",
    .nested = nested,
    .is_persistent = TRUE,
    .list = node_device_system_list,
    .has = node_device_system_has,
    .get_xml = node_device_system_get_xml,
    .get_parent = node_device_system_get_parent,
};
