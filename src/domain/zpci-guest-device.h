/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

#include "pci-address.h"

/**
 * ZpciGuestDevice:
 * @element: the device
 * @address: (nullable): its `<address>`
 * @zpci: (nullable): the first `<zpci>` in @address
 * @source: (nullable): the `<address>` of the host's PCI function that it passes to the guest
 *
 * A device of a domain document, as far as it matters here. All are owned by the document.
 */
typedef struct {
    xmlNode *element;
    xmlNode *address;
    xmlNode *zpci;
    xmlNode *source;
} ZpciGuestDevice;

/**
 * zpci_guest_device_list:
 * @document: a domain, `<devices>` of one, or a single device
 *
 * Returns: (transfer full) (element-type ZpciGuestDevice): its devices in their order; as many as
 *   there is room for in a document of %XML_DOCUMENT_MAX. A console that is another name of a
 * serial device is left out.
 */
GArray *zpci_guest_device_list(const xmlDoc *document);

/** zpci_guest_device_is_pci: whether its address is of type pci. */
gboolean zpci_guest_device_is_pci(const ZpciGuestDevice *device);

/** zpci_guest_device_is_passed: whether it is something of the host that becomes a PCI function. */
gboolean zpci_guest_device_is_passed(const ZpciGuestDevice *device);

/** zpci_guest_device_is_unplaced: whether libvirt gives it an address of type pci by itself. */
gboolean zpci_guest_device_is_unplaced(const ZpciGuestDevice *device);

/**
 * zpci_guest_device_get_source:
 *
 * Returns: whether it passes a function of the host whose address can be read; if so, that is in
 *   @address.
 */
gboolean zpci_guest_device_get_source(const ZpciGuestDevice *device, PciAddress *address);

/**
 * zpci_guest_device_is_by_iommufd:
 *
 * Returns: whether it passes a function of the host through an iommufd, by what its driver says, or
 *   else the domain.
 */
gboolean zpci_guest_device_is_by_iommufd(const ZpciGuestDevice *device);

/** zpci_guest_device_find: (transfer none) (nullable): the first child @name of @parent. */
xmlNode *zpci_guest_device_find(const xmlNode *parent, const char *name);

/** zpci_guest_device_get: (transfer full) (nullable): the value of an attribute. */
char *zpci_guest_device_get(const xmlNode *element, const char *name);

/** zpci_guest_device_has: whether the attribute is there and has this value. */
gboolean zpci_guest_device_has(const xmlNode *element, const char *name, const char *value);

/** zpci_guest_device_get_number: 0 if the attribute is not there or is no number up to @maximum. */
guint64 zpci_guest_device_get_number(const xmlNode *element, const char *name, guint64 maximum);

/**
 * zpci_guest_device_get_architecture:
 *
 * Returns: (transfer full) (nullable): that of the domain; %NULL if the document does not tell.
 */
char *zpci_guest_device_get_architecture(const xmlDoc *document);

/** zpci_guest_device_get_name: (transfer full) (nullable): the name of the domain. */
char *zpci_guest_device_get_name(const xmlDoc *document);
