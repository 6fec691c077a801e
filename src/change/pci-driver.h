/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "pci-address.h"
#include "zpci-host.h"

/**
 * pci_driver_detach:
 * @driver: (nullable): "vfio", which %NULL means, for vfio-pci; or the name of that or of another
 *   VFIO driver that the kernel has
 *
 * Takes the function from its driver and binds it to one of VFIO, for a guest; the other functions
 * of its IOMMU group stay where they are. Nothing happens if it has that driver. Loads vfio-pci if
 * it is not there. After a failure the function has the driver that it had.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if somebody uses the function;
 *   %ZPCI_ERROR_INVALID_ARGUMENT if there is no VFIO driver @driver; %ZPCI_ERROR_UNSUPPORTED if
 *   functions cannot be given to guests here; or with another code.
 */
gboolean pci_driver_detach(const ZpciHost *host, const PciAddress *address, const char *driver,
                           GError **error);

/**
 * pci_driver_reattach:
 *
 * Takes the function from VFIO and lets the kernel choose a driver, if it has one for it. Nothing
 * happens to a function that another driver has. After a failure it has the driver that it had.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if somebody uses the function, or with another code.
 */
gboolean pci_driver_reattach(const ZpciHost *host, const PciAddress *address, GError **error);
