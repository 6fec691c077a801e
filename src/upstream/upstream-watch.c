/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-watch.h"

#include <glib/gi18n-lib.h>

#include "libvirt-library.h"
#include "upstream-states.h"

#define NOT_REGISTERED -1

struct _UpstreamWatch {
    gatomicrefcount references; /* libvirt has one for each kind of event */
    virConnectPtr connection;
    guint number;
    const UpstreamWatchHandlers *handlers;
    gpointer user_data;
    int lifecycle; /* the number of the registration */
    int update;
    gboolean closing; /* the end is registered for */
};

static void
upstream_watch_unref(gpointer data)
{
    UpstreamWatch *watch = data;

    if (!g_atomic_ref_count_dec(&watch->references))
        return;
    watch->handlers->release(watch->user_data);
    g_free(watch);
}

static void
upstream_watch_on_lifecycle(G_GNUC_UNUSED virConnectPtr connection, virNodeDevicePtr device,
                            int event, G_GNUC_UNUSED int detail, void *opaque)
{
    static const ZpciEvent events[] = {
        [VIR_NODE_DEVICE_EVENT_CREATED] = ZPCI_EVENT_CREATED,
        [VIR_NODE_DEVICE_EVENT_DELETED] = ZPCI_EVENT_DELETED,
        [VIR_NODE_DEVICE_EVENT_DEFINED] = ZPCI_EVENT_DEFINED,
        [VIR_NODE_DEVICE_EVENT_UNDEFINED] = ZPCI_EVENT_UNDEFINED,
    };
    const UpstreamWatch *watch = opaque;

    /* A newer daemon may know more than we can tell. */
    if (event >= 0 && event < (int)G_N_ELEMENTS(events))
        watch->handlers->event(events[event], libvirt_library.virNodeDeviceGetName(device),
                               watch->number, watch->user_data);
}

static void
upstream_watch_on_update(G_GNUC_UNUSED virConnectPtr connection, virNodeDevicePtr device,
                         void *opaque)
{
    const UpstreamWatch *watch = opaque;

    watch->handlers->event(ZPCI_EVENT_UPDATED, libvirt_library.virNodeDeviceGetName(device),
                           watch->number, watch->user_data);
}

static void
upstream_watch_on_close(G_GNUC_UNUSED virConnectPtr connection, int reason, void *opaque)
{
    const UpstreamWatch *watch = opaque;

    watch->handlers->lost(reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE
                              ? _("It does not answer any more.")
                              : _("It has closed the connection."),
                          watch->number, watch->user_data);
}

/* libvirt drops the reference when it drops the registration. */
static int
upstream_watch_register(UpstreamWatch *watch, virNodeDeviceEventID event,
                        virConnectNodeDeviceEventGenericCallback callback)
{
    int id;

    g_atomic_ref_count_inc(&watch->references);
    id = libvirt_library.virConnectNodeDeviceEventRegisterAny(
        watch->connection, NULL, event, callback, watch, upstream_watch_unref);
    if (id < 0)
        upstream_watch_unref(watch);
    return id < 0 ? NOT_REGISTERED : id;
}

UpstreamWatch *
upstream_watch_begin(virConnectPtr connection, guint number, const UpstreamWatchHandlers *handlers,
                     gpointer user_data)
{
    UpstreamWatch *watch = g_new0(UpstreamWatch, 1);

    g_atomic_ref_count_init(&watch->references);
    watch->connection = connection;
    watch->number = number;
    watch->handlers = handlers;
    watch->user_data = user_data;

    /* A driver without connections that could be lost takes the callback and never frees its data,
     * so it gets no reference. */
    watch->closing = libvirt_library.virConnectRegisterCloseCallback(
                         connection, upstream_watch_on_close, watch, NULL) == 0;
    watch->lifecycle =
        upstream_watch_register(watch, VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE,
                                VIR_NODE_DEVICE_EVENT_CALLBACK(upstream_watch_on_lifecycle));
    watch->update =
        upstream_watch_register(watch, VIR_NODE_DEVICE_EVENT_ID_UPDATE,
                                VIR_NODE_DEVICE_EVENT_CALLBACK(upstream_watch_on_update));
    return watch;
}

void
upstream_watch_end(UpstreamWatch *watch)
{
    if (watch->update != NOT_REGISTERED)
        libvirt_library.virConnectNodeDeviceEventDeregisterAny(watch->connection, watch->update);
    if (watch->lifecycle != NOT_REGISTERED)
        libvirt_library.virConnectNodeDeviceEventDeregisterAny(watch->connection, watch->lifecycle);
    if (watch->closing)
        libvirt_library.virConnectUnregisterCloseCallback(watch->connection,
                                                          upstream_watch_on_close);
    upstream_watch_unref(watch);
}

/* Whether what is asked for is worth a question: of all active devices only mediated ones are known
 * to have definitions that are left when they end. */
static gboolean
upstream_watch_is_defined(virNodeDevicePtr device, unsigned int flags)
{
    return (flags & VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV) != 0 &&
           libvirt_library.virNodeDeviceIsPersistent(device) == 1;
}

/* Adds those that @flags select. */
static gboolean
upstream_watch_list_some(virConnectPtr connection, unsigned int flags, guint state,
                         GHashTable *there)
{
    virNodeDevicePtr *devices = NULL;
    int count = libvirt_library.virConnectListAllNodeDevices(connection, &devices, flags);

    for (int i = 0; i < count; i++) {
        guint added = state;

        if (upstream_watch_is_defined(devices[i], flags))
            added |= UPSTREAM_STATE_DEFINED;
        g_hash_table_insert(there, g_strdup(libvirt_library.virNodeDeviceGetName(devices[i])),
                            GUINT_TO_POINTER(added));
        libvirt_library.virNodeDeviceFree(devices[i]);
    }
    free(devices);
    return count >= 0;
}

GHashTable *
upstream_watch_list(virConnectPtr connection)
{
    const unsigned int active = VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE;
    g_autoptr(GHashTable) there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    /* In this order: what is active by then is not inactive, and mediated ones come last. A driver
     * that does not know these flags has active devices only. */
    if (!upstream_watch_list_some(connection, VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE,
                                  UPSTREAM_STATE_DEFINED, there))
        return upstream_watch_list_some(connection, 0, UPSTREAM_STATE_ACTIVE, there)
                   ? g_steal_pointer(&there)
                   : NULL;
    if (!upstream_watch_list_some(connection, active, UPSTREAM_STATE_ACTIVE, there) ||
        !upstream_watch_list_some(connection, active | VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV,
                                  UPSTREAM_STATE_ACTIVE, there))
        return NULL;
    return g_steal_pointer(&there);
}
