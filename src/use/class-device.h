/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"

/**
 * class_device_list_below:
 * @sysfs: descriptor of the root of sysfs
 * @subsystem: a directory of links to devices, "class/net"
 * @path: a directory below sysfs, "devices/..."
 *
 * Returns: (transfer full) (element-type utf8): the names of those in @subsystem that are in @path
 *   or in a directory below it, in no order; none if the host has no such class. %NULL with @error
 *   set.
 */
GPtrArray *class_device_list_below(int sysfs, const char *subsystem, const char *path,
                                   GError **error);

/**
 * class_device_find_function:
 * @name: a device of @subsystem, "eth0"; any text
 * @address: (out): of the PCI function that has it, "0005:00:00.0"; written on success only
 *
 * Returns: %FALSE if there is no such device, or it is of no PCI function.
 */
gboolean class_device_find_function(int sysfs, const char *subsystem, const char *name,
                                    char address[PCI_ADDRESS_TEXT_SIZE]);

/**
 * class_device_index:
 *
 * Returns: (transfer full) (element-type utf8 GPtrArray): the names of all devices in @subsystem
 *   that belong to a PCI function, by its address, "0005:00:00.0", each list sorted; %NULL with
 *   @error set.
 */
GHashTable *class_device_index(int sysfs, const char *subsystem, GError **error);
