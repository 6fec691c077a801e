/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci-operation.h"

#include "node-device-name.h"
#include "pci-driver.h"
#include "pci-reset.h"

gboolean
node_device_pci_operation_detach(const ZpciHost *host, const char *name, const char *driver,
                                 GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_driver_detach(host, &address, driver, error);
}

gboolean
node_device_pci_operation_reattach(const ZpciHost *host, const char *name, GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_driver_reattach(host, &address, error);
}

gboolean
node_device_pci_operation_reset(const ZpciHost *host, const char *name, GError **error)
{
    PciAddress address = { 0 };

    node_device_name_parse(name, &address);
    return pci_reset(host, &address, error);
}
