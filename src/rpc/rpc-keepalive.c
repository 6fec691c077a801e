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
    RpcTimer *timer;
    int interval_ms;
    guint count;
    guint unanswered;
    gboolean started;
};

static GByteArray *
make_message(gint32 procedure)
{
    const RpcFrame frame = {
        .program = RPC_KEEPALIVE_PROGRAM,
        .version = RPC_KEEPALIVE_VERSION,
        .procedure = procedure,
        .type = RPC_FRAME_MESSAGE,
    };
    GByteArray *packet = rpc_frame_begin(&frame);

    /* It has no payload, so it fits. */
    rpc_frame_end(packet, NULL);
    return packet;
}

static void
send_message(RpcKeepalive *keepalive, gint32 procedure)
{
    g_autoptr(GByteArray) packet = make_message(procedure);

    rpc_connection_send(keepalive->connection, packet);
}

static void
on_silence(gpointer user_data)
{
    RpcKeepalive *keepalive = user_data;

    if (keepalive->unanswered >= keepalive->count) {
        /* Whoever hears of the end may free us. */
        rpc_connection_close(keepalive->connection);
        return;
    }
    keepalive->unanswered++;
    rpc_timer_set(keepalive->timer, keepalive->interval_ms);
    send_message(keepalive, PROCEDURE_PING);
}

RpcKeepalive *
rpc_keepalive_new(RpcConnection *connection, RpcTimerQueue *timers, int interval_ms, guint count)
{
    RpcKeepalive *keepalive = g_new0(RpcKeepalive, 1);

    keepalive->connection = connection;
    keepalive->interval_ms = interval_ms;
    keepalive->count = count;
    keepalive->timer = rpc_timer_new(timers, on_silence, keepalive);
    return keepalive;
}

void
rpc_keepalive_free(RpcKeepalive *keepalive)
{
    if (keepalive == NULL)
        return;
    rpc_timer_free(keepalive->timer);
    g_free(keepalive);
}

void
rpc_keepalive_start(RpcKeepalive *keepalive)
{
    if (keepalive->started || keepalive->interval_ms <= 0)
        return;
    keepalive->started = TRUE;
    rpc_timer_set(keepalive->timer, keepalive->interval_ms);
}

static gboolean
is_keepalive(const RpcFrame *frame)
{
    return frame->program == RPC_KEEPALIVE_PROGRAM && frame->version == RPC_KEEPALIVE_VERSION &&
           frame->type == RPC_FRAME_MESSAGE;
}

GByteArray *
rpc_keepalive_answer(const RpcFrame *frame)
{
    return is_keepalive(frame) && frame->procedure == PROCEDURE_PING ? make_message(PROCEDURE_PONG)
                                                                     : NULL;
}

gboolean
rpc_keepalive_receive(RpcKeepalive *keepalive, const RpcFrame *frame)
{
    keepalive->unanswered = 0;
    if (keepalive->started)
        rpc_timer_set(keepalive->timer, keepalive->interval_ms);

    if (!is_keepalive(frame))
        return FALSE;
    if (frame->procedure == PROCEDURE_PING)
        send_message(keepalive, PROCEDURE_PONG);
    return TRUE;
}
