/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xml-node.h"
#include "zpci-finding-private.h"
#include "zpci-schema-private.h"
#include "zpci-validation-private.h"

/* Of the small documents that are asked about; it bounds the search for a fault. */
#define DOCUMENT_SIZE 256

/* Distributions take single features over into older releases, so the schemas tell more than the
 * number of the release does. Where there are no schemas, no document is judged at all. */
static gboolean
zpci_validation_iommufd_is_known(xmlDoc *document)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(zpci_finding_free);

    return !zpci_schema_check(document, DOCUMENT_SIZE, findings, NULL) || findings->len == 0;
}

/* A device and a domain without a fault but that one. */
static gboolean
zpci_validation_iommufd_is_known_of_device(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("hostdev");
    xmlNode *hostdev = xmlDocGetRootElement(document);
    xmlNode *address;

    xml_node_set(hostdev, "mode", "subsystem");
    xml_node_set(hostdev, "type", "pci");
    xml_node_set(xml_node_add(hostdev, "driver"), "iommufd", "yes");
    address = xml_node_add(xml_node_add(hostdev, "source"), "address");
    xml_node_set(address, "bus", "0");
    xml_node_set(address, "slot", "0");
    xml_node_set(address, "function", "0");
    return zpci_validation_iommufd_is_known(document);
}

static gboolean
zpci_validation_iommufd_is_known_of_domain(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("domain");
    xmlNode *domain = xmlDocGetRootElement(document);

    xml_node_set(domain, "type", "kvm");
    xml_node_add_text(domain, "name", "guest");
    xml_node_add_text(domain, "memory", "1");
    xml_node_set(xml_node_add(domain, "iommufd"), "enabled", "yes");
    xml_node_add_text(xml_node_add(domain, "os"), "type", "hvm");
    return zpci_validation_iommufd_is_known(document);
}

static gboolean
zpci_validation_iommufd_is_empty(const xmlNode *element)
{
    return element->properties == NULL && xmlFirstElementChild((xmlNode *)element) == NULL;
}

static void
zpci_validation_iommufd_refuse(ZpciMeaning *meaning, xmlNode *driver)
{
    zpci_meaning_add(meaning, driver, ZPCI_SEVERITY_ERROR,
                     g_strdup(_("The element driver has the attribute iommufd, which the installed "
                                "libvirt does not know; libvirt 12.1.0 and later do.")),
                     g_strdup(_("Take the attribute out, or install such a libvirt.")));
    xmlUnsetProp(driver, BAD_CAST "iommufd");
    if (!zpci_validation_iommufd_is_empty(driver))
        return;
    xmlUnlinkNode(driver);
    xmlFreeNode(driver);
}

static void
zpci_validation_iommufd_check_devices(ZpciMeaning *meaning)
{
    gboolean is_asked = FALSE;

    for (guint i = 0; i < meaning->devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(meaning->devices, ZpciGuestDevice, i);
        xmlNode *driver =
            device->source != NULL ? zpci_guest_device_find(device->element, "driver") : NULL;

        if (driver == NULL || xmlHasProp(driver, BAD_CAST "iommufd") == NULL)
            continue;
        if (!is_asked && zpci_validation_iommufd_is_known_of_device())
            return;
        is_asked = TRUE;
        zpci_validation_iommufd_refuse(meaning, driver);
    }
}

static void
zpci_validation_iommufd_check_domain(ZpciMeaning *meaning)
{
    xmlNode *root = xmlDocGetRootElement(meaning->document);
    xmlNode *iommufd = strcmp((const char *)root->name, "domain") == 0
                           ? zpci_guest_device_find(root, "iommufd")
                           : NULL;

    if (iommufd == NULL || zpci_validation_iommufd_is_known_of_domain())
        return;
    zpci_meaning_add(meaning, iommufd, ZPCI_SEVERITY_ERROR,
                     g_strdup(_("The element iommufd is one that the installed libvirt does not "
                                "know; libvirt 12.2.0 and later do.")),
                     g_strdup(_("Set iommufd='yes' on the driver of each function, which libvirt "
                                "12.1.0 knows, or remove this element.")));
    xmlUnlinkNode(iommufd);
    xmlFreeNode(iommufd);
}

void
zpci_validation_iommufd_check(ZpciMeaning *meaning)
{
    zpci_validation_iommufd_check_devices(meaning);
    zpci_validation_iommufd_check_domain(meaning);
}
