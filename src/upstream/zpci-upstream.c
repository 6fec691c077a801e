/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-upstream.h"

#include <glib/gi18n-lib.h>

#include "libvirt-library.h"
#include "text-quote.h"
#include "upstream-states.h"
#include "upstream-watch.h"
#include "watchers.h"
#include "zpci-error-private.h"
#include "zpci-error.h"

/* A daemon that hangs is given up after this many questions, so many seconds apart. */
#define KEEPALIVE_COUNT 5
#define KEEPALIVE_SECONDS 5

/* How long to wait before connecting again: twice the time after each attempt that failed. */
#define PAUSE_SECONDS 1
#define PAUSE_MAX_SECONDS 30

/* How long the end may take. */
#define GOODBYE_MS 1000

struct _ZpciUpstream {
    gatomicrefcount references;
    char *uri;
    gboolean read_only;
    gint64 deadline; /* for the first attempt */

    GMutex lock;
    GCond changed;
    virConnectPtr connection; /* NULL while there is none */
    guint number;             /* of the connection; grows */
    char *reason;             /* why there is none; NULL before the first attempt has ended */
    gboolean lost;
    gboolean stopping;
    gboolean ended;
    /* Clients may know less than the daemon has, or more. */
    gboolean incomplete;
    guint hanging; /* jobs whose time is over, and that go on */

    GThreadPool *threads; /* for calls */

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
    g_thread_pool_free(upstream->threads, FALSE, FALSE);
    upstream_states_free(upstream->states);
    watchers_free(upstream->watchers);
    g_mutex_clear(&upstream->lock);
    g_cond_clear(&upstream->changed);
    g_free(upstream->reason);
    g_free(upstream->uri);
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

/* @number: of the connection that is lost; that of another has been dealt with. */
static void
zpci_upstream_lose(const char *reason, guint number, gpointer data)
{
    ZpciUpstream *upstream = data;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&upstream->lock);

    if (number != upstream->number || upstream->lost)
        return;
    upstream->lost = TRUE;
    upstream->connection = NULL;
    upstream->incomplete = TRUE;
    g_free(upstream->reason);
    upstream->reason = g_strdup(reason);
    g_cond_broadcast(&upstream->changed);
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
zpci_upstream_post(ZpciUpstream *upstream, GHashTable *there, gboolean silent)
{
    Listing *listing = g_new0(Listing, 1);

    *listing = (Listing){ zpci_upstream_ref(upstream), upstream->number, there, silent };
    g_idle_add_full(G_PRIORITY_DEFAULT, zpci_upstream_on_listing, listing, listing_free);
}

virConnectPtr
zpci_upstream_connect(const ZpciUpstream *upstream)
{
    virConnectPtr connection = upstream->read_only
                                   ? libvirt_library.virConnectOpenReadOnly(upstream->uri)
                                   : libvirt_library.virConnectOpen(upstream->uri);

    /* What is not remote has none, and does not need it. */
    if (connection != NULL)
        libvirt_library.virConnectSetKeepAlive(connection, KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
    return connection;
}

/* Returns (nullable): a new connection; %NULL with the reason noted. */
static virConnectPtr
zpci_upstream_open(ZpciUpstream *upstream)
{
    virConnectPtr connection = zpci_upstream_connect(upstream);

    g_mutex_lock(&upstream->lock);
    upstream->lost = FALSE;
    upstream->number++;
    g_mutex_unlock(&upstream->lock);
    if (connection == NULL)
        zpci_upstream_lose(libvirt_library.virGetLastErrorMessage(), upstream->number, upstream);
    return connection;
}

/* From now on calls get the connection. Returns: whether clients know all that it has. */
static gboolean
zpci_upstream_publish(ZpciUpstream *upstream, virConnectPtr connection)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&upstream->lock);
    gboolean complete = !upstream->incomplete;

    if (upstream->lost || upstream->stopping)
        return complete;
    upstream->connection = connection;
    upstream->incomplete = FALSE;
    g_cond_broadcast(&upstream->changed);
    return complete;
}

static void
zpci_upstream_await_end(ZpciUpstream *upstream)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&upstream->lock);

    while (!upstream->lost && !upstream->stopping)
        g_cond_wait(&upstream->changed, &upstream->lock);
    upstream->connection = NULL;
}

/* Keeps one connection until it is lost. Returns: whether there was one. */
static gboolean
zpci_upstream_serve(ZpciUpstream *upstream)
{
    static const UpstreamWatchHandlers handlers = { zpci_upstream_on_event, zpci_upstream_lose,
                                                    zpci_upstream_release };
    virConnectPtr connection = zpci_upstream_open(upstream);
    UpstreamWatch *watch;
    GHashTable *there;

    if (connection == NULL)
        return FALSE;
    /* Events first, then the list: what comes in between is found twice, not missed. And both
     * before calls: what a client is told agrees with what it asks. */
    watch =
        upstream_watch_begin(connection, upstream->number, &handlers, zpci_upstream_ref(upstream));
    there = upstream_watch_list(connection);
    zpci_upstream_post(upstream, there, zpci_upstream_publish(upstream, connection));
    zpci_upstream_await_end(upstream);
    upstream_watch_end(watch);
    libvirt_library.virConnectClose(connection);
    return TRUE;
}

/* Returns: whether to go on. */
static gboolean
zpci_upstream_pause(ZpciUpstream *upstream, guint seconds)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&upstream->lock);
    gint64 end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;

    while (!upstream->stopping && g_cond_wait_until(&upstream->changed, &upstream->lock, end)) {
    }
    return !upstream->stopping;
}

static gpointer
zpci_upstream_keep(gpointer data)
{
    ZpciUpstream *upstream = data;
    guint pause = PAUSE_SECONDS;

    for (;;) {
        if (zpci_upstream_serve(upstream))
            pause = PAUSE_SECONDS;
        if (!zpci_upstream_pause(upstream, pause))
            break;
        pause = MIN(2 * pause, PAUSE_MAX_SECONDS);
    }
    g_mutex_lock(&upstream->lock);
    upstream->ended = TRUE;
    g_cond_broadcast(&upstream->changed);
    g_mutex_unlock(&upstream->lock);
    zpci_upstream_unref(upstream);
    return NULL;
}

gboolean
zpci_upstream_fail_unreachable(const ZpciUpstream *upstream, const char *reason, GError **error)
{
    g_autofree char *quoted = text_quote(upstream->uri);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                _("The node device daemon at %s cannot be reached: %s"), quoted, reason);
    return FALSE;
}

gboolean
zpci_upstream_fail_busy(const ZpciUpstream *upstream, const char *reason, GError **error)
{
    g_autofree char *quoted = text_quote(upstream->uri);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The node device daemon at %s takes no connection on behalf of another user now; "
                  "try again later. %s"),
                quoted, reason);
    return FALSE;
}

static const char *
zpci_upstream_get_reason(const ZpciUpstream *upstream)
{
    return upstream->reason != NULL ? upstream->reason : _("It has not answered yet.");
}

/* Returns (transfer full) (nullable): the connection, to be given back with virConnectClose(). */
static virConnect *
zpci_upstream_acquire(ZpciUpstream *upstream, guint *number, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&upstream->lock);

    while (upstream->connection == NULL && upstream->reason == NULL &&
           g_cond_wait_until(&upstream->changed, &upstream->lock, upstream->deadline)) {
    }
    if (upstream->connection == NULL) {
        upstream->incomplete = TRUE;
        zpci_upstream_fail_unreachable(upstream, zpci_upstream_get_reason(upstream), error);
        return NULL;
    }
    libvirt_library.virConnectRef(upstream->connection);
    *number = upstream->number;
    return upstream->connection;
}

/* The daemon itself is there, so nobody else says what this caller may see. */
static gboolean
zpci_upstream_fail_lost(const ZpciUpstream *upstream, const char *reason, GError **error)
{
    g_autofree char *quoted = text_quote(upstream->uri);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The connection to the node device daemon at %s was lost; try again. %s"), quoted,
                reason);
    return FALSE;
}

gboolean
zpci_upstream_fail(ZpciUpstream *upstream, virConnectPtr connection, GError **error)
{
    /* The next call of libvirt forgets it. */
    int code = libvirt_library.virGetLastErrorCode();
    int domain = libvirt_library.virGetLastErrorDomain();
    g_autofree char *message = g_strdup(libvirt_library.virGetLastErrorMessage());
    gboolean is_callers;
    guint number;

    if ((domain != VIR_FROM_RPC && domain != VIR_FROM_REMOTE) ||
        libvirt_library.virConnectIsAlive(connection) == 1)
        return zpci_error_set_foreign(code, domain, message, error);
    g_mutex_lock(&upstream->lock);
    number = upstream->connection == connection ? upstream->number : 0;
    is_callers = upstream->connection != NULL && upstream->connection != connection;
    g_mutex_unlock(&upstream->lock);
    if (is_callers)
        return zpci_upstream_fail_lost(upstream, message, error);
    zpci_upstream_lose(message, number, upstream);
    return zpci_upstream_fail_unreachable(upstream, message, error);
}

/* Work on a connection, or none and then it is only given up; from when a thread is asked to do it
 * until nobody needs it any more: the thread has done it, and who waits for it has seen that or has
 * given up. */
typedef struct {
    ZpciUpstream *upstream;
    virConnectPtr connection;
    guint number; /* of the connection */
    ZpciUpstreamWork work;
    gpointer data;
    GDestroyNotify clear;
    GError *error;
    gboolean done;
    gboolean given_up;
    gboolean hangs; /* it was given up because its time was over */
} Job;

static void
job_free(Job *job)
{
    libvirt_library.virConnectClose(job->connection);
    if (job->data != NULL)
        g_atomic_rc_box_release_full(job->data, job->clear);
    g_clear_error(&job->error);
    zpci_upstream_unref(job->upstream);
    g_free(job);
}

static void
zpci_upstream_do(gpointer data, G_GNUC_UNUSED gpointer user_data)
{
    Job *job = data;
    GMutex *lock = &job->upstream->lock;
    gboolean given_up;

    if (job->work != NULL)
        job->work(job->connection, job->number, job->data, &job->error);
    g_mutex_lock(lock);
    given_up = job->given_up;
    job->upstream->hanging -= job->hangs;
    job->done = TRUE;
    g_cond_broadcast(&job->upstream->changed);
    g_mutex_unlock(lock);
    if (given_up)
        job_free(job);
}

/* Waits for a change until @end, or, if that is 0, for ever. Returns: whether there is time left.
 */
static gboolean
zpci_upstream_sleep(ZpciUpstream *upstream, gint64 end)
{
    if (end != 0)
        return g_cond_wait_until(&upstream->changed, &upstream->lock, end);
    g_cond_wait(&upstream->changed, &upstream->lock);
    return TRUE;
}

/* Returns: whether the job is done; if not, it is no longer the caller's. */
static gboolean
zpci_upstream_await(ZpciUpstream *upstream, Job *job, guint seconds, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&upstream->lock);
    gint64 end = seconds > 0 ? g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND : 0;
    gboolean in_time = TRUE;

    while (!job->done && upstream->connection == job->connection && in_time)
        in_time = zpci_upstream_sleep(upstream, end);
    if (job->done)
        return TRUE;
    job->given_up = TRUE;
    if (upstream->connection != job->connection)
        return zpci_upstream_fail_unreachable(upstream, zpci_upstream_get_reason(upstream), error);
    job->hangs = TRUE;
    upstream->hanging++;
    return zpci_upstream_fail_busy(upstream, _("It does not answer."), error);
}

/* While some work hangs for which there is a time, more of that kind would only hang, too. */
static gboolean
zpci_upstream_check_hanging(ZpciUpstream *upstream, GError **error)
{
    gboolean hangs;

    g_mutex_lock(&upstream->lock);
    hangs = upstream->hanging > 0;
    g_mutex_unlock(&upstream->lock);
    return !hangs || zpci_upstream_fail_busy(upstream, _("It does not answer."), error);
}

gboolean
zpci_upstream_run(ZpciUpstream *upstream, ZpciUpstreamWork work, gpointer data,
                  GDestroyNotify clear, guint seconds, GError **error)
{
    virConnectPtr connection;
    gboolean good;
    guint number;
    Job *job;

    if (seconds > 0 && !zpci_upstream_check_hanging(upstream, error))
        return FALSE;
    connection = zpci_upstream_acquire(upstream, &number, error);
    if (connection == NULL)
        return FALSE;
    job = g_new0(Job, 1);
    *job = (Job){ .upstream = zpci_upstream_ref(upstream),
                  .connection = connection,
                  .number = number,
                  .work = work,
                  .data = g_atomic_rc_box_acquire(data),
                  .clear = clear };
    g_thread_pool_push(upstream->threads, job, NULL);
    if (!zpci_upstream_await(upstream, job, seconds, error))
        return FALSE;
    good = job->error == NULL;
    if (!good)
        g_propagate_error(error, g_steal_pointer(&job->error));
    job_free(job);
    return good;
}

void
zpci_upstream_close(ZpciUpstream *upstream, virConnectPtr connection)
{
    Job *job;

    if (connection == NULL)
        return;
    job = g_new0(Job, 1);
    *job = (Job){ .upstream = zpci_upstream_ref(upstream),
                  .connection = connection,
                  .given_up = TRUE };
    g_thread_pool_push(upstream->threads, job, NULL);
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
    upstream->uri = g_strdup(uri);
    upstream->read_only = read_only;
    upstream->deadline =
        g_get_monotonic_time() + ZPCI_UPSTREAM_PATIENCE_SECONDS * G_TIME_SPAN_SECOND;
    g_mutex_init(&upstream->lock);
    g_cond_init(&upstream->changed);
    upstream->states = upstream_states_new(zpci_upstream_on_state, upstream);
    upstream->threads = g_thread_pool_new(zpci_upstream_do, NULL, -1, FALSE, NULL);
    upstream->watchers = watchers_new(zpci_upstream_tell);
    g_thread_unref(g_thread_new("upstream", zpci_upstream_keep, zpci_upstream_ref(upstream)));
    return upstream;
}

void
zpci_upstream_stop(ZpciUpstream *upstream)
{
    gint64 end = g_get_monotonic_time() + GOODBYE_MS * G_TIME_SPAN_MILLISECOND;

    if (upstream == NULL)
        return;
    g_mutex_lock(&upstream->lock);
    upstream->stopping = TRUE;
    g_cond_broadcast(&upstream->changed);
    while (!upstream->ended && g_cond_wait_until(&upstream->changed, &upstream->lock, end)) {
    }
    g_mutex_unlock(&upstream->lock);
    zpci_upstream_unref(upstream);
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
    gboolean connected;

    if (!upstream_states_is_active(upstream->states, name))
        return FALSE;
    g_mutex_lock(&upstream->lock);
    connected = upstream->connection != NULL;
    g_mutex_unlock(&upstream->lock);
    if (!connected)
        upstream_states_forget(upstream->states, name);
    return connected;
}

gboolean
zpci_upstream_is_active(const ZpciUpstream *upstream, const char *name)
{
    return upstream_states_is_active(upstream->states, name);
}
