/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls that are known and refused, in the way that stock libvirt refuses them for hardware;
 * each is a DaemonCallHandler. */

/* Not (yet) done to node devices here: creating, defining, updating, detaching, resetting. */
gboolean daemon_refusal_of_device(DaemonCall *call);

gboolean daemon_refusal_of_destroy(DaemonCall *call);
gboolean daemon_refusal_of_undefine(DaemonCall *call);
gboolean daemon_refusal_of_start(DaemonCall *call);
gboolean daemon_refusal_of_autostart(DaemonCall *call);
