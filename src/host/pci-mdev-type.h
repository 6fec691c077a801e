/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The most types of one function that are shown; the largest known lists have some dozens. */
#define PCI_MDEV_TYPE_MAX 256

/**
 * PciMdevType:
 * @id: what names it to the kernel, such as "i915-GVTg_V5_4"
 * @name: (nullable): what names it to people
 * @device_api: what drives such a device: "vfio-pci", "vfio-ccw"
 * @available: how many more can be made now
 *
 * A kind of mediated devices that a function's driver can make.
 */
typedef struct {
    char *id;
    char *name;
    char *device_api;
    guint available;
} PciMdevType;

/**
 * pci_mdev_type_list:
 * @directory: the function's directory
 *
 * One that lacks the API or the number that are left is not shown: Linux,
 * Documentation/driver-api/vfio-mediated-device.rst, requires both.
 *
 * Returns: (transfer full) (element-type PciMdevType): in the directory's own order, as libvirt has
 *   it; empty if the function makes no mediated devices.
 */
GPtrArray *pci_mdev_type_list(int directory);

/** pci_mdev_type_compare: a GCompareFunc for the elements of such a list: by ID. */
int pci_mdev_type_compare(gconstpointer a, gconstpointer b);

/** pci_mdev_type_free: @type may be %NULL. */
void pci_mdev_type_free(PciMdevType *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PciMdevType, pci_mdev_type_free)
