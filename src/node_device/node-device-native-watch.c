/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-native-watch.h"

#include <string.h>

#include "node-device-families.h"
#include "zpci-host-private.h"

/* How long after an event a family is listed anew that does not understand events, or not all: one
 * list for a burst. What the kernel told too early is over some time later, so there are more
 * lists, each after twice the time, until the last. */
#define RELIST_MS 100
#define RELIST_LAST_MS 12800

/* The names that clients have been told of are kept, by key for each family, because udev tells of
 * a device more than once (add, then bind), because devices are renamed, and because events can be
 * lost. */
typedef struct {
    NodeDeviceWatch watch;
    const ZpciHost *host;
    GHashTable *known[NODE_DEVICE_FAMILIES];
    GHashTable *told; /* the names of all in @known */
    gboolean stale[NODE_DEVICE_FAMILIES];
    guint relist;
    guint relist_ms;
    UdevMonitor *udev; /* NULL for a captured host, which never changes */
} NodeDeviceNativeWatch;

static void
node_device_native_watch_tell(const NodeDeviceNativeWatch *native, ZpciEvent event,
                              const char *name)
{
    if (event == ZPCI_EVENT_CREATED)
        g_hash_table_add(native->told, g_strdup(name));
    else if (event == ZPCI_EVENT_DELETED)
        g_hash_table_remove(native->told, name);
    node_device_watch_tell(&native->watch, event, name);
}

/* The device of this key has that name now; %NULL: it is gone. Takes over @key. */
static void
node_device_native_watch_note(NodeDeviceNativeWatch *native, guint family, char *key,
                              const char *name)
{
    GHashTable *known = native->known[family];
    g_autofree char *old = g_strdup(g_hash_table_lookup(known, key));

    if (name != NULL && g_strcmp0(old, name) == 0) {
        g_free(key);
        node_device_native_watch_tell(native, ZPCI_EVENT_UPDATED, name);
        return;
    }
    if (name != NULL) {
        g_hash_table_insert(known, key, g_strdup(name));
    } else {
        g_hash_table_remove(known, key);
        g_free(key);
    }
    if (old != NULL)
        node_device_native_watch_tell(native, ZPCI_EVENT_DELETED, old);
    if (name != NULL)
        node_device_native_watch_tell(native, ZPCI_EVENT_CREATED, name);
}

/* Returns (transfer full): the devices of the family that are there now; %NULL with @error set. */
static GHashTable *
node_device_native_watch_look(const NodeDeviceNativeWatch *native, const NodeDeviceFamily *family,
                              GError **error)
{
    const ZpciHost *host = native->host;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    GHashTable *there;

    if (!family->list(host, names, error))
        return NULL;
    there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        char *key = family->get_key != NULL ? family->get_key(host, name) : g_strdup(name);

        /* Without a key it has gone while it was listed. */
        if (key != NULL)
            g_hash_table_insert(there, key, g_strdup(name));
    }
    return there;
}

/* Tells @event of each device of @these that is not so in @those. */
static void
node_device_native_watch_tell_difference(const NodeDeviceNativeWatch *native, GHashTable *these,
                                         GHashTable *those, ZpciEvent event)
{
    GHashTableIter iterator;
    gpointer key, name;

    g_hash_table_iter_init(&iterator, these);
    while (g_hash_table_iter_next(&iterator, &key, &name)) {
        if (g_strcmp0(g_hash_table_lookup(those, key), name) != 0)
            node_device_native_watch_tell(native, event, name);
    }
}

static void
node_device_native_watch_resync_family(NodeDeviceNativeWatch *native, guint family)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) before = NULL;
    GHashTable *there = node_device_native_watch_look(native, node_device_families[family], &error);

    if (there == NULL) {
        g_debug("What is there cannot be listed: %s", error->message);
        return;
    }
    before = g_steal_pointer(&native->known[family]);
    native->known[family] = there;
    node_device_native_watch_tell_difference(native, before, there, ZPCI_EVENT_DELETED);
    node_device_native_watch_tell_difference(native, there, before, ZPCI_EVENT_CREATED);
}

void
node_device_native_watch_resync(NodeDeviceWatch *base)
{
    NodeDeviceNativeWatch *native = (NodeDeviceNativeWatch *)base;

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++)
        node_device_native_watch_resync_family(native, i);
}

static gboolean
node_device_native_watch_on_relist(gpointer user_data)
{
    NodeDeviceNativeWatch *native = user_data;
    gboolean is_last = native->relist_ms == RELIST_LAST_MS;

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        if (native->stale[i])
            node_device_native_watch_resync_family(native, i);
        if (is_last)
            native->stale[i] = FALSE;
    }
    native->relist_ms = is_last ? 0 : 2 * native->relist_ms;
    native->relist =
        is_last ? 0 : g_timeout_add(native->relist_ms, node_device_native_watch_on_relist, native);
    return G_SOURCE_REMOVE;
}

static void
node_device_native_watch_relist_soon(NodeDeviceNativeWatch *native, guint family)
{
    native->stale[family] = TRUE;
    if (native->relist_ms == RELIST_MS)
        return;
    if (native->relist != 0)
        g_source_remove(native->relist);
    native->relist_ms = RELIST_MS;
    native->relist = g_timeout_add(RELIST_MS, node_device_native_watch_on_relist, native);
}

static void
node_device_native_watch_handle_for(NodeDeviceNativeWatch *native, guint index,
                                    const UdevEvent *event)
{
    const NodeDeviceFamily *family = node_device_families[index];
    g_autofree char *name = NULL;
    char *key = NULL;

    if (family->subsystems == NULL || !g_strv_contains(family->subsystems, event->subsystem))
        return;
    if (family->observe == NULL || family->is_quiet)
        node_device_native_watch_relist_soon(native, index);
    /* What udev told may be over: a name is only given to what is there now. */
    if (family->observe != NULL && family->observe(native->host, event, &key, &name))
        node_device_native_watch_note(native, index, key, name);
}

static void
node_device_native_watch_handle_for_all(NodeDeviceNativeWatch *native, const UdevEvent *event)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++)
        node_device_native_watch_handle_for(native, i, event);
}

void
node_device_native_watch_handle(NodeDeviceWatch *base, const UdevEvent *event)
{
    NodeDeviceNativeWatch *native = (NodeDeviceNativeWatch *)base;
    const UdevEvent old = { event->subsystem, event->old_name, NULL, TRUE };

    if (event->old_name != NULL && strcmp(event->old_name, event->name) != 0)
        node_device_native_watch_handle_for_all(native, &old);
    node_device_native_watch_handle_for_all(native, event);
}

static void
node_device_native_watch_on_event(const UdevEvent *event, gpointer user_data)
{
    node_device_native_watch_handle(user_data, event);
}

static void
node_device_native_watch_on_lost(gpointer user_data)
{
    node_device_native_watch_resync(user_data);
}

static gboolean
node_device_native_watch_learn(NodeDeviceNativeWatch *native, GError **error)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        native->known[i] = node_device_native_watch_look(native, node_device_families[i], error);
        if (native->known[i] == NULL)
            return FALSE;
    }
    return TRUE;
}

/* All names in @known. */
static GHashTable *
node_device_native_watch_collect(const NodeDeviceNativeWatch *native)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iterator;
    gpointer name;

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        g_hash_table_iter_init(&iterator, native->known[i]);
        while (g_hash_table_iter_next(&iterator, NULL, &name))
            g_hash_table_add(names, g_strdup(name));
    }
    return names;
}

static gboolean
node_device_native_watch_listen(NodeDeviceNativeWatch *native, GError **error)
{
    static const UdevMonitorHandlers handlers = { node_device_native_watch_on_event,
                                                  node_device_native_watch_on_lost };
    g_autoptr(GPtrArray) subsystems = g_ptr_array_new();

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        const char *const *wanted = node_device_families[i]->subsystems;

        for (; wanted != NULL && *wanted != NULL; wanted++)
            g_ptr_array_add(subsystems, (gpointer)*wanted);
    }
    native->udev = udev_monitor_watch(subsystems, &handlers, native, error);
    return native->udev != NULL;
}

static void
node_device_native_watch_start(NodeDeviceWatch *base)
{
    NodeDeviceNativeWatch *native = (NodeDeviceNativeWatch *)base;

    if (native->udev != NULL)
        udev_monitor_start(native->udev);
}

static void
node_device_native_watch_clear(NodeDeviceWatch *base)
{
    NodeDeviceNativeWatch *native = (NodeDeviceNativeWatch *)base;

    udev_monitor_stop(native->udev);
    if (native->relist != 0)
        g_source_remove(native->relist);
    g_clear_pointer(&native->told, g_hash_table_unref);
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++)
        g_clear_pointer(&native->known[i], g_hash_table_unref);
}

static gboolean
node_device_native_watch_has_told(const NodeDeviceWatch *base, const char *name)
{
    return g_hash_table_contains(((const NodeDeviceNativeWatch *)base)->told, name);
}

/* What is there still will be found to be gone, whatever others say. */
static const NodeDeviceWatchTable node_device_native_watch_table = {
    .start = node_device_native_watch_start,
    .clear = node_device_native_watch_clear,
    .has_told = node_device_native_watch_has_told,
    .will_tell = node_device_native_watch_has_told,
};

NodeDeviceWatch *
node_device_native_watch_new(const ZpciHost *host, NodeDeviceWatchHandler handler,
                             gpointer user_data, GError **error)
{
    NodeDeviceNativeWatch *native = g_new0(NodeDeviceNativeWatch, 1);
    g_autoptr(NodeDeviceWatch) watch = &native->watch;

    node_device_watch_init(watch, &node_device_native_watch_table, handler, user_data);
    native->host = host;
    if (zpci_host_get_capture(host) == NULL && !node_device_native_watch_listen(native, error))
        return NULL;
    /* Listen first, then look: a function that comes in between is found twice, not missed. */
    if (!node_device_native_watch_learn(native, error))
        return NULL;
    native->told = node_device_native_watch_collect(native);
    return g_steal_pointer(&watch);
}
