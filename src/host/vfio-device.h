/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "system-calls.h"

/**
 * VfioDevice:
 * @address: the function's PCI address
 * @group_node: (nullable): "/dev/vfio/N" of its IOMMU group, if the kernel offers it
 * @cdev_node: (nullable): "/dev/vfio/devices/vfioN" of its own, if the kernel offers it
 * @binding: names this binding to the driver: it changes when the function is bound anew
 * @bound_seconds: for how long it has been bound
 *
 * A function that is bound to a VFIO driver, which is told by what the kernel makes of it and not
 * by the driver's name: variants such as ism_vfio_pci count too.
 */
typedef struct {
    char *address;
    char *group_node;
    char *cdev_node;
    char *binding;
    gint64 bound_seconds;
} VfioDevice;

/**
 * vfio_device_find:
 * @sysfs: descriptor of the root of sysfs
 * @directory: descriptor of the function's directory in it
 * @dev: the directory of device nodes, "/dev"
 *
 * Looks only; opens nothing.
 *
 * Returns: (transfer full) (nullable): free with vfio_device_free(); %NULL if the function is not
 *   bound to a VFIO driver.
 */
VfioDevice *vfio_device_find(int sysfs, int directory, const char *address, const char *dev);

/**
 * vfio_device_has_driver:
 * @path: the function's directory below sysfs
 *
 * Returns: whether the function has a driver of VFIO, by the driver's name or by what the kernel
 *   makes of the function.
 */
gboolean vfio_device_has_driver(int sysfs, const char *path);

/**
 * vfio_device_is_driver:
 * @directory: descriptor of the function's directory
 * @driver: (nullable): the driver that it is bound to
 *
 * Returns: the same of a function whose driver is known.
 */
gboolean vfio_device_is_driver(int directory, const char *driver);

/** vfio_device_free: @device may be %NULL. */
void vfio_device_free(VfioDevice *device);

/** vfio_device_get_node: the node through which it is read; one at a time can have it open. */
const char *vfio_device_get_node(const VfioDevice *device);

/**
 * vfio_device_read:
 * @dev: the directory of device nodes
 *
 * Opens the function, asks VFIO_DEVICE_GET_INFO, and closes it at once. Opening enables and resets
 * the function and keeps everybody else out meanwhile: a guest that starts at that moment fails.
 * Callers decide when that is fair.
 *
 * Returns: (transfer full): the reply; %NULL with %ZPCI_ERROR_IN_USE if somebody has it, or another
 *   code.
 */
GByteArray *vfio_device_read(const VfioDevice *device, const char *dev, const SystemCalls *calls,
                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(VfioDevice, vfio_device_free)
