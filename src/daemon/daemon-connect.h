/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls about the connection itself; each is a DaemonCallHandler. */

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
