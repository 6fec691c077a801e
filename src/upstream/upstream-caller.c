/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-caller.h"

#include <glib/gi18n-lib.h>

#include "libvirt-library.h"
#include "upstream-identity.h"
#include "zpci-error.h"

struct _UpstreamCaller {
    gatomicrefcount references; /* one for each call, too: a call that hangs outlives its caller */
    ZpciUpstream *upstream;
    GVariant *identity; /* NULL for ourselves */

    GMutex lock;
    virConnectPtr connection; /* on behalf of the identity; NULL while there is none */
    guint number;             /* of the upstream's connection when it was made */
};

static void
upstream_caller_unref(UpstreamCaller *caller)
{
    if (!g_atomic_ref_count_dec(&caller->references))
        return;
    upstream_threads_close(zpci_upstream_get_threads(caller->upstream), caller->connection);
    zpci_upstream_unref(caller->upstream);
    g_clear_pointer(&caller->identity, g_variant_unref);
    g_mutex_clear(&caller->lock);
    g_free(caller);
}

UpstreamCaller *
upstream_caller_new(ZpciUpstream *upstream, GVariant *identity)
{
    UpstreamCaller *caller = g_new0(UpstreamCaller, 1);

    g_atomic_ref_count_init(&caller->references);
    caller->upstream = zpci_upstream_ref(upstream);
    caller->identity = identity != NULL ? g_variant_ref_sink(identity) : NULL;
    g_mutex_init(&caller->lock);
    return caller;
}

void
upstream_caller_free(UpstreamCaller *caller)
{
    if (caller != NULL)
        upstream_caller_unref(caller);
}

gboolean
upstream_caller_is_other(const UpstreamCaller *caller)
{
    return caller->identity != NULL;
}

/* Returns (transfer full) (nullable): the connection that was made earlier, if it is still good. */
static virConnect *
upstream_caller_reuse(UpstreamCaller *caller, guint number)
{
    virConnectPtr connection = NULL;

    g_mutex_lock(&caller->lock);
    if (caller->connection != NULL && caller->number == number) {
        connection = caller->connection;
        libvirt_library.virConnectRef(connection);
    }
    g_mutex_unlock(&caller->lock);
    if (connection != NULL && libvirt_library.virConnectIsAlive(connection) != 1)
        g_clear_pointer(&connection, libvirt_library.virConnectClose);
    return connection;
}

/* Makes an error of libvirt's, of a connection that could not be made. Returns: FALSE. */
static gboolean
upstream_caller_fail_connecting(const UpstreamCaller *caller, virConnectPtr shared, GError **error)
{
    g_autofree char *message = g_strdup(libvirt_library.virGetLastErrorMessage());

    return libvirt_library.virConnectIsAlive(shared) == 1
               ? upstream_link_fail_busy(zpci_upstream_get_link(caller->upstream), message, error)
               : upstream_link_fail_unreachable(zpci_upstream_get_link(caller->upstream), message,
                                                error);
}

/* Returns (transfer full) (nullable): a new connection, of which all calls are on behalf of the
 * identity; %NULL with @error set. */
static virConnect *
upstream_caller_connect(const UpstreamCaller *caller, virConnectPtr shared, GError **error)
{
    virConnectPtr connection = upstream_link_connect(zpci_upstream_get_link(caller->upstream));
    GError *problem = NULL;

    if (connection == NULL) {
        upstream_caller_fail_connecting(caller, shared, error);
        return NULL;
    }
    if (upstream_identity_set(connection, caller->identity) == 0)
        return connection;
    upstream_link_fail(zpci_upstream_get_link(caller->upstream), connection, &problem);
    if (!g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE))
        g_prefix_error(&problem, "%s",
                       _("The node device daemon behind this one does not take this "
                         "call on behalf of another user: "));
    g_propagate_error(error, problem);
    libvirt_library.virConnectClose(connection);
    return NULL;
}

/* Keeps the connection for the next call, and gives up the one before it. No lock is held while one
 * is made, which may take for ever; so two calls at once may make two. */
static void
upstream_caller_keep(UpstreamCaller *caller, virConnectPtr connection, guint number)
{
    virConnectPtr old;

    libvirt_library.virConnectRef(connection);
    g_mutex_lock(&caller->lock);
    old = caller->connection;
    caller->connection = connection;
    caller->number = number;
    g_mutex_unlock(&caller->lock);
    upstream_threads_close(zpci_upstream_get_threads(caller->upstream), old);
}

/* @connection: (nullable): on behalf of the identity */
typedef struct {
    UpstreamCaller *caller;
    UpstreamCallerWork work;
    gpointer data;
    GDestroyNotify clear;
    virConnectPtr connection;
} Call;

static void
call_clear(gpointer data)
{
    Call *call = data;

    upstream_threads_close(zpci_upstream_get_threads(call->caller->upstream), call->connection);
    upstream_caller_unref(call->caller);
    g_atomic_rc_box_release_full(call->data, call->clear);
}

static gboolean
call_connect(virConnectPtr shared, guint number, gpointer data, GError **error)
{
    Call *call = data;

    call->connection = upstream_caller_reuse(call->caller, number);
    if (call->connection == NULL) {
        call->connection = upstream_caller_connect(call->caller, shared, error);
        if (call->connection != NULL)
            upstream_caller_keep(call->caller, call->connection, number);
    }
    return call->connection != NULL;
}

static gboolean
call_do(virConnectPtr shared, G_GNUC_UNUSED guint number, gpointer data, GError **error)
{
    Call *call = data;
    virConnectPtr connection = call->connection != NULL ? call->connection : shared;
    gboolean good =
        call->work(connection, call->data) ||
        upstream_link_fail(zpci_upstream_get_link(call->caller->upstream), connection, error);

    g_clear_pointer(&call->connection, libvirt_library.virConnectClose);
    return good;
}

/* To connect has a time of its own: a daemon that has as many clients as it takes answers no more,
 * while those that it has go on. */
static gboolean
call_run(Call *call, GError **error)
{
    ZpciUpstream *upstream = call->caller->upstream;

    return (!upstream_caller_is_other(call->caller) ||
            upstream_threads_run(zpci_upstream_get_threads(upstream),
                                 zpci_upstream_get_link(upstream), call_connect, call, call_clear,
                                 UPSTREAM_LINK_PATIENCE_SECONDS, error)) &&
           upstream_threads_run(zpci_upstream_get_threads(upstream),
                                zpci_upstream_get_link(upstream), call_do, call, call_clear, 0,
                                error);
}

gboolean
upstream_caller_run(UpstreamCaller *caller, UpstreamCallerWork work, gpointer data,
                    GDestroyNotify clear, GError **error)
{
    Call *call = g_atomic_rc_box_new0(Call);
    gboolean good;

    g_atomic_ref_count_inc(&caller->references);
    *call = (Call){ caller, work, g_atomic_rc_box_acquire(data), clear, NULL };
    good = call_run(call, error);
    g_atomic_rc_box_release_full(call, call_clear);
    return good;
}
