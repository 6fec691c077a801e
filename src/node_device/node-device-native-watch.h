/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-watch.h"
#include "udev-monitor.h"
#include "zpci-host.h"

/**
 * node_device_native_watch_new:
 * @host: borrowed; must outlive the watch
 *
 * Begins to listen to udev, unless the host is a captured one, and lists all families.
 *
 * Returns: (transfer full): the watch; %NULL with @error set.
 */
NodeDeviceWatch *node_device_native_watch_new(const ZpciHost *host, NodeDeviceWatchHandler handler,
                                              gpointer user_data, GError **error);

/** node_device_native_watch_handle: udev says that something happened to a device. */
void node_device_native_watch_handle(NodeDeviceWatch *watch, const UdevEvent *event);

/** node_device_native_watch_resync: tells of all that came and went since the last event. */
void node_device_native_watch_resync(NodeDeviceWatch *watch);
