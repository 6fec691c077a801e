/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-event.h"

/**
 * NodeDeviceWatch:
 *
 * Somebody is told of changes at a source. Several may be, each has one of these.
 */
typedef struct _NodeDeviceWatch NodeDeviceWatch;

/** NodeDeviceWatchHandler: is told by @watch of a change, after it, in the default main context. */
typedef void (*NodeDeviceWatchHandler)(const NodeDeviceWatch *watch, ZpciEvent event,
                                       const char *name, gpointer user_data);

/**
 * NodeDeviceWatchTable:
 * @start: from now on the handler is called, first for what was heard since the watch was made
 * @clear: ends it, and frees what it has
 * @has_told: whether the watcher was told, or could see from the first, that the device is there
 * and active
 * @will_tell: whether the watcher will be told that the device is gone, of which another source
 *   says that
 *
 * All are of the thread with the default main context.
 */
typedef struct {
    void (*start)(NodeDeviceWatch *watch);
    void (*clear)(NodeDeviceWatch *watch);
    gboolean (*has_told)(const NodeDeviceWatch *watch, const char *name);
    gboolean (*will_tell)(const NodeDeviceWatch *watch, const char *name);
} NodeDeviceWatchTable;

/* What a watch begins with. */
struct _NodeDeviceWatch {
    const NodeDeviceWatchTable *table;
    NodeDeviceWatchHandler handler;
    gpointer user_data;
};

/** node_device_watch_init: for the source that makes a watch, from g_malloc(). */
void node_device_watch_init(NodeDeviceWatch *watch, const NodeDeviceWatchTable *table,
                            NodeDeviceWatchHandler handler, gpointer user_data);

/** node_device_watch_free: @watch: (transfer full) (nullable): %NULL does nothing */
void node_device_watch_free(NodeDeviceWatch *watch);

/** node_device_watch_tell: for the source: calls the handler. */
void node_device_watch_tell(const NodeDeviceWatch *watch, ZpciEvent event, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NodeDeviceWatch, node_device_watch_free)
