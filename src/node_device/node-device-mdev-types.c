/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-mdev-types.h"

#include "pci-mdev-type.h"
#include "xml-node.h"

void
node_device_mdev_types_add(xmlNode *capability, const GPtrArray *types)
{
    xmlNode *node;

    if (types->len == 0)
        return;
    node = xml_node_add(capability, "capability");
    xml_node_set(node, "type", NODE_DEVICE_MDEV_TYPES);
    for (guint i = 0; i < types->len; i++) {
        const PciMdevType *type = g_ptr_array_index(types, i);
        xmlNode *child = xml_node_add(node, "type");

        xml_node_set(child, "id", type->id);
        if (type->name != NULL)
            xml_node_add_text(child, "name", type->name);
        xml_node_add_text(child, "deviceAPI", type->device_api);
        xml_node_add_printf(child, "availableInstances", "%u", type->available);
    }
}
