/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-events.h"

#include <glib/gi18n.h>
#include <string.h>

#include "zpci-error.h"

/* Longer than any name of a device; what is longer matches none, so it need not be kept whole. */
#define MAX_NAME 1024

typedef struct {
    DaemonEventId event;
    char *device;
} Registration;

struct _DaemonEvents {
    GHashTable *registrations; /* by callback id */
    gint32 next_id;
};

static void
registration_free(gpointer data)
{
    Registration *registration = data;

    g_free(registration->device);
    g_free(registration);
}

DaemonEvents *
daemon_events_new(void)
{
    DaemonEvents *events = g_new0(DaemonEvents, 1);

    events->registrations = g_hash_table_new_full(NULL, NULL, NULL, registration_free);
    return events;
}

void
daemon_events_free(DaemonEvents *events)
{
    if (events == NULL)
        return;
    g_hash_table_unref(events->registrations);
    g_free(events);
}

gboolean
daemon_events_add_as(DaemonEvents *events, DaemonEventId event, const char *device,
                     gint32 callback_id, GError **error)
{
    Registration *registration;

    if (g_hash_table_size(events->registrations) >= DAEMON_EVENTS_MAX ||
        callback_id == G_MAXINT32) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("This connection cannot register for more events; the limit is %d. "
                      "Deregister some, or open another connection."),
                    DAEMON_EVENTS_MAX);
        return FALSE;
    }

    registration = g_new0(Registration, 1);
    registration->event = event;
    registration->device = device == NULL ? NULL : g_strndup(device, MAX_NAME);
    g_hash_table_insert(events->registrations, GINT_TO_POINTER(callback_id), registration);
    return TRUE;
}

gboolean
daemon_events_add(DaemonEvents *events, DaemonEventId event, const char *device,
                  gint32 *callback_id, GError **error)
{
    if (!daemon_events_add_as(events, event, device, events->next_id, error))
        return FALSE;
    *callback_id = events->next_id++;
    return TRUE;
}

gboolean
daemon_events_are_empty(const DaemonEvents *events)
{
    return g_hash_table_size(events->registrations) == 0;
}

gboolean
daemon_events_remove(DaemonEvents *events, gint32 callback_id)
{
    return g_hash_table_remove(events->registrations, GINT_TO_POINTER(callback_id));
}

void
daemon_events_match(const DaemonEvents *events, DaemonEventId event, const char *device,
                    DaemonEventsMatch match, gpointer user_data)
{
    GHashTableIter iterator;
    gpointer id, value;

    g_hash_table_iter_init(&iterator, events->registrations);
    while (g_hash_table_iter_next(&iterator, &id, &value)) {
        const Registration *registration = value;

        if (registration->event == event &&
            (registration->device == NULL || strcmp(registration->device, device) == 0))
            match(GPOINTER_TO_INT(id), user_data);
    }
}
