/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"

/**
 * node_device_native_list:
 *
 * Returns: (transfer full) (element-type utf8): the names of the devices of @host that are wished,
 *   family by family; %NULL with @error set if it cannot be read.
 */
GPtrArray *node_device_native_list(const ZpciHost *host, const NodeDeviceWish *wish,
                                   GError **error);

/** node_device_native_list_covers: whether a family may have one of these capabilities. */
gboolean node_device_native_list_covers(const char *const *capabilities);
