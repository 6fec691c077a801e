/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-host.h"

/**
 * node_device_pci_operation_detach:
 * @driver: (nullable): see pci_driver_detach()
 *
 * The operations of a NodeDeviceFamily on PCI functions.
 */
gboolean node_device_pci_operation_detach(const ZpciHost *host, const char *name,
                                          const char *driver, GError **error);

/** node_device_pci_operation_reattach: see pci_driver_reattach(). */
gboolean node_device_pci_operation_reattach(const ZpciHost *host, const char *name, GError **error);

/** node_device_pci_operation_reset: see pci_reset(). */
gboolean node_device_pci_operation_reset(const ZpciHost *host, const char *name, GError **error);
