/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-vpd.h"

#include <string.h>

#include "libvirt-release.h"
#include "xml-node.h"

typedef struct {
    const char *keyword;
    const char *element;
} VpdElement;

/* In libvirt's order; the last is the only one of them in VPD-W. */
static const VpdElement named[] = {
    { "EC", "change_level" },  { "MN", "manufacture_id" }, { "PN", "part_number" },
    { "SN", "serial_number" }, { "YA", "asset_tag" },
};

static gboolean
node_device_vpd_is_named(const char *keyword)
{
    for (guint i = 0; i < G_N_ELEMENTS(named); i++) {
        if (strcmp(named[i].keyword, keyword) == 0)
            return TRUE;
    }
    return FALSE;
}

static xmlNode *
node_device_vpd_add_field(xmlNode *node, const char *element, const char *value)
{
    if (*value == '\0' && libvirt_release_get()->closes_empty_fields)
        return xml_node_add(node, element);
    return xml_node_add_text(node, element, value);
}

/* Those whose keyword is @prefix and an index. */
static void
node_device_vpd_add_indexed(xmlNode *node, const GPtrArray *fields, char prefix,
                            const char *element)
{
    for (guint i = 0; i < fields->len; i++) {
        const PciVpdField *field = g_ptr_array_index(fields, i);

        if (field->keyword[0] == prefix && !node_device_vpd_is_named(field->keyword))
            xml_node_set(node_device_vpd_add_field(node, element, field->value), "index",
                         field->keyword + 1);
    }
}

static void
node_device_vpd_add_fields(xmlNode *capability, const char *access, const GPtrArray *fields)
{
    xmlNode *node;

    if (fields == NULL)
        return;
    node = xml_node_add(capability, "fields");
    xml_node_set(node, "access", access);
    for (guint i = 0; i < G_N_ELEMENTS(named); i++) {
        const char *value = pci_vpd_find(fields, named[i].keyword);

        if (value != NULL)
            xml_node_add_text(node, named[i].element, value);
    }
    node_device_vpd_add_indexed(node, fields, 'V', "vendor_field");
    node_device_vpd_add_indexed(node, fields, 'Y', "system_field");
    xml_node_set_block(node);
}

void
node_device_vpd_add(xmlNode *parent, const PciVpd *vpd)
{
    xmlNode *capability = xml_node_add(parent, "capability");

    xml_node_set(capability, "type", "vpd");
    if (vpd->name != NULL)
        xml_node_add_text(capability, "name", vpd->name);
    node_device_vpd_add_fields(capability, "readonly", vpd->readonly);
    node_device_vpd_add_fields(capability, "readwrite", vpd->readwrite);
    xml_node_set_block(capability);
}
