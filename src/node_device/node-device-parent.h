/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-host.h"

/**
 * node_device_parent_find:
 * @path: of a device in sysfs, with or without "/sys" before it
 *
 * Returns: (transfer full): the name of the node device that is above it: libvirt takes the nearest
 *   directory above that is one itself, "computer" if there is none.
 */
char *node_device_parent_find(const ZpciHost *host, const char *path);
