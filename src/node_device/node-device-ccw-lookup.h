/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "ccw-device.h"
#include "zpci-host.h"

/* Devices of the channel subsystem that are node devices in the libvirt that is followed. */

/** node_device_ccw_lookup_identify: as ccw_reading_identify(); %NULL for what is none. */
CcwDevice *node_device_ccw_lookup_identify(const ZpciHost *host, CcwKind kind, const char *sysname);

/** node_device_ccw_lookup_find: the same by the name of the node device. */
CcwDevice *node_device_ccw_lookup_find(const ZpciHost *host, const char *name);

/**
 * node_device_ccw_lookup_find_at:
 * @path: of a directory below sysfs, "devices/..."
 *
 * Returns: (transfer full) (nullable): the name of the node device whose directory it is; %NULL if
 *   it is that of none.
 */
char *node_device_ccw_lookup_find_at(const ZpciHost *host, const char *path);
