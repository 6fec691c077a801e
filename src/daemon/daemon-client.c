/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-client.h"

#include "daemon-request.h"
#include "rpc-keepalive.h"

struct _DaemonClient {
    RpcConnection *connection; /* NULL once the client is freed, while a worker still has a call */
    RpcKeepalive *keepalive;
    DaemonSession *session;
    DaemonClientClosedFunc closed;
    gpointer user_data;
    GQueue requests;        /* in the order in which they came */
    DaemonRequest *working; /* the one that a worker has, NULL if none */
};

static void
free_request(gpointer data)
{
    daemon_request_free(data);
}

static void
free_session(DaemonClient *client)
{
    daemon_session_free(client->session);
    g_free(client);
}

static void
finish(DaemonClient *client, const DaemonRequest *request)
{
    const GByteArray *answer = daemon_request_get_answer(request);

    if (answer != NULL)
        rpc_connection_send(client->connection, answer);
    if (client->session->knows_keepalive)
        rpc_keepalive_start(client->keepalive);
}

static void advance(DaemonClient *client);

static void
on_worked(gpointer data)
{
    DaemonClient *client = data;
    g_autoptr(DaemonRequest) request = g_steal_pointer(&client->working);

    if (client->connection == NULL) {
        free_session(client);
        return;
    }
    finish(client, request);
    advance(client);
}

static void
work(gpointer data)
{
    DaemonClient *client = data;

    daemon_request_run(client->working, client->session);
}

/* Takes the oldest request. */
static void
take_request(DaemonClient *client)
{
    DaemonWorkers *workers = daemon_service_get_workers(client->session->service);
    g_autoptr(DaemonRequest) request = g_queue_pop_head(&client->requests);

    if (workers != NULL && daemon_request_may_block(request)) {
        client->working = g_steal_pointer(&request);
        daemon_workers_run(workers, work, on_worked, client);
        return;
    }
    daemon_request_run(request, client->session);
    finish(client, request);
}

/* Goes on with the client's requests, one at a time, until a worker has one or there is none. */
static void
advance(DaemonClient *client)
{
    while (client->working == NULL && !client->session->leaves &&
           !g_queue_is_empty(&client->requests))
        take_request(client);
    rpc_connection_set_paused(client->connection,
                              g_queue_get_length(&client->requests) >= DAEMON_CLIENT_MAX_REQUESTS);
    if (client->session->leaves)
        rpc_connection_close_when_sent(client->connection);
}

static void
on_packet(G_GNUC_UNUSED RpcConnection *connection, const RpcFrame *frame, RpcXdr *payload,
          gpointer user_data)
{
    DaemonClient *client = user_data;

    if (rpc_keepalive_receive(client->keepalive, frame))
        return;
    /* Nothing else is ever under way from here to there: replies and streams of a client are lost
     * packets, and libvirt drops them, too. */
    if (frame->type != RPC_FRAME_CALL && frame->type != RPC_FRAME_CALL_WITH_DESCRIPTORS)
        return;
    g_queue_push_tail(&client->requests, daemon_request_new(frame, payload));
    advance(client);
}

static void
on_closed(G_GNUC_UNUSED RpcConnection *connection, gpointer user_data)
{
    DaemonClient *client = user_data;

    client->closed(client, client->user_data);
}

static const RpcConnectionHandlers handlers = { .packet = on_packet, .closed = on_closed };

DaemonClient *
daemon_client_new(GSocket *socket, gboolean inherited, DaemonService *service,
                  DaemonClientClosedFunc closed, gpointer user_data)
{
    DaemonClient *client = g_new0(DaemonClient, 1);

    client->closed = closed;
    client->user_data = user_data;
    g_queue_init(&client->requests);
    client->connection = rpc_connection_new(socket, NULL, &handlers, client);
    client->session =
        daemon_session_new(inherited, service, daemon_notifier_new(client->connection));
    client->keepalive =
        rpc_keepalive_new(client->connection, NULL, RPC_KEEPALIVE_INTERVAL_MS, RPC_KEEPALIVE_COUNT);
    return client;
}

void
daemon_client_free(DaemonClient *client)
{
    if (client == NULL)
        return;
    daemon_session_silence(client->session);
    g_clear_pointer(&client->keepalive, rpc_keepalive_free);
    g_clear_pointer(&client->connection, rpc_connection_free);
    g_queue_clear_full(&client->requests, free_request);
    if (client->working == NULL)
        free_session(client);
}
