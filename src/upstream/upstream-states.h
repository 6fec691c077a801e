/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-event.h"

/**
 * UpstreamState:
 * @UPSTREAM_STATE_DEFINED: it has a definition that outlives it
 * @UPSTREAM_STATE_ACTIVE: it can be used
 *
 * What is known of a device of the daemon behind us; a device that is neither is not there.
 */
typedef enum {
    UPSTREAM_STATE_DEFINED = 1 << 0,
    UPSTREAM_STATE_ACTIVE = 1 << 1,
} UpstreamState;

/**
 * UpstreamStates:
 *
 * The devices of the daemon behind us, as clients were told of them. Events of a connection count
 * from its first list on: earlier ones wait for it.
 */
typedef struct _UpstreamStates UpstreamStates;

/** UpstreamStatesHandler: is told of a change at the daemon behind us. */
typedef void (*UpstreamStatesHandler)(ZpciEvent event, const char *name, gpointer user_data);

/**
 * upstream_states_new:
 * @handler: called for each change, after it has been noted
 *
 * Returns: (transfer full): no device is known; never fails.
 */
UpstreamStates *upstream_states_new(UpstreamStatesHandler handler, gpointer user_data);

/**
 * upstream_states_free:
 * @states: (transfer full) (nullable): %NULL does nothing
 */
void upstream_states_free(UpstreamStates *states);

/**
 * upstream_states_note:
 * @connection: the number of the connection that told of it; they grow
 *
 * Takes in one event. What is known already is not told again.
 */
void upstream_states_note(UpstreamStates *states, guint connection, ZpciEvent event,
                          const char *name);

/**
 * upstream_states_replace:
 * @connection: the number of the connection that has listed
 * @there: (transfer full) (nullable): names to #UpstreamState; %NULL if the list failed, and what
 *   was known stays
 * @silent: nobody is told of the differences, because all lists that clients got had them
 *
 * Takes in a list: tells what came and went since, then the events that waited.
 */
void upstream_states_replace(UpstreamStates *states, guint connection, GHashTable *there,
                             gboolean silent);

/** upstream_states_is_active: whether the device is there and can be used. */
gboolean upstream_states_is_active(const UpstreamStates *states, const char *name);

/** upstream_states_forget: clients were told otherwise that the device is gone. */
void upstream_states_forget(UpstreamStates *states, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpstreamStates, upstream_states_free)
