/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-events.h"
#include "daemon-host.h"

typedef struct _DaemonSession DaemonSession;

/**
 * DaemonNotifier:
 *
 * Tells one client what happens to the devices that it has registered for. The host is watched only
 * while there is a registration.
 */
typedef struct _DaemonNotifier DaemonNotifier;

/**
 * DaemonNotifierHandlers:
 * @send: sends a whole packet to the client
 * @wants: (nullable): whether the client is told of the device @name at all
 */
typedef struct {
    void (*send)(const GByteArray *packet, gpointer user_data);
    gboolean (*wants)(const char *name, gpointer user_data);
} DaemonNotifierHandlers;

/** daemon_notifier_is_event: whether a message of this procedure tells of a node device. */
gboolean daemon_notifier_is_event(gint32 procedure);

/**
 * daemon_notifier_new:
 * @handlers: static
 *
 * Returns: (transfer full): a notifier without any registration; never fails.
 */
DaemonNotifier *daemon_notifier_new(const DaemonNotifierHandlers *handlers, gpointer user_data);

/**
 * daemon_notifier_guard:
 * @session: borrowed; must outlive the notifier
 *
 * From now on the client of @session hears only of devices that it may know of.
 */
void daemon_notifier_guard(DaemonNotifier *notifier, const DaemonSession *session);

/**
 * daemon_notifier_free:
 * @notifier: (transfer full) (nullable): %NULL does nothing
 */
void daemon_notifier_free(DaemonNotifier *notifier);

/**
 * daemon_notifier_register:
 * @host: borrowed; the one of all registrations, and must outlive the notifier. The client must
 *   expect to watch it.
 * @device: as for daemon_events_add()
 * @callback_id: (out): as for daemon_events_add()
 *
 * The host is watched before this returns, so what happens after the answer is not missed.
 *
 * Returns: %FALSE with @error set, and nothing registered, if there are too many registrations.
 */
gboolean daemon_notifier_register(DaemonNotifier *notifier, DaemonHost *host, DaemonEventId event,
                                  const char *device, gint32 *callback_id, GError **error);

/**
 * daemon_notifier_register_as:
 * @callback_id: the number that somebody else has given the registration
 *
 * The same as daemon_notifier_register() for a connection whose registrations all have the numbers
 * of somebody else.
 *
 * Returns: %FALSE with @error set, and nothing registered, if there are too many registrations.
 */
gboolean daemon_notifier_register_as(DaemonNotifier *notifier, DaemonHost *host,
                                     DaemonEventId event, const char *device, gint32 callback_id,
                                     GError **error);

/**
 * daemon_notifier_deregister:
 *
 * Returns: whether there was a registration of that number.
 */
gboolean daemon_notifier_deregister(DaemonNotifier *notifier, gint32 callback_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonNotifier, daemon_notifier_free)
