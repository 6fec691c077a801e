/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-device.h"

PciDevice *
pci_device_new(void)
{
    PciDevice *device = g_new0(PciDevice, 1);

    device->class_code = PCI_DEVICE_UNKNOWN;
    device->iommu_group = PCI_DEVICE_UNKNOWN;
    device->numa_node = PCI_DEVICE_UNKNOWN;
    device->virtfns = g_array_new(FALSE, FALSE, sizeof(PciAddress));
    device->iommu_members = g_array_new(FALSE, FALSE, sizeof(PciAddress));
    device->mdev_types = g_ptr_array_new();
    return device;
}

void
pci_device_free(PciDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->path);
    g_free(device->driver);
    g_free(device->physfn);
    g_array_unref(device->virtfns);
    g_array_unref(device->iommu_members);
    g_ptr_array_unref(device->mdev_types);
    pci_vpd_unref(device->vpd);
    zpci_function_unref(device->zpci);
    g_free(device->stamp);
    g_free(device);
}
