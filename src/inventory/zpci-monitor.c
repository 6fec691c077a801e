/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-monitor.h"

#include "boxed-type.h"
#include "zpci-inventory-private.h"

struct _ZpciMonitor {
    gatomicrefcount references;
    ZpciInventory *inventory;
    ZpciMonitorHandler handler;
    gpointer user_data;
    GDestroyNotify destroy;
    GPtrArray *watches; /* NodeDeviceWatch, one of each source */
};

/* Whether another source has the device, or will tell that it is gone, so that the handler need not
 * be told of this one's: what is listed because one has it does not come when another gets it, and
 * does not go when that one loses it. */
static gboolean
zpci_monitor_is_told_otherwise(const ZpciMonitor *monitor, const NodeDeviceWatch *teller,
                               ZpciEvent event, const char *name)
{
    gboolean told = FALSE;

    for (guint i = 0; i < monitor->watches->len; i++) {
        const NodeDeviceWatch *watch = g_ptr_array_index(monitor->watches, i);

        if (watch == teller)
            continue;
        if (event == ZPCI_EVENT_CREATED)
            told |= watch->table->has_told(watch, name);
        else if (event == ZPCI_EVENT_DELETED)
            told |= watch->table->will_tell(watch, name);
    }
    return told;
}

static void
zpci_monitor_on_event(const NodeDeviceWatch *watch, ZpciEvent event, const char *name,
                      gpointer user_data)
{
    const ZpciMonitor *monitor = user_data;

    if (!zpci_monitor_is_told_otherwise(monitor, watch, event, name))
        monitor->handler(event, name, monitor->user_data);
}

static gboolean
zpci_monitor_watch_all(ZpciMonitor *monitor, GError **error)
{
    const GPtrArray *sources = zpci_inventory_get_sources(monitor->inventory);

    for (guint i = 0; i < sources->len; i++) {
        NodeDeviceSource *source = g_ptr_array_index(sources, i);
        NodeDeviceWatch *watch =
            source->table->watch(source, zpci_monitor_on_event, monitor, error);

        if (watch == NULL)
            return FALSE;
        g_ptr_array_add(monitor->watches, watch);
    }
    return TRUE;
}

ZpciMonitor *
zpci_monitor_new(ZpciInventory *inventory, ZpciMonitorHandler handler, gpointer user_data,
                 GDestroyNotify destroy, GError **error)
{
    g_autoptr(ZpciMonitor) monitor = g_new0(ZpciMonitor, 1);

    g_atomic_ref_count_init(&monitor->references);
    monitor->inventory = g_boxed_copy(ZPCI_TYPE_INVENTORY, inventory);
    monitor->handler = handler;
    monitor->user_data = user_data;
    monitor->destroy = destroy;
    monitor->watches = g_ptr_array_new_with_free_func((GDestroyNotify)node_device_watch_free);
    return zpci_monitor_watch_all(monitor, error) ? g_steal_pointer(&monitor) : NULL;
}

void
zpci_monitor_start(ZpciMonitor *monitor)
{
    for (guint i = 0; i < monitor->watches->len; i++) {
        NodeDeviceWatch *watch = g_ptr_array_index(monitor->watches, i);

        watch->table->start(watch);
    }
}

void
zpci_monitor_free(ZpciMonitor *monitor)
{
    if (monitor == NULL || !g_atomic_ref_count_dec(&monitor->references))
        return;
    g_ptr_array_unref(monitor->watches);
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
