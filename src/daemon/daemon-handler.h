/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The handlers of all calls, by the file that has them; daemon-procedure.c is the table. */

/* The calls by which a client shows who it is. */

gboolean daemon_auth_list(DaemonCall *call);
gboolean daemon_auth_polkit(DaemonCall *call);
gboolean daemon_auth_refuse(DaemonCall *call);

/* The calls about the connection itself. */

gboolean daemon_connect_open(DaemonCall *call);
gboolean daemon_connect_close(DaemonCall *call);
gboolean daemon_connect_supports_feature(DaemonCall *call);
gboolean daemon_connect_get_type(DaemonCall *call);
gboolean daemon_connect_get_uri(DaemonCall *call);
gboolean daemon_connect_get_lib_version(DaemonCall *call);
gboolean daemon_connect_is_secure(DaemonCall *call);
gboolean daemon_connect_set_identity(DaemonCall *call);

/* The connection never closes for a reason that a callback could tell, so there is nothing to keep.
 */
gboolean daemon_connect_accept_close_callback(DaemonCall *call);

/* The calls that list devices, read one, and are about events. */

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

/* The calls that change a device, or make one. */

gboolean daemon_node_operation_create(DaemonCall *call);
gboolean daemon_node_operation_define(DaemonCall *call);
gboolean daemon_node_operation_undefine(DaemonCall *call);
gboolean daemon_node_operation_update(DaemonCall *call);
gboolean daemon_node_operation_start(DaemonCall *call);
gboolean daemon_node_operation_destroy(DaemonCall *call);
gboolean daemon_node_operation_set_autostart(DaemonCall *call);
gboolean daemon_node_operation_detach(DaemonCall *call);
gboolean daemon_node_operation_detach_flags(DaemonCall *call);
gboolean daemon_node_operation_reattach(DaemonCall *call);
gboolean daemon_node_operation_reset(DaemonCall *call);

/* Those of daemon-node-device.c that ask for what is at hand, see zpci_inventory_get_ready().
 * Each returns %FALSE if it is not, or anything else is out of the ordinary: then the other one has
 * to answer. */

/** daemon_node_ready_lookup: virNodeDeviceLookupByName */
gboolean daemon_node_ready_lookup(DaemonCall *call);

/** daemon_node_ready_get_xml: virNodeDeviceGetXMLDesc */
gboolean daemon_node_ready_get_xml(DaemonCall *call);

/** daemon_node_ready_count_capabilities: virNodeDeviceNumOfCaps */
gboolean daemon_node_ready_count_capabilities(DaemonCall *call);

/** daemon_node_ready_list_capabilities: virNodeDeviceListCaps */
gboolean daemon_node_ready_list_capabilities(DaemonCall *call);
