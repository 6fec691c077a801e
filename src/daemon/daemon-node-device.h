/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls that read one device, and those about its events; each is a DaemonCallHandler. */

gboolean daemon_node_device_lookup(DaemonCall *call);
gboolean daemon_node_device_lookup_scsi(DaemonCall *call);
gboolean daemon_node_device_get_xml(DaemonCall *call);
gboolean daemon_node_device_get_parent(DaemonCall *call);
gboolean daemon_node_device_count_capabilities(DaemonCall *call);
gboolean daemon_node_device_list_capabilities(DaemonCall *call);
gboolean daemon_node_device_get_autostart(DaemonCall *call);
gboolean daemon_node_device_is_persistent(DaemonCall *call);
gboolean daemon_node_device_is_active(DaemonCall *call);
gboolean daemon_node_device_register_event(DaemonCall *call);
gboolean daemon_node_device_deregister_event(DaemonCall *call);

/**
 * daemon_node_device_check:
 *
 * Returns: whether the device exists; if not, the call's error is set.
 */
gboolean daemon_node_device_check(DaemonCall *call, const char *name);

/**
 * daemon_node_device_get_existing:
 * @name: (out) (transfer full): the next argument: the name of a device that exists
 *
 * Returns: %FALSE, and the call's error is set, if it does not decode or exist.
 */
gboolean daemon_node_device_get_existing(DaemonCall *call, char **name);

/**
 * daemon_node_device_name_is_persistent:
 *
 * Returns: whether the device is there at every start of the host. As in stock libvirt, that is
 * said of the host itself and of nothing else that is hardware.
 */
gboolean daemon_node_device_name_is_persistent(const char *name);
