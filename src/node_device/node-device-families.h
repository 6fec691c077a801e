/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-family.h"
#include "node-device-source.h"

/** How many families there are. */
#define NODE_DEVICE_FAMILIES 7

/** node_device_families: all families, in the order of a list. */
extern const NodeDeviceFamily *const node_device_families[NODE_DEVICE_FAMILIES];

/**
 * node_device_families_find:
 *
 * Returns: (nullable): the family of the device @name if it is there now; %NULL with
 *   %ZPCI_ERROR_NOT_FOUND that repeats @name if not.
 */
const NodeDeviceFamily *node_device_families_find(const ZpciHost *host, const char *name,
                                                  GError **error);

/**
 * node_device_families_choose:
 *
 * The same for who asks the family for a document next: the device of one that @finds_itself may
 * turn out not to be there.
 */
const NodeDeviceFamily *node_device_families_choose(const ZpciHost *host, const char *name,
                                                    GError **error);

/**
 * node_device_families_get_function:
 * @outline: whether what tells functions apart is enough
 * @function: (out) (transfer full) (nullable): %NULL if the device is no zPCI function; written on
 *   success only
 *
 * Returns: %FALSE with @error set if there is no such device, or it cannot be read.
 */
gboolean node_device_families_get_function(const ZpciHost *host, const char *name, gboolean outline,
                                           ZpciFunction **function, GError **error);

/**
 * node_device_families_list:
 *
 * Returns: (transfer full) (element-type utf8): the names of the devices of @host that are wished,
 *   family by family; %NULL with @error set if it cannot be read.
 */
GPtrArray *node_device_families_list(const ZpciHost *host, const NodeDeviceWish *wish,
                                     GError **error);

/** node_device_families_cover: whether a family may have one of these capabilities. */
gboolean node_device_families_cover(const char *const *capabilities);
