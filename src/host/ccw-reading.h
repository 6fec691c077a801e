/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "ccw-device.h"
#include "zpci-host.h"

/**
 * ccw_reading_list:
 *
 * Returns: (transfer full) (element-type utf8): the names in sysfs of all that are on the bus of
 *   @kind, by name; %NULL with @error set. A host without channel subsystem has none.
 */
GPtrArray *ccw_reading_list(const ZpciHost *host, CcwKind kind, GError **error);

/**
 * ccw_reading_identify:
 * @sysname: any text
 *
 * Returns: (transfer full) (nullable): the path, the driver, the state and the type; %NULL if it is
 *   not there, or is of those that libvirt does not list: subchannels of other than devices,
 *   devices whose state is no number, and groups of other than qeth.
 */
CcwDevice *ccw_reading_identify(const ZpciHost *host, CcwKind kind, const char *sysname);

/** ccw_reading_has_group: whether a device is a member of a group that is there. */
gboolean ccw_reading_has_group(const ZpciHost *host, const CcwDevice *device);

/** ccw_reading_has_mdev_types: whether a subchannel can make mediated devices. */
gboolean ccw_reading_has_mdev_types(const ZpciHost *host, const CcwDevice *device);

/**
 * ccw_reading_complete:
 *
 * Reads what ccw_reading_identify() leaves out.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if the device has vanished since.
 */
gboolean ccw_reading_complete(const ZpciHost *host, CcwDevice *device, GError **error);

/**
 * ccw_reading_find_kind:
 * @path: of a directory below sysfs, "devices/..."
 *
 * Returns: whether it is of a device of one of these buses; @kind is written only then.
 */
gboolean ccw_reading_find_kind(const ZpciHost *host, const char *path, CcwKind *kind);
