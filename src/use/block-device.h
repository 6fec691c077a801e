/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The most block devices that one PCI function carries, with all that is built upon them. */
#define BLOCK_DEVICE_MAX 65536

/**
 * BlockDevice:
 * @name: the kernel's, "vda1"
 * @number: (nullable): "253:1", as /proc has it; %NULL for a path of a multipath disk
 * @mapped: (nullable): the name that the device mapper gave it
 * @lower: (nullable): the device that it is built upon, for one that is none of the function's own
 *
 * A disk, a partition, or a device that the kernel made of others: device mapper, RAID.
 */
typedef struct {
    char *name;
    char *number;
    char *mapped;
    char *lower;
} BlockDevice;

/**
 * block_device_list:
 * @path: a function's directory below sysfs
 *
 * Returns: (transfer full) (element-type BlockDevice): what would be gone with the function: its
 *   disks and partitions, and all that is built upon them; %NULL with @error set.
 */
GPtrArray *block_device_list(int sysfs, const char *path, GError **error);

/**
 * block_device_list_upon:
 * @names: (element-type utf8): the disks and partitions of a function
 *
 * Returns: as block_device_list(), which finds @names by itself.
 */
GPtrArray *block_device_list_upon(int sysfs, const GPtrArray *names, GError **error);

/**
 * block_device_format:
 *
 * Returns: (transfer full): its name for a person, with that of the device mapper if it has one.
 */
char *block_device_format(const BlockDevice *device);

/** block_device_get_node: (transfer full): the path of its node below /dev. */
char *block_device_get_node(const BlockDevice *device);
