/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "system-calls.h"

/**
 * vfio_cdev_read:
 * @node: the function's own node, "/dev/vfio/devices/vfioN"
 * @address: its PCI address
 * @dev: the directory of device nodes
 *
 * Reads VFIO_DEVICE_GET_INFO by the way of iommufd (Linux 6.6 and newer): the device answers only
 * after it has been bound to an iommufd.
 *
 * Returns: (transfer full): the reply; %NULL with %ZPCI_ERROR_IN_USE if the function is taken, or
 *   another code. Everything is closed again in both cases.
 */
GByteArray *vfio_cdev_read(const char *node, const char *address, const char *dev,
                           const SystemCalls *calls, GError **error);
