/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci.h"

#include "node-device-mdev-types.h"
#include "node-device-name.h"
#include "node-device-vpd.h"
#include "node-device-zpci.h"
#include "pci-names.h"
#include "xml-node.h"
#include "xml-text.h"

static void
node_device_pci_add_address(xmlNode *parent, const PciAddress *address)
{
    xmlNode *node = xml_node_add(parent, "address");

    xml_node_set_printf(node, "domain", "0x%04x", address->domain);
    xml_node_set_printf(node, "bus", "0x%02x", address->bus);
    xml_node_set_printf(node, "slot", "0x%02x", address->slot);
    xml_node_set_printf(node, "function", "0x%x", address->function);
}

static void
node_device_pci_add_addresses(xmlNode *parent, const GArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++)
        node_device_pci_add_address(parent, &g_array_index(addresses, PciAddress, i));
}

static xmlNode *
node_device_pci_add_capability(xmlNode *parent, const char *type)
{
    xmlNode *capability = xml_node_add(parent, "capability");

    xml_node_set(capability, "type", type);
    return capability;
}

static void
node_device_pci_add_id(xmlNode *capability, const char *element, guint16 id, const char *name)
{
    xmlNode *node = name != NULL ? xml_node_add_text(capability, element, name)
                                 : xml_node_add(capability, element);

    xml_node_set_printf(node, "id", "0x%04x", id);
}

static void
node_device_pci_add_identity(xmlNode *capability, const PciDevice *device)
{
    const char *vendor_name, *product_name;

    if (device->class_code != PCI_DEVICE_UNKNOWN)
        xml_node_add_printf(capability, "class", "0x%06x", (guint)device->class_code);
    xml_node_add_printf(capability, "domain", "%u", device->address.domain);
    xml_node_add_printf(capability, "bus", "%u", device->address.bus);
    xml_node_add_printf(capability, "slot", "%u", device->address.slot);
    xml_node_add_printf(capability, "function", "%u", device->address.function);

    pci_names_look_up(device->vendor, device->product, &vendor_name, &product_name);
    node_device_pci_add_id(capability, "product", device->product, product_name);
    node_device_pci_add_id(capability, "vendor", device->vendor, vendor_name);
}

static void
node_device_pci_add_sriov(xmlNode *capability, const PciDevice *device)
{
    xmlNode *node;

    if (device->physfn != NULL)
        node_device_pci_add_address(node_device_pci_add_capability(capability, "phys_function"),
                                    device->physfn);
    if (device->virtfns->len == 0 && device->max_virtfns == 0)
        return;
    node = node_device_pci_add_capability(capability, "virt_functions");
    if (device->max_virtfns != 0)
        xml_node_set_printf(node, "maxCount", "%u", device->max_virtfns);
    node_device_pci_add_addresses(node, device->virtfns);
}

static void
node_device_pci_add_bridge(xmlNode *capability, const PciDevice *device)
{
    if (device->config.header == PCI_HEADER_PCI_BRIDGE)
        node_device_pci_add_capability(capability, "pci-bridge");
    else if (device->config.header == PCI_HEADER_CARDBUS_BRIDGE)
        node_device_pci_add_capability(capability, "cardbus-bridge");
}

static void
node_device_pci_add_place(xmlNode *capability, const PciDevice *device)
{
    xmlNode *node;

    if (device->iommu_group != PCI_DEVICE_UNKNOWN && device->iommu_members->len > 0) {
        node = xml_node_add(capability, "iommuGroup");
        xml_node_set_printf(node, "number", "%d", device->iommu_group);
        node_device_pci_add_addresses(node, device->iommu_members);
    }
    if (device->numa_node != PCI_DEVICE_UNKNOWN)
        xml_node_set_printf(xml_node_add(capability, "numa"), "node", "%d", device->numa_node);
}

/* GT/s by the number in the link registers, PCI Express Base 7.8.6 and 7.8.8. */
static const char *
node_device_pci_get_speed(guint speed)
{
    static const char *const names[] = { NULL, "2.5", "5", "8", "16", "32", "64" };

    return speed < G_N_ELEMENTS(names) ? names[speed] : NULL;
}

static void
node_device_pci_add_link(xmlNode *express, const char *validity, const PciLink *link)
{
    xmlNode *node = xml_node_add(express, "link");
    const char *speed = node_device_pci_get_speed(link->speed);

    xml_node_set(node, "validity", validity);
    if (link->port >= 0)
        xml_node_set_printf(node, "port", "%d", link->port);
    if (speed != NULL)
        xml_node_set(node, "speed", speed);
    xml_node_set_printf(node, "width", "%u", link->width);
}

static void
node_device_pci_add_express(xmlNode *capability, const PciConfig *config)
{
    xmlNode *express;

    if (!config->is_express)
        return;
    express = xml_node_add(capability, "pci-express");
    if (config->has_link) {
        node_device_pci_add_link(express, "cap", &config->capability);
        node_device_pci_add_link(express, "sta", &config->status);
    }
}

char *
node_device_pci_format(const PciDevice *device, const char *parent)
{
    g_autofree char *name = node_device_name_format(&device->address);
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *capability;

    xml_node_add_text(root, "name", name);
    xml_node_add_text(root, "path", device->path);
    xml_node_add_text(root, "parent", parent);
    if (device->driver != NULL)
        xml_node_add_text(xml_node_add(root, "driver"), "name", device->driver);

    capability = node_device_pci_add_capability(root, "pci");
    node_device_pci_add_identity(capability, device);
    node_device_pci_add_sriov(capability, device);
    node_device_pci_add_bridge(capability, device);
    node_device_mdev_types_add(capability, device->mdev_types);
    if (device->vpd != NULL)
        node_device_vpd_add(capability, device->vpd);
    node_device_pci_add_place(capability, device);
    node_device_pci_add_express(capability, &device->config);
    if (device->zpci != NULL)
        node_device_zpci_add(capability, device->zpci);
    return xml_text_format(root);
}
