/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls that list devices, read one, and are about events; each is a DaemonCallHandler. */

gboolean daemon_node_device_count(DaemonCall *call);
gboolean daemon_node_device_list_names(DaemonCall *call);
gboolean daemon_node_device_list(DaemonCall *call);
gboolean daemon_node_device_lookup(DaemonCall *call);
gboolean daemon_node_device_lookup_scsi(DaemonCall *call);
gboolean daemon_node_device_get_xml(DaemonCall *call);
gboolean daemon_node_device_get_parent(DaemonCall *call);
gboolean daemon_node_device_count_capabilities(DaemonCall *call);
gboolean daemon_node_device_list_capabilities(DaemonCall *call);
gboolean daemon_node_device_get_autostart(DaemonCall *call);
gboolean daemon_node_device_is_persistent(DaemonCall *call);
gboolean daemon_node_device_is_active(DaemonCall *call);

/** daemon_node_device_expect_events: what of registering may take long, and has to come before it.
 */
gboolean daemon_node_device_expect_events(DaemonCall *call);
gboolean daemon_node_device_register_event(DaemonCall *call);
gboolean daemon_node_device_deregister_event(DaemonCall *call);
