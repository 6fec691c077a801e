/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls of daemon-node-device.h that ask for what is at hand, see zpci_inventory_get_ready().
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
