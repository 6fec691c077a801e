/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* How many registrations one client may hold. libvirt's library makes one for each kind of event,
 * and one more for each device that somebody asks for by name; daemons have a connection for each
 * of their clients. */
#define DAEMON_EVENTS_MAX 256

typedef enum {
    DAEMON_EVENT_LIFECYCLE = 0,
    DAEMON_EVENT_UPDATE = 1,
} DaemonEventId;

/**
 * DaemonEvents:
 *
 * The events that one client has registered for. They end with its connection.
 */
typedef struct _DaemonEvents DaemonEvents;

/**
 * daemon_events_new:
 *
 * Returns: (transfer full): no registration.
 */
DaemonEvents *daemon_events_new(void);

/**
 * daemon_events_free:
 * @events: (transfer full) (nullable): %NULL does nothing
 */
void daemon_events_free(DaemonEvents *events);

/**
 * daemon_events_add:
 * @device: (nullable): the name of the only device that matters, %NULL for all; it need not exist
 * @callback_id: (out): the registration's number, not used before on this connection
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNSUPPORTED if there are %DAEMON_EVENTS_MAX already, or have
 *   been too many in all for another number.
 */
gboolean daemon_events_add(DaemonEvents *events, DaemonEventId event, const char *device,
                           gint32 *callback_id, GError **error);

/**
 * daemon_events_add_as:
 * @callback_id: the number that somebody else has given the registration
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNSUPPORTED if there are %DAEMON_EVENTS_MAX already.
 */
gboolean daemon_events_add_as(DaemonEvents *events, DaemonEventId event, const char *device,
                              gint32 callback_id, GError **error);

/** daemon_events_are_empty: whether there is no registration. */
gboolean daemon_events_are_empty(const DaemonEvents *events);

/**
 * daemon_events_remove:
 *
 * Returns: whether there was a registration of that number.
 */
gboolean daemon_events_remove(DaemonEvents *events, gint32 callback_id);

/**
 * DaemonEventsMatch:
 * @callback_id: the number of a registration that matches
 */
typedef void (*DaemonEventsMatch)(gint32 callback_id, gpointer user_data);

/**
 * daemon_events_match:
 * @device: the device that something happened to
 *
 * Calls @match for each registration that wants to hear of it.
 */
void daemon_events_match(const DaemonEvents *events, DaemonEventId event, const char *device,
                         DaemonEventsMatch match, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonEvents, daemon_events_free)
