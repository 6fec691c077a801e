/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-client.h"

#include <glib/gi18n.h>

#include "daemon-procedure.h"
#include "rpc-keepalive.h"

struct _DaemonClient {
    RpcConnection *connection;
    RpcKeepalive *keepalive;
    DaemonSession *session;
    DaemonClientClosedFunc closed;
    gpointer user_data;
};

/* Starts the answer to @frame. */
static GByteArray *
begin_reply(const RpcFrame *frame, RpcFrameStatus status)
{
    RpcFrame header = *frame;

    header.type = RPC_FRAME_REPLY;
    header.status = (gint32)status;
    return rpc_frame_begin(&header);
}

static void
send_error(DaemonClient *client, const RpcFrame *frame, const RpcError *failure)
{
    g_autoptr(GByteArray) reply = begin_reply(frame, RPC_FRAME_ERROR);

    rpc_error_encode(failure, reply);
    /* RPC_ERROR_MAX_MESSAGE keeps it far below the size of a packet. */
    if (rpc_frame_end(reply, NULL))
        rpc_connection_send(client->connection, reply);
}

/* Answers a call; if that fails, sets the call's error. */
static gboolean
answer(const RpcFrame *frame, DaemonCall *call)
{
    g_autoptr(GError) error = NULL;

    if (frame->program != DAEMON_PROCEDURE_PROGRAM || frame->version != DAEMON_PROCEDURE_VERSION)
        return daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC,
                                _("Cannot find program 0x%x version %u"), frame->program,
                                frame->version);
    if (frame->status != RPC_FRAME_OK)
        return daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC,
                                _("Unexpected message status %d in a call"), frame->status);

    if (!daemon_procedure_run(frame->procedure, call))
        return FALSE;
    return rpc_frame_end(call->reply, &error) || daemon_call_fail_decoding(call, error);
}

static void
on_packet(RpcConnection *connection, const RpcFrame *frame, RpcXdr *payload, gpointer user_data)
{
    DaemonClient *client = user_data;
    g_auto(RpcError) failure = { .detail = NULL };
    g_autoptr(GByteArray) reply = NULL;
    DaemonCall call = { .session = client->session, .args = payload, .error = &failure };

    if (rpc_keepalive_receive(client->keepalive, frame))
        return;
    /* Nothing else is ever under way from here to there: replies and streams of a client are lost
     * packets, and libvirt drops them, too. */
    if (frame->type != RPC_FRAME_CALL && frame->type != RPC_FRAME_CALL_WITH_DESCRIPTORS)
        return;

    reply = begin_reply(frame, RPC_FRAME_OK);
    call.reply = reply;
    if (answer(frame, &call))
        rpc_connection_send(connection, reply);
    else
        send_error(client, frame, &failure);

    if (client->session->knows_keepalive)
        rpc_keepalive_start(client->keepalive);
    if (client->session->leaves)
        rpc_connection_close_when_sent(connection);
}

static void
on_closed(G_GNUC_UNUSED RpcConnection *connection, gpointer user_data)
{
    DaemonClient *client = user_data;

    client->closed(client, client->user_data);
}

static const RpcConnectionHandlers handlers = { .packet = on_packet, .closed = on_closed };

DaemonClient *
daemon_client_new(GSocket *socket, gboolean inherited, const DaemonConfig *config,
                  DaemonClientClosedFunc closed, gpointer user_data)
{
    DaemonClient *client = g_new0(DaemonClient, 1);

    client->closed = closed;
    client->user_data = user_data;
    client->connection = rpc_connection_new(socket, NULL, &handlers, client);
    client->session =
        daemon_session_new(inherited, config, daemon_notifier_new(client->connection));
    client->keepalive =
        rpc_keepalive_new(client->connection, NULL, RPC_KEEPALIVE_INTERVAL_MS, RPC_KEEPALIVE_COUNT);
    return client;
}

void
daemon_client_free(DaemonClient *client)
{
    if (client == NULL)
        return;
    rpc_keepalive_free(client->keepalive);
    daemon_session_free(client->session);
    rpc_connection_free(client->connection);
    g_free(client);
}
