/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "block-device.h"
#include "system-calls.h"

/**
 * BlockUseKind:
 * @BLOCK_USE_MOUNT: its file system is mounted on @place
 * @BLOCK_USE_SWAP: it is a swap area
 * @BLOCK_USE_BTRFS: it belongs to a btrfs file system of several devices that is mounted
 * @BLOCK_USE_UPPER: it was made of another one: that one is a part of it
 *
 * What a block device is used for.
 */
typedef enum {
    BLOCK_USE_MOUNT,
    BLOCK_USE_SWAP,
    BLOCK_USE_BTRFS,
    BLOCK_USE_UPPER,
} BlockUseKind;

/**
 * BlockUse:
 * @device: borrowed
 * @place: (nullable): where it is mounted
 */
typedef struct {
    BlockUseKind kind;
    const BlockDevice *device;
    char *place;
} BlockUse;

/**
 * block_use_list:
 *
 * Returns: (transfer full) (element-type BlockUse): what @devices, which have to live as long, are
 *   used for; %NULL with @error set if that cannot be told.
 */
GPtrArray *block_use_list(int sysfs, const char *proc, const GPtrArray *devices, GError **error);

/**
 * block_use_check:
 * @sysfs: descriptor of the root of sysfs
 * @proc: the directory of processes, "/proc"
 * @devices: (element-type BlockDevice): what is on a function, see block_device_list()
 * @function: the function's address, for messages
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE, which says what for, if one of @devices is mounted, is
 *   swapped to, or has become a part of another device; or with another code if that cannot be
 *   told.
 */
gboolean block_use_check(int sysfs, const char *proc, const GPtrArray *devices,
                         const char *function, GError **error);

/**
 * block_use_check_claims:
 * @dev: the directory of device nodes
 *
 * Asks the kernel whether it lets us have each of @devices to ourselves for a moment. That finds
 * what no list of our own tells, as a file system that is mounted in a container only.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if somebody has one; or with another code if the kernel
 *   does not tell.
 */
gboolean block_use_check_claims(const SystemCalls *calls, int sysfs, const char *dev,
                                const GPtrArray *devices, const char *function, GError **error);
