/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-config.h"
#include "daemon-socket.h"

/**
 * DaemonEndpoints:
 * @sockets: (element-type DaemonSocket): those to serve; whoever takes one over sets the array's
 *   free function aside
 * @lock: holds our claim to them; -1 if systemd takes care that there is one of us only
 *
 * Where clients reach us.
 */
typedef struct {
    GPtrArray *sockets;
    int lock;
} DaemonEndpoints;

/**
 * daemon_endpoints_open:
 * @path: (nullable): the socket to make; %NULL for those that systemd has passed, or else the usual
 *   ones. Root gets a second one beside it, for reading.
 * @endpoints: (out): written on success only; to be cleared with daemon_endpoints_clear()
 *
 * Returns: %FALSE with @error set if a socket cannot be had, or another instance serves there.
 */
gboolean daemon_endpoints_open(const DaemonConfig *config, const char *path,
                               DaemonEndpoints *endpoints, GError **error);

/** daemon_endpoints_clear: gives up the claim, and closes what was not taken over. */
void daemon_endpoints_clear(DaemonEndpoints *endpoints);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DaemonEndpoints, daemon_endpoints_clear)
