/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guest-device.h"

#include <string.h>

#include "zpci-guest-number.h"

/* Elements of another name space are none of libvirt's. */
static gboolean
zpci_guest_device_is_named(const xmlNode *element, const char *name)
{
    return element->ns == NULL && strcmp((const char *)element->name, name) == 0;
}

xmlNode *
zpci_guest_device_find(const xmlNode *parent, const char *name)
{
    for (xmlNode *child = parent != NULL ? xmlFirstElementChild((xmlNode *)parent) : NULL;
         child != NULL; child = xmlNextElementSibling(child)) {
        if (zpci_guest_device_is_named(child, name))
            return child;
    }
    return NULL;
}

char *
zpci_guest_device_get(const xmlNode *element, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(element, BAD_CAST name);
    char *copy = g_strdup((const char *)value);

    xmlFree(value);
    return copy;
}

gboolean
zpci_guest_device_has(const xmlNode *element, const char *name, const char *value)
{
    g_autofree char *text = zpci_guest_device_get(element, name);

    return g_strcmp0(text, value) == 0;
}

guint64
zpci_guest_device_get_number(const xmlNode *element, const char *name, guint64 maximum)
{
    g_autofree char *text = zpci_guest_device_get(element, name);
    guint64 number = 0;

    if (text != NULL)
        zpci_guest_number_is(text, maximum, &number);
    return number;
}

static xmlNode *
zpci_guest_device_find_source(const xmlNode *element)
{
    gboolean is_hostdev = zpci_guest_device_is_named(element, "hostdev") &&
                          zpci_guest_device_has(element, "type", "pci");
    gboolean is_interface = zpci_guest_device_is_named(element, "interface") &&
                            zpci_guest_device_has(element, "type", "hostdev");

    if (!is_hostdev && !is_interface)
        return NULL;
    return zpci_guest_device_find(zpci_guest_device_find(element, "source"), "address");
}

static void
zpci_guest_device_add(GArray *devices, xmlNode *element)
{
    ZpciGuestDevice device = { .element = element };

    device.address = zpci_guest_device_find(element, "address");
    device.zpci = zpci_guest_device_find(device.address, "zpci");
    device.source = zpci_guest_device_find_source(element);
    g_array_append_val(devices, device);
}

/* libvirt writes its first serial device a second time, as a console with the same address:
 * virDomainDefAddConsoleCompat() in its src/conf/domain_conf.c. */
static gboolean
zpci_guest_device_is_alias(const xmlNode *element)
{
    const xmlNode *target;
    g_autofree char *type = NULL;

    if (!zpci_guest_device_is_named(element, "console") ||
        zpci_guest_device_find(element->parent, "serial") == NULL)
        return FALSE;
    target = zpci_guest_device_find(element, "target");
    type = target != NULL ? zpci_guest_device_get(target, "type") : NULL;
    return type == NULL || g_str_equal(type, "serial");
}

GArray *
zpci_guest_device_list(const xmlDoc *document)
{
    GArray *devices = g_array_new(FALSE, FALSE, sizeof(ZpciGuestDevice));
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *parent = zpci_guest_device_is_named(root, "devices") ? root : NULL;

    if (zpci_guest_device_is_named(root, "domain"))
        parent = zpci_guest_device_find(root, "devices");
    else if (parent == NULL)
        zpci_guest_device_add(devices, root);
    for (xmlNode *child = parent != NULL ? xmlFirstElementChild(parent) : NULL; child != NULL;
         child = xmlNextElementSibling(child)) {
        if (!zpci_guest_device_is_alias(child))
            zpci_guest_device_add(devices, child);
    }
    return devices;
}

gboolean
zpci_guest_device_is_pci(const ZpciGuestDevice *device)
{
    return device->address != NULL && zpci_guest_device_has(device->address, "type", "pci");
}

/* A mediated device that shows itself as a PCI function is one. */
gboolean
zpci_guest_device_is_passed(const ZpciGuestDevice *device)
{
    return device->source != NULL || (zpci_guest_device_is_named(device->element, "hostdev") &&
                                      zpci_guest_device_has(device->element, "type", "mdev") &&
                                      zpci_guest_device_has(device->element, "model", "vfio-pci"));
}

gboolean
zpci_guest_device_is_unplaced(const ZpciGuestDevice *device)
{
    return device->address == NULL && zpci_guest_device_is_passed(device);
}

gboolean
zpci_guest_device_is_by_iommufd(const ZpciGuestDevice *device)
{
    const xmlNode *driver = zpci_guest_device_find(device->element, "driver");
    const xmlNode *of_domain;

    if (device->source == NULL)
        return FALSE;
    if (driver != NULL && xmlHasProp(driver, BAD_CAST "iommufd") != NULL)
        return zpci_guest_device_has(driver, "iommufd", "yes");
    of_domain = zpci_guest_device_find(xmlDocGetRootElement(device->element->doc), "iommufd");
    return of_domain != NULL && zpci_guest_device_has(of_domain, "enabled", "yes");
}

/* An attribute that is left out is 0 to libvirt. */
static gboolean
zpci_guest_device_read_part(const xmlNode *element, const char *name, guint64 maximum,
                            guint64 *value)
{
    g_autofree char *text = zpci_guest_device_get(element, name);

    *value = 0;
    return text == NULL || zpci_guest_number_is(text, maximum, value);
}

gboolean
zpci_guest_device_get_source(const ZpciGuestDevice *device, PciAddress *address)
{
    guint64 domain, bus, slot, function;

    if (device->source == NULL ||
        !zpci_guest_device_read_part(device->source, "domain", G_MAXUINT32, &domain) ||
        !zpci_guest_device_read_part(device->source, "bus", G_MAXUINT8, &bus) ||
        !zpci_guest_device_read_part(device->source, "slot", PCI_ADDRESS_MAX_SLOT, &slot) ||
        !zpci_guest_device_read_part(device->source, "function", PCI_ADDRESS_MAX_FUNCTION,
                                     &function))
        return FALSE;
    *address = (PciAddress){ (guint32)domain, (guint8)bus, (guint8)slot, (guint8)function };
    return TRUE;
}

char *
zpci_guest_device_get_architecture(const xmlDoc *document)
{
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *type = zpci_guest_device_find(zpci_guest_device_find(root, "os"), "type");

    return type != NULL ? zpci_guest_device_get(type, "arch") : NULL;
}

char *
zpci_guest_device_get_name(const xmlDoc *document)
{
    xmlNode *name = zpci_guest_device_find(xmlDocGetRootElement(document), "name");
    xmlChar *content = name != NULL ? xmlNodeGetContent(name) : NULL;
    char *copy = g_strdup((const char *)content);

    xmlFree(content);
    return copy;
}
