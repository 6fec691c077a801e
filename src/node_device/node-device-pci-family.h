/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-family.h"
#include "pci-address.h"

/* The capability of those that are zPCI functions. */
#define NODE_DEVICE_PCI_FAMILY_ZPCI "zpci"

/**
 * node_device_pci_family_find:
 * @address: (out): written on success only
 *
 * Returns: %FALSE, without an error, if @name is not that of a PCI function that is there.
 */
gboolean node_device_pci_family_find(const ZpciHost *host, const char *name, PciAddress *address);

/**
 * node_device_pci_family_get_ready:
 * @name: any text
 * @xml: (out) (transfer full) (optional): its document
 * @capabilities: (out) (transfer full) (optional): what it can do
 *
 * Tells what is at hand, so that the caller need not wait: the kernel's own links and numbers are
 * looked at, and nothing else.
 *
 * Returns: whether it is a function that is there, and all that is asked for is at hand; outputs
 * are written only then.
 */
gboolean node_device_pci_family_get_ready(const ZpciHost *host, const char *name, char **xml,
                                          char ***capabilities);
