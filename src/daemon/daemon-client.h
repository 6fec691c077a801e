/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <gio/gio.h>

#include "daemon-service.h"

/* How many calls of one client may be under way; more are not read until one is answered. Stock
 * libvirt's max_client_requests. */
#define DAEMON_CLIENT_MAX_REQUESTS 5

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
 * @inherited: whether the client is the process that started us; see #DaemonSession
 * @service: borrowed; must outlive the client
 *
 * Returns: (transfer full): the client, being served from the default main context; never fails.
 */
DaemonClient *daemon_client_new(GSocket *socket, gboolean inherited, DaemonService *service,
                                DaemonClientClosedFunc closed, gpointer user_data);

/**
 * daemon_client_free:
 * @client: (transfer full) (nullable): %NULL does nothing
 *
 * Drops the client if it is still there, without a call of its closed function. A call that is
 * being worked on comes to its end later; then what is left of the client goes.
 */
void daemon_client_free(DaemonClient *client);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonClient, daemon_client_free)
