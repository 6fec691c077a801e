/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "pci-device.h"

/**
 * node_device_pci_format:
 * @parent: the name of the parent node device
 *
 * Returns: (transfer full): the document of a PCI function: element for element what libvirt's own
 *   driver writes, https://libvirt.org/formatnode.html#pci, then `<zpci>` if it is a zPCI function.
 */
char *node_device_pci_format(const PciDevice *device, const char *parent);
