/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-net.h"

#include "xml-node.h"
#include "xml-text.h"

static const char *const features[NET_N_FEATURES] = {
    [NET_FEATURE_RX] = "rx",
    [NET_FEATURE_TX] = "tx",
    [NET_FEATURE_SG] = "sg",
    [NET_FEATURE_TSO] = "tso",
    [NET_FEATURE_GSO] = "gso",
    [NET_FEATURE_GRO] = "gro",
    [NET_FEATURE_LRO] = "lro",
    [NET_FEATURE_RXVLAN] = "rxvlan",
    [NET_FEATURE_TXVLAN] = "txvlan",
    [NET_FEATURE_NTUPLE] = "ntuple",
    [NET_FEATURE_RXHASH] = "rxhash",
    [NET_FEATURE_RDMA] = "rdma",
    [NET_FEATURE_TXUDPTNL] = "txudptnl",
    [NET_FEATURE_SWITCHDEV] = "switchdev",
};

char *
node_device_net_name(const char *sysname, const char *address)
{
    char *name = g_strjoin("_", "net", sysname, address, NULL);

    for (char *c = name; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c))
            *c = '_';
    }
    return name;
}

static void
node_device_net_add_link(xmlNode *capability, const NetDevice *device)
{
    xmlNode *link;

    if (device->state == NULL)
        return;
    link = xml_node_add(capability, "link");
    if (device->speed != 0)
        xml_node_set_printf(link, "speed", "%u", device->speed);
    xml_node_set(link, "state", device->state);
}

static void
node_device_net_add_features(xmlNode *capability, const NetDevice *device)
{
    for (guint i = 0; i < NET_N_FEATURES; i++) {
        if ((device->features & NET_FEATURE_BIT(i)) != 0)
            xml_node_set(xml_node_add(capability, "feature"), "name", features[i]);
    }
}

char *
node_device_net_format(const NetDevice *device, const char *parent)
{
    g_autofree char *name = node_device_net_name(device->sysname, device->address);
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *capability;

    xml_node_add_text(root, "name", name);
    xml_node_add_text(root, "path", device->path);
    xml_node_add_text(root, "parent", parent);

    capability = xml_node_add(root, "capability");
    xml_node_set(capability, "type", "net");
    xml_node_add_text(capability, "interface", device->interface);
    if (device->address != NULL)
        xml_node_add_text(capability, "address", device->address);
    node_device_net_add_link(capability, device);
    node_device_net_add_features(capability, device);
    xml_node_set(xml_node_add(capability, "capability"), "type",
                 device->is_wireless ? "80211" : "80203");
    return xml_text_format(root);
}
