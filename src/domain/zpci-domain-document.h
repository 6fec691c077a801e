/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-address-set.h"
#include "zpci-export.h"
#include "zpci-hostdev.h"

G_BEGIN_DECLS

/**
 * ZpciDomainDocument:
 *
 * The document of a domain for s390x, and what shall be added to it.
 */
typedef struct _ZpciDomainDocument ZpciDomainDocument;

#define ZPCI_TYPE_DOMAIN_DOCUMENT (zpci_domain_document_get_type())

/**
 * zpci_domain_document_get_type:
 *
 * Returns: the boxed type of #ZpciDomainDocument, for language bindings.
 */
ZPCI_EXPORT GType zpci_domain_document_get_type(void);

/**
 * zpci_domain_document_new:
 * @text: (array length=size) (element-type guint8): the document; copied
 *
 * Returns: (transfer full): free with zpci_domain_document_free(); %NULL with
 *   %ZPCI_ERROR_INVALID_DOCUMENT if it is not well-formed, is no `<domain>`, or is of another
 *   architecture; with %ZPCI_ERROR_UNSUPPORTED if it is in an encoding that cannot be changed.
 */
ZPCI_EXPORT ZpciDomainDocument *zpci_domain_document_new(const char *text, gsize size,
                                                         GError **error);

/**
 * zpci_domain_document_new_device:
 * @text: (array length=size) (element-type guint8): a single device, such as `<rng>`; copied
 *
 * The same for a device that is attached to a domain. Its numbers come from
 * zpci_domain_document_complete(); nothing can be added to it.
 *
 * Returns: (transfer full): as zpci_domain_document_new().
 */
ZPCI_EXPORT ZpciDomainDocument *zpci_domain_document_new_device(const char *text, gsize size,
                                                                GError **error);

/**
 * zpci_domain_document_free:
 * @document: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_domain_document_free(ZpciDomainDocument *document);

/**
 * zpci_domain_document_get_name:
 *
 * Returns: (transfer full) (nullable): the name of the domain.
 */
ZPCI_EXPORT char *zpci_domain_document_get_name(const ZpciDomainDocument *document);

/**
 * zpci_domain_document_get_domain_type:
 *
 * Returns: (transfer full) (nullable): how the guest is run, "kvm" or "qemu".
 */
ZPCI_EXPORT char *zpci_domain_document_get_domain_type(const ZpciDomainDocument *document);

/**
 * zpci_domain_document_list_sources:
 *
 * Returns: (transfer full) (array zero-terminated=1): the PCI addresses on the host of the
 * functions that the domain has, "0005:00:00.0", without those that were added.
 */
ZPCI_EXPORT char **zpci_domain_document_list_sources(const ZpciDomainDocument *document);

/**
 * zpci_domain_document_list_by_iommufd:
 *
 * Returns: (transfer full) (array zero-terminated=1): those of zpci_domain_document_list_sources()
 *   that are passed through an iommufd.
 */
ZPCI_EXPORT char **zpci_domain_document_list_by_iommufd(const ZpciDomainDocument *document);

/**
 * zpci_domain_document_get_iommufd_group:
 *
 * Returns: (transfer full) (nullable): the name of the group of file descriptors that an
 *   application hands to libvirt for the domain's iommufd; %NULL if libvirt opens that itself.
 */
ZPCI_EXPORT char *zpci_domain_document_get_iommufd_group(const ZpciDomainDocument *document);

/**
 * zpci_domain_document_find:
 * @address: the PCI address of a function of the host
 *
 * Returns: (transfer full) (nullable): the element of the device that passes this function, as it
 *   stands in the document, with a newline behind it; %NULL if there is none.
 */
ZPCI_EXPORT char *zpci_domain_document_find(const ZpciDomainDocument *document,
                                            const char *address);

/**
 * zpci_domain_document_find_device:
 * @device: one of zpci_domain_document_new_device()
 *
 * Returns: (transfer full) (nullable): the element of the device that has the UID and the FID of
 *   @device, or the one of them that @device has, as zpci_domain_document_find(); %NULL if there is
 *   none, or @device has no numbers.
 */
ZPCI_EXPORT char *zpci_domain_document_find_device(const ZpciDomainDocument *document,
                                                   const ZpciDomainDocument *device);

/**
 * zpci_domain_document_collect:
 * @set: takes the numbers of all devices
 *
 * Numbers that are in @set already count as those of the same device in another document of the
 * domain.
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_DOCUMENT if a number in the document cannot be read.
 */
ZPCI_EXPORT gboolean zpci_domain_document_collect(const ZpciDomainDocument *document,
                                                  ZpciAddressSet *set, GError **error);

/**
 * zpci_domain_document_add:
 * @hostdevs: (element-type ZpciHostdev): what is added; their requests get what is assigned
 *
 * Adds hostdevs to the devices, and gives each device with an address of the type pci, and each
 * that passes something of the host, the UID or the FID that it lacks. All numbers are chosen
 * together: those that are in the document already or are asked for, then those that libvirt would
 * give to network interfaces and functions of the document by itself, then all others. May be
 * called once.
 *
 * Returns: %FALSE with an error of zpci_address_set_assign(), zpci_hostdev_format() or
 *   %ZPCI_ERROR_INVALID_DOCUMENT if a number in the document cannot be read. Then nothing is
 * changed.
 */
ZPCI_EXPORT gboolean zpci_domain_document_add(ZpciDomainDocument *document, GPtrArray *hostdevs,
                                              ZpciAddressPolicy policy, GError **error);

/**
 * zpci_domain_document_complete:
 * @set: what is taken; takes the numbers of the document too
 *
 * Gives each device with an address of the type pci the UID or the FID that it lacks, and that is
 * free in @set. May be called once, in place of zpci_domain_document_add().
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if a number that the document asks for is taken in @set,
 *   or as zpci_domain_document_add(). Then nothing is changed.
 */
ZPCI_EXPORT gboolean zpci_domain_document_complete(ZpciDomainDocument *document,
                                                   ZpciAddressSet *set, GError **error);

/**
 * zpci_domain_document_format:
 *
 * Returns: (transfer full): the document with what was added; every other byte is as it was. It has
 *   been validated as zpci_validation_run() does; %NULL with %ZPCI_ERROR_INVALID_DOCUMENT and the
 *   first error in it if it is not valid.
 */
ZPCI_EXPORT char *zpci_domain_document_format(const ZpciDomainDocument *document, GError **error);

/**
 * zpci_domain_document_diff:
 * @name: how the document is called in the head of the result
 *
 * Returns: (transfer full): what was added, as a unified diff; %NULL as
 *   zpci_domain_document_format().
 */
ZPCI_EXPORT char *zpci_domain_document_diff(const ZpciDomainDocument *document, const char *name,
                                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciDomainDocument, zpci_domain_document_free)

G_END_DECLS
