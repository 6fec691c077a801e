/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-credentials.h"
#include "daemon-identity.h"
#include "daemon-notifier.h"
#include "daemon-service.h"

/**
 * DaemonChannel:
 * @DAEMON_CHANNEL_INHERITED: over a socket of the process that started us, which therefore is both
 *   the client and who decides what we may read
 * @DAEMON_CHANNEL_READ_WRITE: over our socket for everything
 * @DAEMON_CHANNEL_READ_ONLY: over our socket for reading
 *
 * How a client came to us.
 */
typedef enum {
    DAEMON_CHANNEL_INHERITED,
    DAEMON_CHANNEL_READ_WRITE,
    DAEMON_CHANNEL_READ_ONLY,
} DaemonChannel;

/**
 * DaemonSession:
 * @channel: how the client came to us
 * @credentials: who it is, as the kernel says; not known for an inherited socket
 * @label: (nullable): what the kernel's security module calls it
 * @service: borrowed: what all clients share
 * @awaits_polkit: the client was told to authenticate by polkit
 * @authenticated: the client has asked how to authenticate, and need not or has done so
 * @read_only: set when the connection was opened
 * @uri: (nullable): the name that the client opened; %NULL while the connection is not open
 * @driver: what libvirt calls the driver of that, in its rules for polkit; static
 * @host: (nullable): what is served; set together with @uri
 * @inventory: (nullable): that host's, or, if there is another daemon behind it that has to know on
 *   whose behalf it is asked, one for this client
 * @expects: the client is about to watch @host
 * @notifier: tells the client of the events that it has registered for
 * @identity: (nullable): on whose behalf the client says it calls; %NULL while it says nothing
 * @knows_keepalive: the client has asked for the keepalive program, so it may be pinged
 * @gone: cancelled when the stream has ended: nobody waits for an answer any more
 * @leaves: the client has said goodbye: close when the answer has gone out
 *
 * What the daemon remembers of one client, from its first packet to the end of its stream. Whoever
 * answers a call of the client has it alone meanwhile; a client's calls are answered one by one.
 */
typedef struct _DaemonSession {
    DaemonChannel channel;
    DaemonCredentials credentials;
    char *label;
    DaemonService *service;
    gboolean awaits_polkit;
    gboolean authenticated;
    gboolean read_only;
    char *uri;
    const char *driver;
    DaemonHost *host;
    ZpciInventory *inventory;
    gboolean expects;
    DaemonNotifier *notifier;
    DaemonIdentity *identity;
    gboolean knows_keepalive;
    GCancellable *gone;
    gboolean leaves;
} DaemonSession;

/**
 * daemon_session_new:
 * @notifier: (transfer full): the client's
 *
 * Returns: (transfer full): the session of a client of whom nothing is known yet; never fails.
 */
DaemonSession *daemon_session_new(DaemonChannel channel, DaemonService *service,
                                  DaemonNotifier *notifier);

/**
 * daemon_session_silence:
 *
 * The client's stream is over: it is told of nothing any more.
 */
void daemon_session_silence(DaemonSession *session);

/**
 * daemon_session_expect:
 *
 * The client is about to watch its host, for which everything is made ready. May take long, and may
 * be called in any thread.
 *
 * Returns: %FALSE with @error set if the host cannot be watched.
 */
gboolean daemon_session_expect(DaemonSession *session, GError **error);

/** daemon_session_expect_no_more: it watches now, or will not. */
void daemon_session_expect_no_more(DaemonSession *session);

/**
 * daemon_session_free:
 * @session: (transfer full) (nullable): %NULL does nothing
 */
void daemon_session_free(DaemonSession *session);

/**
 * daemon_session_open:
 * @uri: (transfer full): the name that the client opened
 * @host: (transfer full): what it gets to see
 *
 * The connection is open from now on; it must not have been before.
 */
void daemon_session_open(DaemonSession *session, char *uri, DaemonHost *host, gboolean read_only);

/**
 * daemon_session_identify:
 * @identity: (transfer full): on whose behalf the client calls from now on
 *
 * The connection must be open.
 */
void daemon_session_identify(DaemonSession *session, DaemonIdentity *identity);

/**
 * daemon_session_is_open:
 */
gboolean daemon_session_is_open(const DaemonSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonSession, daemon_session_free)
