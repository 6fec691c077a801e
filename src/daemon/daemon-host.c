/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-host.h"

typedef struct {
    ZpciMonitorHandler handler;
} Watcher;

struct _DaemonHost {
    guint references;
    ZpciInventory *inventory;
    ZpciMonitor *monitor; /* NULL while nobody watches */
    GHashTable *watchers; /* by user data */
};

DaemonHost *
daemon_host_new(ZpciHost *host)
{
    DaemonHost *served = g_new0(DaemonHost, 1);

    served->references = 1;
    served->inventory = zpci_inventory_new(host);
    served->watchers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return served;
}

DaemonHost *
daemon_host_ref(DaemonHost *host)
{
    host->references++;
    return host;
}

void
daemon_host_unref(DaemonHost *host)
{
    if (host == NULL || --host->references > 0)
        return;
    zpci_monitor_free(host->monitor);
    g_hash_table_unref(host->watchers);
    zpci_inventory_free(host->inventory);
    g_free(host);
}

ZpciInventory *
daemon_host_get_inventory(const DaemonHost *host)
{
    return host->inventory;
}

static void
on_event(ZpciEvent event, const char *name, gpointer data)
{
    const DaemonHost *host = data;
    GHashTableIter iterator;
    gpointer user_data, watcher;

    g_hash_table_iter_init(&iterator, host->watchers);
    while (g_hash_table_iter_next(&iterator, &user_data, &watcher))
        ((const Watcher *)watcher)->handler(event, name, user_data);
}

gboolean
daemon_host_watch(DaemonHost *host, ZpciMonitorHandler handler, gpointer user_data, GError **error)
{
    Watcher *watcher;

    if (host->monitor == NULL)
        host->monitor = zpci_monitor_new(host->inventory, on_event, host, error);
    if (host->monitor == NULL)
        return FALSE;
    watcher = g_new(Watcher, 1);
    watcher->handler = handler;
    g_hash_table_insert(host->watchers, user_data, watcher);
    return TRUE;
}

void
daemon_host_unwatch(DaemonHost *host, gpointer user_data)
{
    if (g_hash_table_remove(host->watchers, user_data) && g_hash_table_size(host->watchers) == 0)
        g_clear_pointer(&host->monitor, zpci_monitor_free);
}
