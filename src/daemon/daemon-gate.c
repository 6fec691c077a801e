/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-gate.h"

typedef struct {
    ZpciEvent event;
    char *name;
    DaemonSubject subject;
    gboolean may_know;
} Waiting;

struct _DaemonGate {
    const DaemonSession *session;
    DaemonWorkers *workers;
    ZpciMonitorHandler pass; /* NULL once the gate is freed, while a worker still asks */
    gpointer user_data;
    GQueue waiting;
    Waiting *asked; /* the one that a worker asks about, NULL if none */
};

static void
waiting_free(gpointer data)
{
    Waiting *waiting = data;

    g_free(waiting->name);
    g_free(waiting);
}

static void
ask(gpointer data)
{
    const DaemonGate *gate = data;

    gate->asked->may_know = daemon_access_allows_subject(
        &gate->asked->subject, DAEMON_PERMISSION_DEVICE_GETATTR, gate->asked->name, NULL);
}

static void on_asked(gpointer data);

static void
go_on(DaemonGate *gate)
{
    if (gate->asked != NULL)
        return;
    gate->asked = g_queue_pop_head(&gate->waiting);
    if (gate->asked != NULL)
        daemon_workers_run(gate->workers, ask, on_asked, gate);
}

static void
on_asked(gpointer data)
{
    DaemonGate *gate = data;
    Waiting *asked = g_steal_pointer(&gate->asked);

    if (gate->pass == NULL) {
        g_free(gate);
    } else {
        if (asked->may_know)
            gate->pass(asked->event, asked->name, gate->user_data);
        go_on(gate);
    }
    waiting_free(asked);
}

DaemonGate *
daemon_gate_new(const DaemonSession *session, ZpciMonitorHandler pass, gpointer user_data)
{
    DaemonGate *gate = g_new0(DaemonGate, 1);

    gate->session = session;
    gate->workers = daemon_service_get_workers(session->service, DAEMON_SERVICE_LONG);
    gate->pass = pass;
    gate->user_data = user_data;
    g_queue_init(&gate->waiting);
    return gate;
}

void
daemon_gate_free(DaemonGate *gate)
{
    if (gate == NULL)
        return;
    g_queue_clear_full(&gate->waiting, waiting_free);
    gate->pass = NULL;
    if (gate->asked == NULL)
        g_free(gate);
}

gboolean
daemon_gate_push(DaemonGate *gate, ZpciEvent event, const char *name)
{
    DaemonSubject subject;
    Waiting *waiting;

    /* About whom nobody can be asked, may know of nothing. */
    if (!daemon_access_get_subject(gate->session, &subject))
        return TRUE;
    if (g_queue_get_length(&gate->waiting) >= DAEMON_GATE_MAX_WAITING)
        return FALSE;
    waiting = g_new0(Waiting, 1);
    waiting->event = event;
    waiting->name = g_strdup(name);
    waiting->subject = subject;
    g_queue_push_tail(&gate->waiting, waiting);
    go_on(gate);
    return TRUE;
}
