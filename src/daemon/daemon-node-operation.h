/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls that change a device, or make one; each is a DaemonCallHandler. */

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
