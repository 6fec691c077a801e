/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-client.h"
#include "daemon-socket.h"

/**
 * DaemonServer:
 *
 * Takes clients from sockets, within the limits of the configuration.
 */
typedef struct _DaemonServer DaemonServer;

/**
 * DaemonServerIdleFunc:
 *
 * There has been no client for the whole time-out.
 */
typedef void (*DaemonServerIdleFunc)(gpointer user_data);

/**
 * daemon_server_new:
 * @service: borrowed; must outlive the server
 * @kind: static: what is done for those who come
 * @timeout_seconds: after how long without a client to call @idle; 0 for never
 *
 * The process may from now on have as many descriptors as its hard limit lets it.
 *
 * Returns: (transfer full): a server without sockets; never fails.
 */
DaemonServer *daemon_server_new(DaemonService *service, const DaemonClientKind *kind,
                                guint timeout_seconds, DaemonServerIdleFunc idle,
                                gpointer user_data);

/**
 * daemon_server_add:
 * @socket: (transfer full): to take clients from, from the default main context
 */
void daemon_server_add(DaemonServer *server, DaemonSocket *socket);

/**
 * daemon_server_update:
 *
 * Takes clients from now on if there is room by the configuration of @service, and none if not;
 * those wait in the backlogs of the sockets. To be called when the configuration has changed.
 */
void daemon_server_update(DaemonServer *server);

/**
 * daemon_server_free:
 * @server: (transfer full) (nullable): %NULL does nothing
 *
 * Drops all clients and closes the sockets.
 */
void daemon_server_free(DaemonServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonServer, daemon_server_free)
