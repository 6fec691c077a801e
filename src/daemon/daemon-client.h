/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <gio/gio.h>

#include "daemon-session.h"

/* The longest packet of a client that has not shown who it is. What it may call has no arguments to
 * speak of; one that opens a name too early shall still hear why that fails. */
#define DAEMON_CLIENT_MAX_ANONYMOUS_BYTES 16384

/* While calls of more bytes than this wait, no more are read from a client. */
#define DAEMON_CLIENT_MAX_QUEUED_BYTES (1024 * 1024)

/**
 * DaemonClient:
 *
 * A client whom we answer: its connection, its keepalive and its session, from when its socket is
 * there to when its stream ends.
 */
typedef struct _DaemonClient DaemonClient;

/**
 * DaemonClientHandlers:
 * @authenticated: (nullable): the client has shown who it is; called at most once
 * @closed: the client has gone; called at most once. It may free @client.
 */
typedef struct {
    void (*authenticated)(gpointer client, gpointer user_data);
    void (*closed)(gpointer client, gpointer user_data);
} DaemonClientHandlers;

/**
 * DaemonClientKind:
 * @make: (transfer full): as daemon_client_new()
 * @is_authenticated: as daemon_client_is_authenticated()
 * @free: as daemon_client_free()
 *
 * What is done for those who come to a socket. The first argument of handlers is what @make made.
 */
typedef struct {
    gpointer (*make)(GSocket *socket, DaemonChannel channel, DaemonService *service,
                     const DaemonClientHandlers *handlers, gpointer user_data);
    gboolean (*is_authenticated)(gconstpointer client);
    void (*free)(gpointer client);
} DaemonClientKind;

/** daemon_client_kind: each is a #DaemonClient. */
extern const DaemonClientKind daemon_client_kind;

/**
 * daemon_client_new:
 * @socket: its connected stream socket
 * @channel: how it came
 * @service: borrowed; must outlive the client
 * @handlers: static
 *
 * Returns: (transfer full): the client, being served from the default main context; never fails.
 */
DaemonClient *daemon_client_new(GSocket *socket, DaemonChannel channel, DaemonService *service,
                                const DaemonClientHandlers *handlers, gpointer user_data);

/** daemon_client_is_authenticated: whether it has shown who it is. */
gboolean daemon_client_is_authenticated(const DaemonClient *client);

/**
 * daemon_client_free:
 * @client: (transfer full) (nullable): %NULL does nothing
 *
 * Drops the client if it is still there, without a call of its closed function. A call that is
 * being worked on comes to its end later; then what is left of the client goes.
 */
void daemon_client_free(DaemonClient *client);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonClient, daemon_client_free)
