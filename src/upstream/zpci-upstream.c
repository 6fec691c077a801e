/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-upstream.h"

#include "libvirt-library.h"
#include "upstream-states.h"
#include "upstream-watch.h"
#include "watchers.h"

/* How long to wait before connecting again: twice the time after each attempt that failed. */
#define PAUSE_SECONDS 1
#define PAUSE_MAX_SECONDS 30

struct _ZpciUpstream {
    gatomicrefcount references;
    UpstreamLink *link;
    UpstreamThreads *threads; /* for calls */

    /* Of the thread with the default main context. */
    UpstreamStates *states;
    Watchers *watchers; /* each a UpstreamStatesHandler */
};

typedef struct {
    ZpciEvent event;
    const char *name;
} News;

void
zpci_upstream_unref(ZpciUpstream *upstream)
{
    if (!g_atomic_ref_count_dec(&upstream->references))
        return;
    upstream_threads_free(upstream->threads);
    upstream_link_unref(upstream->link);
    upstream_states_free(upstream->states);
    watchers_free(upstream->watchers);
    g_free(upstream);
}

ZpciUpstream *
zpci_upstream_ref(ZpciUpstream *upstream)
{
    g_atomic_ref_count_inc(&upstream->references);
    return upstream;
}

static void
zpci_upstream_release(gpointer data)
{
    zpci_upstream_unref(data);
}

static void
zpci_upstream_tell(WatchersHandler handler, gpointer user_data, gconstpointer data)
{
    const News *news = data;

    ((UpstreamStatesHandler)handler)(news->event, news->name, user_data);
}

static void
zpci_upstream_on_state(ZpciEvent event, const char *name, gpointer data)
{
    const ZpciUpstream *upstream = data;
    const News news = { event, name };

    watchers_tell(upstream->watchers, &news);
}

static void
zpci_upstream_on_event(ZpciEvent event, const char *name, guint number, gpointer data)
{
    const ZpciUpstream *upstream = data;

    upstream_states_note(upstream->states, number, event, name);
}

static void
zpci_upstream_on_loss(const char *reason, guint number, gpointer data)
{
    const ZpciUpstream *upstream = data;

    upstream_link_lose(upstream->link, reason, number);
}

/* What the daemon listed, on its way to the main context. */
typedef struct {
    ZpciUpstream *upstream;
    guint number;
    GHashTable *there;
    gboolean silent;
} Listing;

static void
listing_free(gpointer data)
{
    Listing *listing = data;

    zpci_upstream_unref(listing->upstream);
    g_clear_pointer(&listing->there, g_hash_table_unref);
    g_free(listing);
}

static gboolean
zpci_upstream_on_listing(gpointer data)
{
    Listing *listing = data;

    upstream_states_replace(listing->upstream->states, listing->number,
                            g_steal_pointer(&listing->there), listing->silent);
    return G_SOURCE_REMOVE;
}

/* Takes over @there. */
static void
zpci_upstream_post(ZpciUpstream *upstream, guint number, GHashTable *there, gboolean silent)
{
    Listing *listing = g_new0(Listing, 1);

    *listing = (Listing){ zpci_upstream_ref(upstream), number, there, silent };
    g_idle_add_full(G_PRIORITY_DEFAULT, zpci_upstream_on_listing, listing, listing_free);
}

/* Keeps one connection until it is lost. Returns: whether there was one. */
static gboolean
zpci_upstream_serve(ZpciUpstream *upstream)
{
    static const UpstreamWatchHandlers handlers = { zpci_upstream_on_event, zpci_upstream_on_loss,
                                                    zpci_upstream_release };
    guint number;
    virConnectPtr connection = upstream_link_open(upstream->link, &number);
    UpstreamWatch *watch;
    GHashTable *there;

    if (connection == NULL)
        return FALSE;
    /* Events first, then the list: what comes in between is found twice, not missed. And both
     * before calls: what a client is told agrees with what it asks. */
    watch = upstream_watch_begin(connection, number, &handlers, zpci_upstream_ref(upstream));
    there = upstream_watch_list(connection);
    zpci_upstream_post(upstream, number, there, upstream_link_publish(upstream->link, connection));
    upstream_link_await_end(upstream->link);
    upstream_watch_end(watch);
    libvirt_library.virConnectClose(connection);
    return TRUE;
}

static gpointer
zpci_upstream_keep(gpointer data)
{
    ZpciUpstream *upstream = data;
    guint pause = PAUSE_SECONDS;

    for (;;) {
        if (zpci_upstream_serve(upstream))
            pause = PAUSE_SECONDS;
        if (!upstream_link_pause(upstream->link, pause))
            break;
        pause = MIN(2 * pause, PAUSE_MAX_SECONDS);
    }
    upstream_link_end(upstream->link);
    zpci_upstream_unref(upstream);
    return NULL;
}

static void
zpci_upstream_ignore(G_GNUC_UNUSED void *user_data, G_GNUC_UNUSED virErrorPtr error)
{
}

/* Once in the life of the process. */
static void
zpci_upstream_prepare(void)
{
    static gsize prepared;

    if (!g_once_init_enter(&prepared))
        return;
    libvirt_library.virInitialize();
    /* By itself libvirt writes each error to the standard error, too. */
    libvirt_library.virSetErrorFunc(NULL, zpci_upstream_ignore);
    libvirt_library.gvir_event_register();
    g_once_init_leave(&prepared, 1);
}

ZpciUpstream *
zpci_upstream_new(const char *uri, gboolean read_only)
{
    ZpciUpstream *upstream = g_new0(ZpciUpstream, 1);

    zpci_upstream_prepare();
    g_atomic_ref_count_init(&upstream->references);
    upstream->link = upstream_link_new(uri, read_only);
    upstream->states = upstream_states_new(zpci_upstream_on_state, upstream);
    upstream->threads = upstream_threads_new();
    upstream->watchers = watchers_new(zpci_upstream_tell);
    g_thread_unref(g_thread_new("upstream", zpci_upstream_keep, zpci_upstream_ref(upstream)));
    return upstream;
}

void
zpci_upstream_stop(ZpciUpstream *upstream)
{
    if (upstream == NULL)
        return;
    upstream_link_stop(upstream->link);
    zpci_upstream_unref(upstream);
}

UpstreamLink *
zpci_upstream_get_link(const ZpciUpstream *upstream)
{
    return upstream->link;
}

UpstreamThreads *
zpci_upstream_get_threads(const ZpciUpstream *upstream)
{
    return upstream->threads;
}

void
zpci_upstream_watch(ZpciUpstream *upstream, UpstreamStatesHandler handler, gpointer user_data)
{
    watchers_add(upstream->watchers, (WatchersHandler)handler, user_data);
}

void
zpci_upstream_unwatch(ZpciUpstream *upstream, gpointer user_data)
{
    watchers_remove(upstream->watchers, user_data);
}

gboolean
zpci_upstream_settle(ZpciUpstream *upstream, const char *name)
{
    if (!upstream_states_is_active(upstream->states, name))
        return FALSE;
    if (upstream_link_is_up(upstream->link))
        return TRUE;
    upstream_states_forget(upstream->states, name);
    return FALSE;
}

gboolean
zpci_upstream_is_active(const ZpciUpstream *upstream, const char *name)
{
    return upstream_states_is_active(upstream->states, name);
}
