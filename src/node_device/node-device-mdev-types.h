/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/** The capability of a device that can make mediated devices. */
#define NODE_DEVICE_MDEV_TYPES "mdev_types"

/**
 * node_device_mdev_types_add:
 * @types: (element-type PciMdevType)
 *
 * Adds the capability to @capability, unless there are no types.
 */
void node_device_mdev_types_add(xmlNode *capability, const GPtrArray *types);
