/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-session.h"
#include "rpc-connection.h"

/**
 * DaemonNotifier:
 *
 * Tells one client what happens to the devices that it has registered for.
 */
typedef struct _DaemonNotifier DaemonNotifier;

/**
 * daemon_notifier_new:
 * @session: borrowed; open, and has registrations
 * @connection: borrowed; both must outlive the notifier
 *
 * Returns: (transfer full): the notifier; %NULL with @error set if the host's changes cannot be
 *   watched.
 */
DaemonNotifier *daemon_notifier_new(const DaemonSession *session, RpcConnection *connection,
                                    GError **error);

/** daemon_notifier_free: @notifier may be %NULL. */
void daemon_notifier_free(DaemonNotifier *notifier);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonNotifier, daemon_notifier_free)
