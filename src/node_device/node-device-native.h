/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"

/**
 * node_device_native_new:
 * @host: borrowed; must outlive the source
 *
 * Returns: (transfer full): the devices of all families of @host; never fails.
 */
NodeDeviceSource *node_device_native_new(const ZpciHost *host);
