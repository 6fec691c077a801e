/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "system-calls.h"

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
