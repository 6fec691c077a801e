/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"
#include "pci-config.h"
#include "pci-mdev-type.h"
#include "pci-vpd.h"
#include "zpci-function.h"

/* NumVFs of SR-IOV has 16 bits. */
#define PCI_DEVICE_MAX_VIRTFNS 65535

/* Facts that a host may not offer. */
#define PCI_DEVICE_UNKNOWN (-1)

/**
 * PciDevice:
 * @address: where it is
 * @path: its path in sysfs, "/sys/devices/..." also for a capture
 * @class_code: 24 bits, or %PCI_DEVICE_UNKNOWN
 * @vendor: vendor ID
 * @product: device ID
 * @driver: (nullable): the driver that it is bound to
 * @is_vfio: whether that is one of VFIO; looked at for lists only
 * @physfn: (nullable): the physical function that it belongs to
 * @virtfns: (element-type PciAddress): its virtual functions, in their order
 * @max_virtfns: how many it may have; 0 if it cannot have any
 * @iommu_group: its number, or %PCI_DEVICE_UNKNOWN
 * @iommu_members: (element-type PciAddress): all functions of that group
 * @numa_node: its node, or %PCI_DEVICE_UNKNOWN
 * @config: what configuration space says; all zero if we may not read it
 * @mdev_types: (element-type PciMdevType): the mediated devices that it can make
 * @vpd: (nullable): its Vital Product Data, if it has any and it is good
 * @zpci: (nullable): what is known of it as a zPCI function; %NULL if it is none
 * @stamp: (nullable): one for which pci_stamp_holds() as long as it stays like this; %NULL if it
 * can change without that
 *
 * One PCI function, as the host shows it at one moment.
 */
typedef struct {
    PciAddress address;
    char *path;
    gint32 class_code;
    guint16 vendor;
    guint16 product;
    char *driver;
    gboolean is_vfio;
    PciAddress *physfn;
    GArray *virtfns;
    guint max_virtfns;
    int iommu_group;
    GArray *iommu_members;
    int numa_node;
    PciConfig config;
    GPtrArray *mdev_types;
    PciVpd *vpd;
    ZpciFunction *zpci;
    char *stamp;
} PciDevice;

/** pci_device_new: (transfer full): an empty one, nothing known. */
PciDevice *pci_device_new(void);

/** pci_device_free: @device may be %NULL. */
void pci_device_free(PciDevice *device);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PciDevice, pci_device_free)
