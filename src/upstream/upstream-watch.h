/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

#include "zpci-event.h"

/**
 * UpstreamWatchHandlers:
 * @event: called from the default main context, for an event of the connection
 * @lost: called from any thread, when the connection has ended; @reason says why
 * @release: called from any thread when none of them will be called any more
 */
typedef struct {
    void (*event)(ZpciEvent event, const char *name, guint number, gpointer user_data);
    void (*lost)(const char *reason, guint number, gpointer user_data);
    void (*release)(gpointer user_data);
} UpstreamWatchHandlers;

/**
 * UpstreamWatch:
 *
 * What one connection to the daemon behind us tells by itself.
 */
typedef struct _UpstreamWatch UpstreamWatch;

/**
 * upstream_watch_begin:
 * @connection: borrowed; must outlive the watch
 * @number: of the connection, passed to the handlers
 * @handlers: static
 *
 * Registers for events and the end. A daemon that has no events, or no connection that could be
 * lost, is none the worse. Blocks.
 *
 * Returns: (transfer full): the watch; never fails.
 */
UpstreamWatch *upstream_watch_begin(virConnectPtr connection, guint number,
                                    const UpstreamWatchHandlers *handlers, gpointer user_data);

/**
 * upstream_watch_end:
 * @watch: (transfer full)
 *
 * Blocks until the daemon has answered, or is given up.
 */
void upstream_watch_end(UpstreamWatch *watch);

/**
 * upstream_watch_list:
 *
 * Returns: (transfer full) (nullable): the names of its devices to #UpstreamState; %NULL if it does
 *   not say. Blocks.
 */
GHashTable *upstream_watch_list(virConnectPtr connection);
