/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-link.h"

#include <glib/gi18n-lib.h>

#include "libvirt-library.h"
#include "text-quote.h"
#include "zpci-error-private.h"
#include "zpci-error.h"

/* A daemon that hangs is given up after this many questions, so many seconds apart. */
#define KEEPALIVE_COUNT 5
#define KEEPALIVE_SECONDS 5

/* How long the end may take. */
#define GOODBYE_MS 1000

struct _UpstreamLink {
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
    guint hanging; /* uses whose time is over, and that go on */
};

struct _UpstreamLinkUse {
    UpstreamLink *link;
    virConnectPtr connection;
    guint number; /* of the connection */
    gboolean done;
    gboolean given_up;
    gboolean hangs; /* it was given up because its time was over */
};

UpstreamLink *
upstream_link_new(const char *uri, gboolean read_only)
{
    UpstreamLink *link = g_new0(UpstreamLink, 1);

    g_atomic_ref_count_init(&link->references);
    link->uri = g_strdup(uri);
    link->read_only = read_only;
    link->deadline = g_get_monotonic_time() + UPSTREAM_LINK_PATIENCE_SECONDS * G_TIME_SPAN_SECOND;
    g_mutex_init(&link->lock);
    g_cond_init(&link->changed);
    return link;
}

UpstreamLink *
upstream_link_ref(UpstreamLink *link)
{
    g_atomic_ref_count_inc(&link->references);
    return link;
}

void
upstream_link_unref(UpstreamLink *link)
{
    if (!g_atomic_ref_count_dec(&link->references))
        return;
    g_mutex_clear(&link->lock);
    g_cond_clear(&link->changed);
    g_free(link->reason);
    g_free(link->uri);
    g_free(link);
}

void
upstream_link_lose(UpstreamLink *link, const char *reason, guint number)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);

    if (number != link->number || link->lost)
        return;
    link->lost = TRUE;
    link->connection = NULL;
    link->incomplete = TRUE;
    g_free(link->reason);
    link->reason = g_strdup(reason);
    g_cond_broadcast(&link->changed);
}

virConnectPtr
upstream_link_connect(const UpstreamLink *link)
{
    virConnectPtr connection = link->read_only ? libvirt_library.virConnectOpenReadOnly(link->uri)
                                               : libvirt_library.virConnectOpen(link->uri);

    /* What is not remote has none, and does not need it. */
    if (connection != NULL)
        libvirt_library.virConnectSetKeepAlive(connection, KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
    return connection;
}

virConnectPtr
upstream_link_open(UpstreamLink *link, guint *number)
{
    virConnectPtr connection = upstream_link_connect(link);

    g_mutex_lock(&link->lock);
    link->lost = FALSE;
    *number = ++link->number;
    g_mutex_unlock(&link->lock);
    if (connection == NULL)
        upstream_link_lose(link, libvirt_library.virGetLastErrorMessage(), *number);
    return connection;
}

gboolean
upstream_link_publish(UpstreamLink *link, virConnectPtr connection)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);
    gboolean complete = !link->incomplete;

    if (link->lost || link->stopping)
        return complete;
    link->connection = connection;
    link->incomplete = FALSE;
    g_cond_broadcast(&link->changed);
    return complete;
}

void
upstream_link_await_end(UpstreamLink *link)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);

    while (!link->lost && !link->stopping)
        g_cond_wait(&link->changed, &link->lock);
    link->connection = NULL;
}

gboolean
upstream_link_pause(UpstreamLink *link, guint seconds)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);
    gint64 end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;

    while (!link->stopping && g_cond_wait_until(&link->changed, &link->lock, end)) {
    }
    return !link->stopping;
}

gboolean
upstream_link_fail_unreachable(const UpstreamLink *link, const char *reason, GError **error)
{
    g_autofree char *quoted = text_quote(link->uri);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                _("The node device daemon at %s cannot be reached: %s"), quoted, reason);
    return FALSE;
}

gboolean
upstream_link_fail_busy(const UpstreamLink *link, const char *reason, GError **error)
{
    g_autofree char *quoted = text_quote(link->uri);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The node device daemon at %s takes no connection on behalf of another user now; "
                  "try again later. %s"),
                quoted, reason);
    return FALSE;
}

static const char *
upstream_link_get_reason(const UpstreamLink *link)
{
    return link->reason != NULL ? link->reason : _("It has not answered yet.");
}

/* The daemon itself is there, so nobody else says what this caller may see. */
static gboolean
upstream_link_fail_lost(const UpstreamLink *link, const char *reason, GError **error)
{
    g_autofree char *quoted = text_quote(link->uri);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The connection to the node device daemon at %s was lost; try again. %s"), quoted,
                reason);
    return FALSE;
}

gboolean
upstream_link_fail(UpstreamLink *link, virConnectPtr connection, GError **error)
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
    g_mutex_lock(&link->lock);
    number = link->connection == connection ? link->number : 0;
    is_callers = link->connection != NULL && link->connection != connection;
    g_mutex_unlock(&link->lock);
    if (is_callers)
        return upstream_link_fail_lost(link, message, error);
    upstream_link_lose(link, message, number);
    return upstream_link_fail_unreachable(link, message, error);
}

UpstreamLinkUse *
upstream_link_use(UpstreamLink *link, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);
    UpstreamLinkUse *use;

    while (link->connection == NULL && link->reason == NULL &&
           g_cond_wait_until(&link->changed, &link->lock, link->deadline)) {
    }
    if (link->connection == NULL) {
        link->incomplete = TRUE;
        upstream_link_fail_unreachable(link, upstream_link_get_reason(link), error);
        return NULL;
    }
    libvirt_library.virConnectRef(link->connection);
    use = g_new0(UpstreamLinkUse, 1);
    *use = (UpstreamLinkUse){ .link = upstream_link_ref(link),
                              .connection = link->connection,
                              .number = link->number };
    return use;
}

void
upstream_link_use_free(UpstreamLinkUse *use)
{
    libvirt_library.virConnectClose(use->connection);
    upstream_link_unref(use->link);
    g_free(use);
}

virConnectPtr
upstream_link_use_get_connection(const UpstreamLinkUse *use, guint *number)
{
    *number = use->number;
    return use->connection;
}

gboolean
upstream_link_use_finish(UpstreamLinkUse *use)
{
    UpstreamLink *link = use->link;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);

    link->hanging -= use->hangs;
    use->done = TRUE;
    g_cond_broadcast(&link->changed);
    return !use->given_up;
}

/* Waits for a change until @end, or, if that is 0, for ever. Returns: whether there is time left.
 */
static gboolean
upstream_link_sleep(UpstreamLink *link, gint64 end)
{
    if (end != 0)
        return g_cond_wait_until(&link->changed, &link->lock, end);
    g_cond_wait(&link->changed, &link->lock);
    return TRUE;
}

gboolean
upstream_link_use_await(UpstreamLinkUse *use, guint seconds, GError **error)
{
    UpstreamLink *link = use->link;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);
    gint64 end = seconds > 0 ? g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND : 0;
    gboolean in_time = TRUE;

    while (!use->done && link->connection == use->connection && in_time)
        in_time = upstream_link_sleep(link, end);
    if (use->done)
        return TRUE;
    use->given_up = TRUE;
    if (link->connection != use->connection)
        return upstream_link_fail_unreachable(link, upstream_link_get_reason(link), error);
    use->hangs = TRUE;
    link->hanging++;
    return upstream_link_fail_busy(link, _("It does not answer."), error);
}

gboolean
upstream_link_check_hanging(UpstreamLink *link, GError **error)
{
    gboolean hangs;

    g_mutex_lock(&link->lock);
    hangs = link->hanging > 0;
    g_mutex_unlock(&link->lock);
    return !hangs || upstream_link_fail_busy(link, _("It does not answer."), error);
}

gboolean
upstream_link_is_up(UpstreamLink *link)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);

    return link->connection != NULL;
}

void
upstream_link_end(UpstreamLink *link)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);

    link->ended = TRUE;
    g_cond_broadcast(&link->changed);
}

void
upstream_link_stop(UpstreamLink *link)
{
    gint64 end = g_get_monotonic_time() + GOODBYE_MS * G_TIME_SPAN_MILLISECOND;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&link->lock);

    link->stopping = TRUE;
    g_cond_broadcast(&link->changed);
    while (!link->ended && g_cond_wait_until(&link->changed, &link->lock, end)) {
    }
}
