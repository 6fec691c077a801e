/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-states.h"

struct _UpstreamStates {
    UpstreamStatesHandler handler;
    gpointer user_data;
    GHashTable *known; /* names to UpstreamState */
    guint connection;  /* of the last list */
    gboolean listed;   /* one did not fail */
    GQueue waiting;    /* Waiting */
};

/* An event of a connection that has not listed yet. */
typedef struct {
    guint connection;
    ZpciEvent event;
    char *name;
} Waiting;

static void
waiting_free(gpointer data)
{
    Waiting *waiting = data;

    g_free(waiting->name);
    g_free(waiting);
}

UpstreamStates *
upstream_states_new(UpstreamStatesHandler handler, gpointer user_data)
{
    UpstreamStates *states = g_new0(UpstreamStates, 1);

    states->handler = handler;
    states->user_data = user_data;
    states->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&states->waiting);
    return states;
}

void
upstream_states_free(UpstreamStates *states)
{
    if (states == NULL)
        return;
    g_hash_table_unref(states->known);
    g_queue_clear_full(&states->waiting, waiting_free);
    g_free(states);
}

static guint
upstream_states_get(GHashTable *known, const char *name)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(known, name));
}

static void
upstream_states_set(UpstreamStates *states, const char *name, guint state)
{
    if (state != 0)
        g_hash_table_insert(states->known, g_strdup(name), GUINT_TO_POINTER(state));
    else
        g_hash_table_remove(states->known, name);
}

/* What @event makes of a device in the state @old. */
static guint
upstream_states_follow(guint old, ZpciEvent event)
{
    switch (event) {
    case ZPCI_EVENT_CREATED:
        return old | UPSTREAM_STATE_ACTIVE;
    case ZPCI_EVENT_DELETED:
        return old & ~(guint)UPSTREAM_STATE_ACTIVE;
    case ZPCI_EVENT_DEFINED:
        return old | UPSTREAM_STATE_DEFINED;
    case ZPCI_EVENT_UNDEFINED:
        return old & ~(guint)UPSTREAM_STATE_DEFINED;
    case ZPCI_EVENT_UPDATED:
        break;
    }
    return old;
}

static void
upstream_states_apply(UpstreamStates *states, ZpciEvent event, const char *name)
{
    guint old = upstream_states_get(states->known, name);
    guint new = upstream_states_follow(old, event);

    /* A list does not tell of an active device whether it is defined, so nothing is left out that
     * changes definitions. */
    if (new == old && states->listed &&
        (event == ZPCI_EVENT_CREATED || event == ZPCI_EVENT_DELETED))
        return;
    upstream_states_set(states, name, new);
    states->handler(event, name, states->user_data);
}

void
upstream_states_note(UpstreamStates *states, guint connection, ZpciEvent event, const char *name)
{
    Waiting *waiting;

    if (connection == states->connection) {
        upstream_states_apply(states, event, name);
    } else if (connection > states->connection) {
        waiting = g_new(Waiting, 1);
        *waiting = (Waiting){ connection, event, g_strdup(name) };
        g_queue_push_tail(&states->waiting, waiting);
    }
}

/* A device without a definition that is not active is not there, so that its definition is the
 * last that goes and the first that comes. An active device may be defined or not, and a list need
 * not tell. */
static void
upstream_states_tell_change(UpstreamStates *states, const char *name, guint before, guint after)
{
    if ((before & ~after & UPSTREAM_STATE_ACTIVE) != 0)
        states->handler(ZPCI_EVENT_DELETED, name, states->user_data);
    if (before != 0 && after == 0 && (before & UPSTREAM_STATE_DEFINED) != 0)
        states->handler(ZPCI_EVENT_UNDEFINED, name, states->user_data);
    if (before == 0 && (after & UPSTREAM_STATE_DEFINED) != 0)
        states->handler(ZPCI_EVENT_DEFINED, name, states->user_data);
    if ((after & ~before & UPSTREAM_STATE_ACTIVE) != 0)
        states->handler(ZPCI_EVENT_CREATED, name, states->user_data);
}

static void
upstream_states_tell_changes(UpstreamStates *states, GHashTable *before)
{
    GHashTableIter iterator;
    gpointer name, state;

    g_hash_table_iter_init(&iterator, before);
    while (g_hash_table_iter_next(&iterator, &name, &state))
        upstream_states_tell_change(states, name, GPOINTER_TO_UINT(state),
                                    upstream_states_get(states->known, name));
    g_hash_table_iter_init(&iterator, states->known);
    while (g_hash_table_iter_next(&iterator, &name, &state)) {
        if (!g_hash_table_contains(before, name))
            upstream_states_tell_change(states, name, 0, GPOINTER_TO_UINT(state));
    }
}

void
upstream_states_replace(UpstreamStates *states, guint connection, GHashTable *there,
                        gboolean silent)
{
    Waiting *waiting;

    states->connection = connection;
    if (there != NULL) {
        g_autoptr(GHashTable) before = g_steal_pointer(&states->known);

        states->known = there;
        states->listed = TRUE;
        if (!silent)
            upstream_states_tell_changes(states, before);
    }
    while ((waiting = g_queue_peek_head(&states->waiting)) != NULL &&
           waiting->connection <= connection) {
        g_queue_pop_head(&states->waiting);
        if (waiting->connection == connection)
            upstream_states_apply(states, waiting->event, waiting->name);
        waiting_free(waiting);
    }
}

gboolean
upstream_states_is_active(const UpstreamStates *states, const char *name)
{
    return (upstream_states_get(states->known, name) & UPSTREAM_STATE_ACTIVE) != 0;
}

void
upstream_states_forget(UpstreamStates *states, const char *name)
{
    g_hash_table_remove(states->known, name);
}
