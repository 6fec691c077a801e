/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"

/**
 * node_device_native_new:
 * @host: borrowed; must outlive the source
 *
 * Returns: (transfer full): the devices of all families of @host; never fails.
 */
NodeDeviceSource *node_device_native_new(const ZpciHost *host);

/**
 * node_device_native_get_ready:
 * @source: one of node_device_native_new()
 *
 * See zpci_inventory_get_ready().
 */
gboolean node_device_native_get_ready(const NodeDeviceSource *source, const char *name, char **xml,
                                      char ***capabilities);
