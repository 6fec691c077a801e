/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-host.h"

#include "watchers.h"
#include "zpci-places.h"

typedef struct {
    ZpciEvent event;
    const char *name;
} News;

struct _DaemonHost {
    guint references;
    ZpciInventory *inventory;
    Watchers *watchers;  /* each a ZpciMonitorHandler */
    gboolean is_started; /* the monitor is */

    GMutex lock; /* for the rest */
    GCond made;
    gboolean is_making;
    ZpciMonitor *monitor; /* NULL while nobody watches or expects to */
    guint expecting;
};

static void
tell(WatchersHandler handler, gpointer user_data, gconstpointer data)
{
    const News *news = data;

    ((ZpciMonitorHandler)handler)(news->event, news->name, user_data);
}

DaemonHost *
daemon_host_new(ZpciHost *host)
{
    DaemonHost *served = g_new0(DaemonHost, 1);

    served->references = 1;
    served->inventory = zpci_inventory_new(host);
    g_mutex_init(&served->lock);
    g_cond_init(&served->made);
    served->watchers = watchers_new(tell);
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
    watchers_free(host->watchers);
    zpci_inventory_free(host->inventory);
    g_mutex_clear(&host->lock);
    g_cond_clear(&host->made);
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
    const News news = { event, name };

    watchers_tell(host->watchers, &news);
}

/* Without the lock, because it takes its time; the others wait for it. */
static gboolean
make_monitor(DaemonHost *host, GError **error)
{
    ZpciMonitor *monitor;

    host->is_making = TRUE;
    g_mutex_unlock(&host->lock);
    monitor = zpci_monitor_new(host->inventory, on_event, host, NULL, error);
    g_mutex_lock(&host->lock);
    host->monitor = monitor;
    host->is_making = FALSE;
    g_cond_broadcast(&host->made);
    return monitor != NULL;
}

/* Who makes the monitor may wait for a place, so nobody keeps one who waits for that; nor the lock,
 * while one waits for a place. */
static void
await_change(DaemonHost *host)
{
    zpci_places_begin_waiting();
    g_cond_wait(&host->made, &host->lock);
    g_mutex_unlock(&host->lock);
    zpci_places_end_waiting();
    g_mutex_lock(&host->lock);
}

gboolean
daemon_host_expect(DaemonHost *host, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&host->lock);

    while (host->is_making)
        await_change(host);
    if (host->monitor == NULL && !make_monitor(host, error))
        return FALSE;
    host->expecting++;
    return TRUE;
}

/* Ends the monitor if nobody needs it any more. */
static void
rest(DaemonHost *host)
{
    ZpciMonitor *monitor = NULL;

    g_mutex_lock(&host->lock);
    if (watchers_are_none(host->watchers) && host->expecting == 0)
        monitor = g_steal_pointer(&host->monitor);
    g_mutex_unlock(&host->lock);
    if (monitor == NULL)
        return;
    host->is_started = FALSE;
    zpci_monitor_free(monitor);
}

void
daemon_host_expect_no_more(DaemonHost *host)
{
    g_mutex_lock(&host->lock);
    host->expecting--;
    g_mutex_unlock(&host->lock);
    rest(host);
}

void
daemon_host_watch(DaemonHost *host, ZpciMonitorHandler handler, gpointer user_data)
{
    watchers_add(host->watchers, (WatchersHandler)handler, user_data);
    if (host->is_started)
        return;
    host->is_started = TRUE;
    zpci_monitor_start(host->monitor);
}

void
daemon_host_unwatch(DaemonHost *host, gpointer user_data)
{
    if (watchers_remove(host->watchers, user_data))
        rest(host);
}
