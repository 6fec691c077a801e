/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-monitor.h"

#include "node-device-name.h"
#include "pci-address.h"
#include "udev-monitor.h"
#include "zpci-inventory-private.h"
#include "zpci-monitor-private.h"

/* The names that clients have been told of are kept, because udev tells of a function more than
 * once (add, then bind), and because events can be lost. */
struct _ZpciMonitor {
    ZpciInventory *inventory;
    ZpciMonitorHandler handler;
    gpointer user_data;
    GHashTable *known;
    UdevMonitor *udev;
};

/* The device is there; it is new only to those who have not heard of it. */
static void
zpci_monitor_seen(ZpciMonitor *monitor, const char *name)
{
    gboolean is_new = g_hash_table_add(monitor->known, g_strdup(name));

    monitor->handler(is_new ? ZPCI_EVENT_CREATED : ZPCI_EVENT_UPDATED, name, monitor->user_data);
}

static void
zpci_monitor_deleted(ZpciMonitor *monitor, const char *name)
{
    if (g_hash_table_remove(monitor->known, name))
        monitor->handler(ZPCI_EVENT_DELETED, name, monitor->user_data);
}

void
zpci_monitor_handle(ZpciMonitor *monitor, const char *address, gboolean removed)
{
    g_autofree char *name = NULL;
    PciAddress parsed;

    if (!pci_address_parse(address, &parsed, NULL))
        return;
    name = node_device_name_format(&parsed);
    /* What udev told may be over: only what is there now may be called created or updated. */
    if (removed || !zpci_inventory_has(monitor->inventory, name, NULL))
        zpci_monitor_deleted(monitor, name);
    else
        zpci_monitor_seen(monitor, name);
}

/* Returns (transfer full): the names of all devices that are there now; %NULL with @error set. */
static GHashTable *
zpci_monitor_look(const ZpciMonitor *monitor, GError **error)
{
    g_autofree char **names = zpci_inventory_list(monitor->inventory, NULL, error);
    GHashTable *there;

    if (names == NULL)
        return NULL;
    there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; names[i] != NULL; i++)
        g_hash_table_add(there, names[i]);
    return there;
}

/* Tells @event of each device that is in @these and not in @those. */
static void
zpci_monitor_tell_difference(const ZpciMonitor *monitor, GHashTable *these, GHashTable *those,
                             ZpciEvent event)
{
    GHashTableIter iterator;
    gpointer name;

    g_hash_table_iter_init(&iterator, these);
    while (g_hash_table_iter_next(&iterator, &name, NULL)) {
        if (!g_hash_table_contains(those, name))
            monitor->handler(event, name, monitor->user_data);
    }
}

void
zpci_monitor_resync(ZpciMonitor *monitor)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) before = NULL;
    GHashTable *there = zpci_monitor_look(monitor, &error);

    if (there == NULL) {
        g_debug("Events were lost, and what is there cannot be listed: %s", error->message);
        return;
    }
    before = g_steal_pointer(&monitor->known);
    monitor->known = there;
    zpci_monitor_tell_difference(monitor, before, there, ZPCI_EVENT_DELETED);
    zpci_monitor_tell_difference(monitor, there, before, ZPCI_EVENT_CREATED);
}

static void
zpci_monitor_on_event(const char *name, gboolean removed, gpointer user_data)
{
    zpci_monitor_handle(user_data, name, removed);
}

static void
zpci_monitor_on_lost(gpointer user_data)
{
    zpci_monitor_resync(user_data);
}

static gboolean
zpci_monitor_learn(ZpciMonitor *monitor, GError **error)
{
    monitor->known = zpci_monitor_look(monitor, error);
    return monitor->known != NULL;
}

static ZpciMonitor *
zpci_monitor_create(ZpciInventory *inventory, ZpciMonitorHandler handler, gpointer user_data)
{
    ZpciMonitor *monitor = g_new0(ZpciMonitor, 1);

    monitor->inventory = inventory;
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

ZpciMonitor *
zpci_monitor_new(ZpciInventory *inventory, ZpciMonitorHandler handler, gpointer user_data,
                 GError **error)
{
    static const UdevMonitorHandlers handlers = { zpci_monitor_on_event, zpci_monitor_on_lost };
    g_autoptr(ZpciMonitor) monitor = zpci_monitor_create(inventory, handler, user_data);

    if (zpci_inventory_is_live(inventory)) {
        monitor->udev = udev_monitor_watch(&handlers, monitor, error);
        if (monitor->udev == NULL)
            return NULL;
    }
    /* Listen first, then look: a function that comes in between is found twice, not missed. */
    return zpci_monitor_learn(monitor, error) ? g_steal_pointer(&monitor) : NULL;
}

void
zpci_monitor_free(ZpciMonitor *monitor)
{
    if (monitor == NULL)
        return;
    udev_monitor_stop(monitor->udev);
    g_clear_pointer(&monitor->known, g_hash_table_unref);
    g_free(monitor);
}
