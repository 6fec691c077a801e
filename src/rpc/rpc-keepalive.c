/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-keepalive.h"

enum {
    PROCEDURE_PING = 1,
    PROCEDURE_PONG = 2,
};

struct _RpcKeepalive {
    RpcConnection *connection;
    GSource *timer;
    int interval_ms;
    guint count;
    guint unanswered;
    gboolean started;
};

static void
send_message(RpcKeepalive *keepalive, gint32 procedure)
{
    RpcFrame frame = {
        .program = RPC_KEEPALIVE_PROGRAM,
        .version = RPC_KEEPALIVE_VERSION,
        .procedure = procedure,
        .type = RPC_FRAME_MESSAGE,
    };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&frame);

    if (rpc_frame_end(packet, NULL))
        rpc_connection_send(keepalive->connection, packet);
}

static void
set_timer(RpcKeepalive *keepalive)
{
    gint64 interval = keepalive->interval_ms * (gint64)1000;

    g_source_set_ready_time(keepalive->timer, g_get_monotonic_time() + interval);
}

static gboolean
on_silence(gpointer user_data)
{
    RpcKeepalive *keepalive = user_data;

    if (keepalive->unanswered >= keepalive->count) {
        g_source_set_ready_time(keepalive->timer, -1);
        /* Whoever hears of the end may free us. */
        rpc_connection_close(keepalive->connection);
        return G_SOURCE_REMOVE;
    }
    keepalive->unanswered++;
    send_message(keepalive, PROCEDURE_PING);
    set_timer(keepalive);
    return G_SOURCE_CONTINUE;
}

static gboolean
timer_dispatch(G_GNUC_UNUSED GSource *source, GSourceFunc callback, gpointer user_data)
{
    return callback(user_data);
}

/* One source for the connection's life: each packet only moves its ready time. */
static GSourceFuncs timer_funcs = { .dispatch = timer_dispatch };

RpcKeepalive *
rpc_keepalive_new(RpcConnection *connection, GMainContext *context, int interval_ms, guint count)
{
    RpcKeepalive *keepalive = g_new0(RpcKeepalive, 1);

    keepalive->connection = connection;
    keepalive->interval_ms = interval_ms;
    keepalive->count = count;
    keepalive->timer = g_source_new(&timer_funcs, sizeof(GSource));
    g_source_set_callback(keepalive->timer, on_silence, keepalive, NULL);
    g_source_set_static_name(keepalive->timer, "RpcKeepalive");
    g_source_attach(keepalive->timer, context);
    return keepalive;
}

void
rpc_keepalive_free(RpcKeepalive *keepalive)
{
    if (keepalive == NULL)
        return;
    g_source_destroy(keepalive->timer);
    g_source_unref(keepalive->timer);
    g_free(keepalive);
}

void
rpc_keepalive_start(RpcKeepalive *keepalive)
{
    if (keepalive->started || keepalive->interval_ms <= 0)
        return;
    keepalive->started = TRUE;
    set_timer(keepalive);
}

gboolean
rpc_keepalive_receive(RpcKeepalive *keepalive, const RpcFrame *frame)
{
    keepalive->unanswered = 0;
    if (keepalive->started)
        set_timer(keepalive);

    if (frame->program != RPC_KEEPALIVE_PROGRAM || frame->version != RPC_KEEPALIVE_VERSION ||
        frame->type != RPC_FRAME_MESSAGE)
        return FALSE;
    if (frame->procedure == PROCEDURE_PING)
        send_message(keepalive, PROCEDURE_PONG);
    return TRUE;
}
