/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "system-calls.h"

/**
 * vfio_group_read:
 * @node: the group's node
 * @address: the function's PCI address
 * @dev: the directory of device nodes
 *
 * Reads VFIO_DEVICE_GET_INFO by the way of groups: container, group, IOMMU, device. See the
 * kernel's Documentation/driver-api/vfio.rst.
 *
 * Returns: (transfer full): the reply; %NULL with %ZPCI_ERROR_IN_USE if the group is taken, or
 * another code. Everything is closed again in both cases.
 */
GByteArray *vfio_group_read(const char *node, const char *address, const char *dev,
                            const SystemCalls *calls, GError **error);
