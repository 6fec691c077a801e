/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <gio/gio.h>

#include "daemon-config.h"

/**
 * DaemonClient:
 *
 * One client: its connection, its keepalive and its session, from when its socket is there to when
 * its stream ends.
 */
typedef struct _DaemonClient DaemonClient;

/**
 * DaemonClientClosedFunc:
 *
 * The client has gone; called at most once. It may free @client.
 */
typedef void (*DaemonClientClosedFunc)(DaemonClient *client, gpointer user_data);

/**
 * daemon_client_new:
 * @socket: its connected stream socket
 * @config: borrowed; must outlive the client
 * @inherited: whether the client is the process that started us; see #DaemonSession
 *
 * Returns: (transfer full): the client, being served from the default main context; never fails.
 */
DaemonClient *daemon_client_new(GSocket *socket, gboolean inherited, const DaemonConfig *config,
                                DaemonClientClosedFunc closed, gpointer user_data);

/**
 * daemon_client_free:
 * @client: (transfer full) (nullable): %NULL does nothing
 *
 * Drops the client if it is still there, without a call of its closed function.
 */
void daemon_client_free(DaemonClient *client);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonClient, daemon_client_free)
