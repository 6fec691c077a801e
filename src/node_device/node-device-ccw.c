/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-ccw.h"

#include <string.h>

#include "node-device-mdev-types.h"
#include "xml-node.h"
#include "xml-text.h"

/* The capability of each kind, which names begin with, too. */
static const char *const capabilities[CCW_N_KINDS] = {
    [CCW_KIND_SUBCHANNEL] = "css",
    [CCW_KIND_DEVICE] = "ccw",
    [CCW_KIND_GROUP] = "ccwgroup",
};

char *
node_device_ccw_name(CcwKind kind, const char *sysname)
{
    char *name = g_strjoin("_", capabilities[kind], sysname, NULL);

    return g_strdelimit(name, ".", '_');
}

gboolean
node_device_ccw_parse(const char *name, CcwKind *kind, char **sysname)
{
    g_auto(GStrv) parts = g_strsplit(name, "_", 2);
    CcwAddress address;

    if (parts[0] == NULL || parts[1] == NULL)
        return FALSE;
    g_strdelimit(parts[1], "_.", '.');
    if (strchr(name, '.') != NULL || !ccw_address_parse(parts[1], &address))
        return FALSE;
    for (guint i = 0; i < CCW_N_KINDS; i++) {
        if (strcmp(parts[0], capabilities[i]) == 0) {
            *kind = (CcwKind)i;
            *sysname = g_strdup(parts[1]);
            return TRUE;
        }
    }
    return FALSE;
}

static void
node_device_ccw_add_address(xmlNode *node, const CcwAddress *address)
{
    xml_node_add_printf(node, "cssid", "0x%x", address->cssid);
    xml_node_add_printf(node, "ssid", "0x%x", address->ssid);
    xml_node_add_printf(node, "devno", "0x%04x", address->number);
}

static void
node_device_ccw_add_state(xmlNode *capability, CcwState state)
{
    if (state != CCW_STATE_UNKNOWN)
        xml_node_add_text(capability, "state", state == CCW_STATE_ONLINE ? "online" : "offline");
}

static void
node_device_ccw_add_subchannel(xmlNode *capability, const CcwDevice *device)
{
    node_device_ccw_add_address(capability, &device->address);
    if (device->channel != NULL)
        node_device_ccw_add_address(xml_node_add(capability, "channel_dev_addr"), device->channel);
    node_device_mdev_types_add(capability, device->mdev_types);
}

static void
node_device_ccw_add_device(xmlNode *capability, const CcwDevice *device,
                           const LibvirtRelease *release)
{
    g_autofree char *group = NULL;
    xmlNode *node;

    if (release->shows_offline_ccw)
        node_device_ccw_add_state(capability, device->state);
    node_device_ccw_add_address(capability, &device->address);
    if (device->group == NULL || !release->knows_ccwgroups)
        return;
    group = node_device_ccw_name(CCW_KIND_GROUP, device->group);
    node = xml_node_add(capability, "capability");
    xml_node_set(node, "type", "ccwgroup_member");
    xml_node_add_text(node, "group_device", group);
}

static void
node_device_ccw_add_members(xmlNode *capability, const CcwDevice *device)
{
    xmlNode *members;

    if (device->members->len == 0)
        return;
    members = xml_node_add(capability, "members");
    for (guint i = 0; i < device->members->len; i++) {
        const CcwMember *member = g_ptr_array_index(device->members, i);
        g_autofree char *name = node_device_ccw_name(CCW_KIND_DEVICE, member->sysname);

        xml_node_set(xml_node_add_text(members, "ccw_device", name), "ref", member->reference);
    }
}

static void
node_device_ccw_add_group(xmlNode *capability, const CcwDevice *device)
{
    xmlNode *node;

    node_device_ccw_add_state(capability, device->state);
    node_device_ccw_add_address(capability, &device->address);
    node_device_ccw_add_members(capability, device);
    node = xml_node_add(capability, "capability");
    xml_node_set(node, "type", device->type);
    xml_node_add_text(node, "card_type", device->card_type);
    xml_node_add_text(node, "chpid", device->chpid);
}

char *
node_device_ccw_format(const CcwDevice *device, const char *parent, const LibvirtRelease *release)
{
    g_autofree char *name = node_device_ccw_name(device->kind, device->sysname);
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *capability;

    xml_node_add_text(root, "name", name);
    xml_node_add_text(root, "path", device->path);
    xml_node_add_text(root, "parent", parent);
    if (device->driver != NULL)
        xml_node_add_text(xml_node_add(root, "driver"), "name", device->driver);
    capability = xml_node_add(root, "capability");
    xml_node_set(capability, "type", capabilities[device->kind]);
    if (device->kind == CCW_KIND_SUBCHANNEL)
        node_device_ccw_add_subchannel(capability, device);
    else if (device->kind == CCW_KIND_DEVICE)
        node_device_ccw_add_device(capability, device, release);
    else
        node_device_ccw_add_group(capability, device);
    return xml_text_format(root);
}
