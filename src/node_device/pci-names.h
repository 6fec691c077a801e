/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * pci_names_look_up:
 * @vendor_name: (out) (nullable): the vendor's name, %NULL if pci.ids does not know it
 * @product_name: (out) (nullable): the product's name
 *
 * Looks the names up where libvirt does, in libpciaccess; they live as long as the process.
 */
void pci_names_look_up(guint16 vendor, guint16 product, const char **vendor_name,
                       const char **product_name);
