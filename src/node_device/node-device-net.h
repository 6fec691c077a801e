/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "net-device.h"

/* What the names of all interfaces begin with. */
#define NODE_DEVICE_NET_PREFIX "net_"

/**
 * node_device_net_name:
 * @address: (nullable): the interface's link-layer address
 *
 * Returns: (transfer full): libvirt's name of the interface @sysname: "net_eth0_02_fc_00_00_00_01".
 *   Two interfaces may have the same one.
 */
char *node_device_net_name(const char *sysname, const char *address);

/** node_device_net_format: (transfer full): the document of an interface below @parent. */
char *node_device_net_format(const NetDevice *device, const char *parent);
