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

static void
zpci_monitor_created(ZpciMonitor *monitor, const char *name)
{
    if (g_hash_table_add(monitor->known, g_strdup(name)))
        monitor->handler(ZPCI_EVENT_CREATED, name, monitor->user_data);
    else
        monitor->handler(ZPCI_EVENT_UPDATED, name, monitor->user_data);
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
        zpci_monitor_created(monitor, name);
}

static void
zpci_monitor_delete_missing(ZpciMonitor *monitor, const char *const *names)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iterator;
    gpointer name;

    g_hash_table_iter_init(&iterator, monitor->known);
    while (g_hash_table_iter_next(&iterator, &name, NULL)) {
        if (!g_strv_contains(names, name))
            g_ptr_array_add(gone, g_strdup(name));
    }
    for (guint i = 0; i < gone->len; i++)
        zpci_monitor_deleted(monitor, g_ptr_array_index(gone, i));
}

void
zpci_monitor_resync(ZpciMonitor *monitor)
{
    g_auto(GStrv) names = zpci_inventory_list(monitor->inventory, NULL, NULL);

    if (names == NULL)
        return;
    zpci_monitor_delete_missing(monitor, (const char *const *)names);
    for (guint i = 0; names[i] != NULL; i++) {
        if (!g_hash_table_contains(monitor->known, names[i]))
            zpci_monitor_created(monitor, names[i]);
    }
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
    char **names = zpci_inventory_list(monitor->inventory, NULL, error);

    if (names == NULL)
        return FALSE;
    for (guint i = 0; names[i] != NULL; i++)
        g_hash_table_add(monitor->known, names[i]);
    g_free(names);
    return TRUE;
}

static ZpciMonitor *
zpci_monitor_create(ZpciInventory *inventory, ZpciMonitorHandler handler, gpointer user_data)
{
    ZpciMonitor *monitor = g_new0(ZpciMonitor, 1);

    monitor->inventory = inventory;
    monitor->handler = handler;
    monitor->user_data = user_data;
    monitor->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
    g_hash_table_unref(monitor->known);
    g_free(monitor);
}
