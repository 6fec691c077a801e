/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-monitor.h"

#include <string.h>

#include "boxed-type.h"
#include "node-device-families.h"
#include "zpci-inventory-private.h"
#include "zpci-monitor-private.h"

/* How long after an event a family is listed anew that does not understand events, or not all: one
 * list for a burst. What the kernel told too early is over some time later, so there are more
 * lists, each after twice the time, until the last. */
#define RELIST_MS 100
#define RELIST_LAST_MS 12800

/* The names that clients have been told of are kept, by key for each family, because udev tells of
 * a device more than once (add, then bind), because devices are renamed, and because events can be
 * lost. */
struct _ZpciMonitor {
    gatomicrefcount references;
    ZpciInventory *inventory;
    ZpciMonitorHandler handler;
    gpointer user_data;
    GDestroyNotify destroy;
    GHashTable *known[NODE_DEVICE_FAMILIES];
    gboolean stale[NODE_DEVICE_FAMILIES];
    guint relist;
    guint relist_ms;
    UdevMonitor *udev;
    GHashTable *names; /* all names in @known; NULL if no other source is watched */
};

/* Whether another source has the device, or will tell that it is gone, so that clients need not be
 * told of ours. */
static gboolean
zpci_monitor_is_told_otherwise(const ZpciMonitor *monitor, ZpciEvent event, const char *name)
{
    const GPtrArray *sources = zpci_inventory_get_sources(monitor->inventory);
    gboolean told = FALSE;

    if (event == ZPCI_EVENT_CREATED)
        g_hash_table_add(monitor->names, g_strdup(name));
    else if (event == ZPCI_EVENT_DELETED)
        g_hash_table_remove(monitor->names, name);
    else
        return FALSE;
    for (guint i = 0; i < sources->len; i++) {
        NodeDeviceSource *source = g_ptr_array_index(sources, i);

        if (source->table->watch == NULL)
            continue;
        if (event == ZPCI_EVENT_CREATED)
            told |= source->table->has_told(source, name);
        else
            told |= source->table->will_tell(source, name);
    }
    return told;
}

/* Something happened to a device of ours. */
static void
zpci_monitor_tell(const ZpciMonitor *monitor, ZpciEvent event, const char *name)
{
    if (monitor->names == NULL || !zpci_monitor_is_told_otherwise(monitor, event, name))
        monitor->handler(event, name, monitor->user_data);
}

/* Something happened to a device of another source. What is listed because we have it does not come
 * when that one gets it, and does not go when that one loses it. */
static void
zpci_monitor_on_other(ZpciEvent event, const char *name, gpointer user_data)
{
    const ZpciMonitor *monitor = user_data;

    if ((event != ZPCI_EVENT_CREATED && event != ZPCI_EVENT_DELETED) ||
        !g_hash_table_contains(monitor->names, name))
        monitor->handler(event, name, monitor->user_data);
}

/* The device of this key has that name now; %NULL: it is gone. Takes over @key. */
static void
zpci_monitor_note(ZpciMonitor *monitor, guint family, char *key, const char *name)
{
    GHashTable *known = monitor->known[family];
    g_autofree char *old = g_strdup(g_hash_table_lookup(known, key));

    if (name != NULL && g_strcmp0(old, name) == 0) {
        g_free(key);
        zpci_monitor_tell(monitor, ZPCI_EVENT_UPDATED, name);
        return;
    }
    if (name != NULL) {
        g_hash_table_insert(known, key, g_strdup(name));
    } else {
        g_hash_table_remove(known, key);
        g_free(key);
    }
    if (old != NULL)
        zpci_monitor_tell(monitor, ZPCI_EVENT_DELETED, old);
    if (name != NULL)
        zpci_monitor_tell(monitor, ZPCI_EVENT_CREATED, name);
}

/* Returns (transfer full): the devices of the family that are there now; %NULL with @error set. */
static GHashTable *
zpci_monitor_look(const ZpciMonitor *monitor, const NodeDeviceFamily *family, GError **error)
{
    const ZpciHost *host = zpci_inventory_get_host(monitor->inventory);
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
zpci_monitor_tell_difference(const ZpciMonitor *monitor, GHashTable *these, GHashTable *those,
                             ZpciEvent event)
{
    GHashTableIter iterator;
    gpointer key, name;

    g_hash_table_iter_init(&iterator, these);
    while (g_hash_table_iter_next(&iterator, &key, &name)) {
        if (g_strcmp0(g_hash_table_lookup(those, key), name) != 0)
            zpci_monitor_tell(monitor, event, name);
    }
}

static void
zpci_monitor_resync_family(ZpciMonitor *monitor, guint family)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) before = NULL;
    GHashTable *there = zpci_monitor_look(monitor, node_device_families[family], &error);

    if (there == NULL) {
        g_debug("What is there cannot be listed: %s", error->message);
        return;
    }
    before = g_steal_pointer(&monitor->known[family]);
    monitor->known[family] = there;
    zpci_monitor_tell_difference(monitor, before, there, ZPCI_EVENT_DELETED);
    zpci_monitor_tell_difference(monitor, there, before, ZPCI_EVENT_CREATED);
}

void
zpci_monitor_resync(ZpciMonitor *monitor)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++)
        zpci_monitor_resync_family(monitor, i);
}

static gboolean
zpci_monitor_on_relist(gpointer user_data)
{
    ZpciMonitor *monitor = user_data;
    gboolean is_last = monitor->relist_ms == RELIST_LAST_MS;

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        if (monitor->stale[i])
            zpci_monitor_resync_family(monitor, i);
        if (is_last)
            monitor->stale[i] = FALSE;
    }
    monitor->relist_ms = is_last ? 0 : 2 * monitor->relist_ms;
    monitor->relist =
        is_last ? 0 : g_timeout_add(monitor->relist_ms, zpci_monitor_on_relist, monitor);
    return G_SOURCE_REMOVE;
}

static void
zpci_monitor_relist_soon(ZpciMonitor *monitor, guint family)
{
    monitor->stale[family] = TRUE;
    if (monitor->relist_ms == RELIST_MS)
        return;
    if (monitor->relist != 0)
        g_source_remove(monitor->relist);
    monitor->relist_ms = RELIST_MS;
    monitor->relist = g_timeout_add(RELIST_MS, zpci_monitor_on_relist, monitor);
}

static void
zpci_monitor_handle_for(ZpciMonitor *monitor, guint index, const UdevEvent *event)
{
    const NodeDeviceFamily *family = node_device_families[index];
    g_autofree char *name = NULL;
    char *key = NULL;

    if (family->subsystems == NULL || !g_strv_contains(family->subsystems, event->subsystem))
        return;
    if (family->observe == NULL || family->is_quiet)
        zpci_monitor_relist_soon(monitor, index);
    /* What udev told may be over: a name is only given to what is there now. */
    if (family->observe != NULL &&
        family->observe(zpci_inventory_get_host(monitor->inventory), event, &key, &name))
        zpci_monitor_note(monitor, index, key, name);
}

static void
zpci_monitor_handle_for_all(ZpciMonitor *monitor, const UdevEvent *event)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++)
        zpci_monitor_handle_for(monitor, i, event);
}

void
zpci_monitor_handle(ZpciMonitor *monitor, const UdevEvent *event)
{
    const UdevEvent old = { event->subsystem, event->old_name, NULL, TRUE };

    if (event->old_name != NULL && strcmp(event->old_name, event->name) != 0)
        zpci_monitor_handle_for_all(monitor, &old);
    zpci_monitor_handle_for_all(monitor, event);
}

static void
zpci_monitor_on_event(const UdevEvent *event, gpointer user_data)
{
    zpci_monitor_handle(user_data, event);
}

static void
zpci_monitor_on_lost(gpointer user_data)
{
    zpci_monitor_resync(user_data);
}

static gboolean
zpci_monitor_learn(ZpciMonitor *monitor, GError **error)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        monitor->known[i] = zpci_monitor_look(monitor, node_device_families[i], error);
        if (monitor->known[i] == NULL)
            return FALSE;
    }
    return TRUE;
}

/* All names in @known. */
static GHashTable *
zpci_monitor_collect(const ZpciMonitor *monitor)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iterator;
    gpointer name;

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        g_hash_table_iter_init(&iterator, monitor->known[i]);
        while (g_hash_table_iter_next(&iterator, NULL, &name))
            g_hash_table_add(names, g_strdup(name));
    }
    return names;
}

/* From now on those sources are heard that tell by themselves. */
static void
zpci_monitor_join_others(ZpciMonitor *monitor)
{
    const GPtrArray *sources = zpci_inventory_get_sources(monitor->inventory);

    for (guint i = 0; i < sources->len; i++) {
        NodeDeviceSource *source = g_ptr_array_index(sources, i);

        if (source->table->watch == NULL)
            continue;
        if (monitor->names == NULL)
            monitor->names = zpci_monitor_collect(monitor);
        source->table->watch(source, zpci_monitor_on_other, monitor);
    }
}

static void
zpci_monitor_leave_others(ZpciMonitor *monitor)
{
    const GPtrArray *sources = zpci_inventory_get_sources(monitor->inventory);

    for (guint i = 0; i < sources->len; i++) {
        NodeDeviceSource *source = g_ptr_array_index(sources, i);

        if (source->table->unwatch != NULL)
            source->table->unwatch(source, monitor);
    }
}

static ZpciMonitor *
zpci_monitor_create(ZpciInventory *inventory, ZpciMonitorHandler handler, gpointer user_data)
{
    ZpciMonitor *monitor = g_new0(ZpciMonitor, 1);

    g_atomic_ref_count_init(&monitor->references);
    monitor->inventory = g_boxed_copy(ZPCI_TYPE_INVENTORY, inventory);
    monitor->handler = handler;
    monitor->user_data = user_data;
    return monitor;
}

ZpciMonitor *
zpci_monitor_new_test(ZpciInventory *inventory, ZpciMonitorHandler handler, gpointer user_data,
                      GError **error)
{
    g_autoptr(ZpciMonitor) monitor = zpci_monitor_create(inventory, handler, user_data);

    return zpci_monitor_learn(monitor, error) ? g_steal_pointer(&monitor) : NULL;
}

static gboolean
zpci_monitor_listen(ZpciMonitor *monitor, GError **error)
{
    static const UdevMonitorHandlers handlers = { zpci_monitor_on_event, zpci_monitor_on_lost };
    g_autoptr(GPtrArray) subsystems = g_ptr_array_new();

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        const char *const *wanted = node_device_families[i]->subsystems;

        for (; wanted != NULL && *wanted != NULL; wanted++)
            g_ptr_array_add(subsystems, (gpointer)*wanted);
    }
    monitor->udev = udev_monitor_watch(subsystems, &handlers, monitor, error);
    return monitor->udev != NULL;
}

ZpciMonitor *
zpci_monitor_new(ZpciInventory *inventory, ZpciMonitorHandler handler, gpointer user_data,
                 GDestroyNotify destroy, GError **error)
{
    g_autoptr(ZpciMonitor) monitor = zpci_monitor_create(inventory, handler, user_data);

    monitor->destroy = destroy;
    if (zpci_inventory_is_live(inventory) && !zpci_monitor_listen(monitor, error))
        return NULL;
    /* Listen first, then look: a function that comes in between is found twice, not missed. */
    return zpci_monitor_learn(monitor, error) ? g_steal_pointer(&monitor) : NULL;
}

void
zpci_monitor_start(ZpciMonitor *monitor)
{
    zpci_monitor_join_others(monitor);
    if (monitor->udev != NULL)
        udev_monitor_start(monitor->udev);
}

void
zpci_monitor_free(ZpciMonitor *monitor)
{
    if (monitor == NULL || !g_atomic_ref_count_dec(&monitor->references))
        return;
    udev_monitor_stop(monitor->udev);
    if (monitor->relist != 0)
        g_source_remove(monitor->relist);
    if (monitor->names != NULL)
        zpci_monitor_leave_others(monitor);
    g_clear_pointer(&monitor->names, g_hash_table_unref);
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++)
        g_clear_pointer(&monitor->known[i], g_hash_table_unref);
    zpci_inventory_free(monitor->inventory);
    if (monitor->destroy != NULL)
        monitor->destroy(monitor->user_data);
    g_free(monitor);
}

static ZpciMonitor *
zpci_monitor_ref(ZpciMonitor *monitor)
{
    g_atomic_ref_count_inc(&monitor->references);
    return monitor;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciMonitor, zpci_monitor, zpci_monitor_ref, zpci_monitor_free)
