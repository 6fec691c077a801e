/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

/* The calls by which a client shows who it is; each is a DaemonCallHandler. */

gboolean daemon_auth_list(DaemonCall *call);
gboolean daemon_auth_polkit(DaemonCall *call);
gboolean daemon_auth_refuse(DaemonCall *call);
