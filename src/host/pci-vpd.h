/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* VPD has addresses of 15 bits. */
#define PCI_VPD_MAX_SIZE 32768

/**
 * PciVpdField:
 * @keyword: two characters, of 0 to 9 and A to Z
 * @value: printable ASCII, no blanks around it; may be empty
 */
typedef struct {
    char keyword[3];
    char *value;
} PciVpdField;

/**
 * PciVpd:
 * @name: (nullable): the identifier string
 * @readonly: (nullable) (element-type PciVpdField): EC, MN, PN, SN and vendor fields of VPD-R, each
 *   keyword once and in the order in which they came; %NULL if there is no field, not even one that
 *   is passed over
 * @readwrite: (nullable) (element-type PciVpdField): the same of VPD-W, with vendor fields and
 *   system fields, the asset tag YA among these
 *
 * Vital Product Data: what the maker of a card, and who runs it, wrote on it.
 */
typedef struct {
    char *name;
    GPtrArray *readonly;
    GPtrArray *readwrite;
} PciVpd;

/**
 * pci_vpd_parse:
 * @data: the attribute "vpd" as the kernel shows it, from address 0
 *
 * Layout: PCI Local Bus 3.0 appendix I. What is accepted is what libvirt accepts: the first VPD-R
 * has to be there and to end in RV with the right checksum, resources and fields fit into what
 * holds them, there is an end tag, and the name is printable ASCII. A field whose value is not
 * printable is passed over, and so are unknown keywords and resources.
 *
 * Returns: (transfer full): %NULL with %ZPCI_ERROR_MALFORMED, which says where it is damaged.
 */
PciVpd *pci_vpd_parse(const guint8 *data, gsize size, GError **error);

/**
 * pci_vpd_find:
 * @fields: (nullable): those of one section
 *
 * Returns: (transfer none) (nullable): the value of the field @keyword.
 */
const char *pci_vpd_find(const GPtrArray *fields, const char *keyword);

/** pci_vpd_ref: (transfer full): @vpd once more; it is never changed. @vpd may be %NULL. */
PciVpd *pci_vpd_ref(PciVpd *vpd);

/** pci_vpd_unref: @vpd may be %NULL. */
void pci_vpd_unref(PciVpd *vpd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PciVpd, pci_vpd_unref)
