/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls that list devices; each is a DaemonCallHandler. */

gboolean daemon_node_list_count(DaemonCall *call);
gboolean daemon_node_list_names(DaemonCall *call);
gboolean daemon_node_list_devices(DaemonCall *call);
