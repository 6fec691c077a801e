/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-notifier.h"

#include "daemon-gate.h"
#include "daemon-procedure.h"
#include "rpc-frame.h"

#define EVENT_LIFECYCLE 376
#define EVENT_UPDATE 377

/* virNodeDeviceEventLifecycleType. An update is no event of this kind. */
static const gint32 lifecycles[] = {
    [ZPCI_EVENT_CREATED] = 0,
    [ZPCI_EVENT_DELETED] = 1,
    [ZPCI_EVENT_DEFINED] = 2,
    [ZPCI_EVENT_UNDEFINED] = 3,
};

/* What the stock daemon sends; clients do not look at it. */
#define EVENT_SERIAL 1

struct _DaemonNotifier {
    const DaemonNotifierHandlers *handlers;
    gpointer user_data;
    DaemonEvents *events;
    DaemonHost *host; /* NULL while there is no registration */
    const DaemonSession *session;
    DaemonGate *gate; /* NULL until polkit has to be asked about an event */
};

/* One thing that happened, while the registrations are gone through. */
typedef struct {
    const DaemonNotifier *notifier;
    ZpciEvent event;
    const char *name;
} Occurrence;

gboolean
daemon_notifier_is_event(gint32 procedure)
{
    return procedure == EVENT_LIFECYCLE || procedure == EVENT_UPDATE;
}

static void
daemon_notifier_send(gint32 callback_id, gpointer user_data)
{
    const Occurrence *occurrence = user_data;
    gboolean is_update = occurrence->event == ZPCI_EVENT_UPDATED;
    const RpcFrame header = {
        .program = DAEMON_PROCEDURE_PROGRAM,
        .version = DAEMON_PROCEDURE_VERSION,
        .procedure = is_update ? EVENT_UPDATE : EVENT_LIFECYCLE,
        .type = RPC_FRAME_MESSAGE,
        .serial = EVENT_SERIAL,
        .status = RPC_FRAME_OK,
    };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&header);

    rpc_xdr_put_i32(packet, callback_id);
    rpc_xdr_put_string(packet, occurrence->name, NULL);
    if (!is_update) {
        rpc_xdr_put_i32(packet, lifecycles[occurrence->event]);
        rpc_xdr_put_i32(packet, 0);
    }
    /* A device's name is short, so the packet always fits. */
    if (rpc_frame_end(packet, NULL))
        occurrence->notifier->handlers->send(packet, occurrence->notifier->user_data);
}

static void
daemon_notifier_tell(ZpciEvent event, const char *name, gpointer user_data)
{
    const DaemonNotifier *notifier = user_data;
    Occurrence occurrence = { notifier, event, name };

    daemon_events_match(notifier->events,
                        event == ZPCI_EVENT_UPDATED ? DAEMON_EVENT_UPDATE : DAEMON_EVENT_LIFECYCLE,
                        name, daemon_notifier_send, &occurrence);
}

static void
daemon_notifier_on_event(ZpciEvent event, const char *name, gpointer user_data)
{
    DaemonNotifier *notifier = user_data;

    if (notifier->handlers->wants != NULL && !notifier->handlers->wants(name, notifier->user_data))
        return;
    if (!daemon_access_is_controlled(notifier->session)) {
        daemon_notifier_tell(event, name, notifier);
        return;
    }
    if (notifier->gate == NULL)
        notifier->gate = daemon_gate_new(notifier->session, daemon_notifier_tell, notifier);
    if (!daemon_gate_push(notifier->gate, event, name))
        g_warning("polkit is too slow for the events of a client; it misses some.");
}

DaemonNotifier *
daemon_notifier_new(const DaemonNotifierHandlers *handlers, gpointer user_data)
{
    DaemonNotifier *notifier = g_new0(DaemonNotifier, 1);

    notifier->handlers = handlers;
    notifier->user_data = user_data;
    notifier->events = daemon_events_new();
    return notifier;
}

void
daemon_notifier_guard(DaemonNotifier *notifier, const DaemonSession *session)
{
    notifier->session = session;
}

/* Stops watching. */
static void
daemon_notifier_rest(DaemonNotifier *notifier)
{
    if (notifier->host != NULL)
        daemon_host_unwatch(notifier->host, notifier);
    notifier->host = NULL;
}

void
daemon_notifier_free(DaemonNotifier *notifier)
{
    if (notifier == NULL)
        return;
    daemon_notifier_rest(notifier);
    daemon_gate_free(notifier->gate);
    daemon_events_free(notifier->events);
    g_free(notifier);
}

static void
daemon_notifier_watch(DaemonNotifier *notifier, DaemonHost *host)
{
    if (notifier->host == NULL)
        daemon_host_watch(host, daemon_notifier_on_event, notifier);
    notifier->host = host;
}

gboolean
daemon_notifier_register(DaemonNotifier *notifier, DaemonHost *host, DaemonEventId event,
                         const char *device, gint32 *callback_id, GError **error)
{
    if (!daemon_events_add(notifier->events, event, device, callback_id, error))
        return FALSE;
    daemon_notifier_watch(notifier, host);
    return TRUE;
}

gboolean
daemon_notifier_register_as(DaemonNotifier *notifier, DaemonHost *host, DaemonEventId event,
                            const char *device, gint32 callback_id, GError **error)
{
    if (!daemon_events_add_as(notifier->events, event, device, callback_id, error))
        return FALSE;
    daemon_notifier_watch(notifier, host);
    return TRUE;
}

gboolean
daemon_notifier_deregister(DaemonNotifier *notifier, gint32 callback_id)
{
    gboolean removed = daemon_events_remove(notifier->events, callback_id);

    if (daemon_events_are_empty(notifier->events))
        daemon_notifier_rest(notifier);
    return removed;
}
