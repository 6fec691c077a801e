/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-caller.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>

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
    zpci_upstream_close(caller->upstream, caller->connection);
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
        virConnectRef(connection);
    }
    g_mutex_unlock(&caller->lock);
    if (connection != NULL && virConnectIsAlive(connection) != 1)
        g_clear_pointer(&connection, virConnectClose);
    return connection;
}

/* Returns (transfer full) (nullable): a new connection, of which all calls are on behalf of the
 * identity; %NULL with @error set. */
static virConnect *
upstream_caller_connect(const UpstreamCaller *caller, GError **error)
{
    virConnectPtr connection = zpci_upstream_connect(caller->upstream);
    GError *problem = NULL;

    if (connection == NULL) {
        zpci_upstream_fail_unreachable(caller->upstream, virGetLastErrorMessage(), error);
        return NULL;
    }
    if (upstream_identity_set(connection, caller->identity) == 0)
        return connection;
    zpci_upstream_fail(caller->upstream, connection, &problem);
    if (!g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE))
        g_prefix_error(&problem, "%s",
                       _("The node device daemon behind this one does not take this "
                         "call on behalf of another user: "));
    g_propagate_error(error, problem);
    virConnectClose(connection);
    return NULL;
}

/* Keeps the connection for the next call, and gives up the one before it. No lock is held while one
 * is made, which may take for ever; so two calls at once may make two. */
static void
upstream_caller_keep(UpstreamCaller *caller, virConnectPtr connection, guint number)
{
    virConnectPtr old;

    virConnectRef(connection);
    g_mutex_lock(&caller->lock);
    old = caller->connection;
    caller->connection = connection;
    caller->number = number;
    g_mutex_unlock(&caller->lock);
    zpci_upstream_close(caller->upstream, old);
}

static virConnect *
upstream_caller_acquire(UpstreamCaller *caller, virConnectPtr shared, guint number, GError **error)
{
    virConnectPtr connection;

    if (caller->identity == NULL) {
        virConnectRef(shared);
        return shared;
    }
    connection = upstream_caller_reuse(caller, number);
    if (connection != NULL)
        return connection;
    connection = upstream_caller_connect(caller, error);
    if (connection != NULL)
        upstream_caller_keep(caller, connection, number);
    return connection;
}

typedef struct {
    UpstreamCaller *caller;
    UpstreamCallerWork work;
    gpointer data;
    GDestroyNotify clear;
} Call;

static void
call_clear(gpointer data)
{
    Call *call = data;

    upstream_caller_unref(call->caller);
    g_atomic_rc_box_release_full(call->data, call->clear);
}

static gboolean
call_do(virConnectPtr shared, guint number, gpointer data, GError **error)
{
    const Call *call = data;
    virConnectPtr connection = upstream_caller_acquire(call->caller, shared, number, error);
    gboolean good;

    if (connection == NULL)
        return FALSE;
    good = call->work(connection, call->data) ||
           zpci_upstream_fail(call->caller->upstream, connection, error);
    virConnectClose(connection);
    return good;
}

gboolean
upstream_caller_run(UpstreamCaller *caller, UpstreamCallerWork work, gpointer data,
                    GDestroyNotify clear, GError **error)
{
    Call *call = g_atomic_rc_box_new0(Call);
    gboolean good;

    g_atomic_ref_count_inc(&caller->references);
    *call = (Call){ caller, work, g_atomic_rc_box_acquire(data), clear };
    good = zpci_upstream_run(caller->upstream, call_do, call, call_clear, error);
    g_atomic_rc_box_release_full(call, call_clear);
    return good;
}
