/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"

/**
 * upstream_source_new:
 * @uri: of libvirt
 * @read_only: whether to open it read-only
 *
 * Begins to connect.
 *
 * Returns: (transfer full): the devices of the daemon behind us; %NULL if @uri is no URI, or there
 *   is no libvirt. The connection ends with it; those made of it for others must have been freed
 *   before.
 */
NodeDeviceSource *upstream_source_new(const char *uri, gboolean read_only, GError **error);
