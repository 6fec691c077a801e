/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-client.h"

#include "daemon-log.h"
#include "daemon-queue.h"
#include "daemon-request.h"
#include "names.h"
#include "rpc-connection.h"
#include "rpc-keepalive.h"

struct _DaemonClient {
    RpcConnection *connection;
    RpcKeepalive *keepalive;
    RpcTimer *deadline; /* NULL once it has authenticated, or if it may take any time */
    DaemonQueue *requests;
    DaemonSession *session; /* belongs to them */
    const DaemonClientHandlers *handlers;
    gpointer user_data;
    gboolean is_known; /* it was authenticated when last looked at */
    guint max_packet;  /* once it has authenticated */
    guint max_queued;
    guint max_requests;
};

/* It has shown who it is. */
static void
welcome(DaemonClient *client)
{
    client->is_known = TRUE;
    g_clear_pointer(&client->deadline, rpc_timer_free);
    rpc_connection_set_limits(client->connection, client->max_packet, client->max_queued);
    if (client->handlers->authenticated != NULL)
        client->handlers->authenticated(client, client->user_data);
}

static DaemonWorkers *
begin_request(gpointer request, DaemonSession *session)
{
    return daemon_request_begin(request, session);
}

static void
work_on_request(gpointer request, DaemonSession *session)
{
    daemon_request_work(request, session);
}

static void
finish_request(gpointer piece, gpointer user_data)
{
    DaemonClient *client = user_data;
    g_autoptr(DaemonRequest) request = piece;
    const GByteArray *answer;

    daemon_request_run(request, client->session);
    answer = daemon_request_get_answer(request);
    if (answer != NULL)
        rpc_connection_send(client->connection, answer);
    if (client->session->knows_keepalive)
        rpc_keepalive_start(client->keepalive);
    if (client->session->authenticated && !client->is_known)
        welcome(client);
}

static gsize
get_size_of_request(gconstpointer request)
{
    return daemon_request_get_size(request);
}

static void
free_request(gpointer request)
{
    daemon_request_free(request);
}

/* For one who does not read the answers that there are, no more are made. */
static gboolean
may_go_on(gpointer user_data)
{
    const DaemonClient *client = user_data;

    return !client->session->leaves && !rpc_connection_is_congested(client->connection);
}

static void
update(gpointer user_data)
{
    DaemonClient *client = user_data;

    rpc_connection_set_paused(client->connection,
                              daemon_queue_get_length(client->requests) >= client->max_requests ||
                                  daemon_queue_get_size(client->requests) >=
                                      DAEMON_CLIENT_MAX_QUEUED_BYTES);
    if (client->session->leaves)
        rpc_connection_close_when_sent(client->connection);
}

static const DaemonQueueHandlers request_handlers = {
    .may_go_on = may_go_on,
    .begin = begin_request,
    .work = work_on_request,
    .done = finish_request,
    .rests = update,
    .get_size = get_size_of_request,
    .free = free_request,
};

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
    daemon_queue_add(client->requests, daemon_request_new(frame, payload));
}

static void
on_drained(G_GNUC_UNUSED RpcConnection *connection, gpointer user_data)
{
    const DaemonClient *client = user_data;

    daemon_queue_go_on(client->requests);
}

static void
on_closed(G_GNUC_UNUSED RpcConnection *connection, gpointer user_data)
{
    DaemonClient *client = user_data;

    daemon_log_write(G_LOG_LEVEL_INFO, client->session, NULL, "It has gone.");
    client->handlers->closed(client, client->user_data);
}

static void
on_deadline(gpointer user_data)
{
    DaemonClient *client = user_data;

    daemon_log_write(G_LOG_LEVEL_INFO, client->session, NULL,
                     "It has not shown who it is in time.");
    rpc_connection_close(client->connection);
}

static void
set_deadline(DaemonClient *client, guint seconds)
{
    client->deadline =
        rpc_timer_new(daemon_service_get_timers(client->session->service), on_deadline, client);
    rpc_timer_set(client->deadline, seconds * (gint64)1000);
}

static const RpcConnectionHandlers connection_handlers = { .packet = on_packet,
                                                           .drained = on_drained,
                                                           .closed = on_closed };

static void
send_event(const GByteArray *packet, gpointer user_data)
{
    const DaemonClient *client = user_data;

    rpc_connection_send(client->connection, packet);
}

static const DaemonNotifierHandlers notifier_handlers = { .send = send_event };

DaemonClient *
daemon_client_new(GSocket *socket, DaemonChannel channel, DaemonService *service,
                  const DaemonClientHandlers *handlers, gpointer user_data)
{
    const DaemonConfig *config = daemon_service_get_config(service);
    DaemonClient *client = g_new0(DaemonClient, 1);

    client->handlers = handlers;
    client->user_data = user_data;
    client->connection =
        rpc_connection_new(socket, daemon_service_get_poll(service), &connection_handlers, client);
    client->max_packet = config->max_message_bytes;
    client->max_queued = config->max_client_outgoing_bytes;
    rpc_connection_set_limits(client->connection, DAEMON_CLIENT_MAX_ANONYMOUS_BYTES,
                              client->max_queued);
    client->session =
        daemon_session_new(channel, service, daemon_notifier_new(&notifier_handlers, client));
    client->requests = daemon_queue_new(client->session, &request_handlers, client);
    client->keepalive =
        rpc_keepalive_new(client->connection, daemon_service_get_timers(service),
                          (int)config->keepalive_interval * 1000, config->keepalive_count);
    client->max_requests = config->max_client_requests;
    if (channel != DAEMON_CHANNEL_INHERITED && config->auth_timeout > 0)
        set_deadline(client, config->auth_timeout);
    if (channel != DAEMON_CHANNEL_INHERITED) {
        daemon_credentials_read(socket, &client->session->credentials, NULL);
        client->session->label = daemon_credentials_read_label(socket, NAME_SELINUX);
    }
    daemon_log_write(G_LOG_LEVEL_INFO, client->session, NULL, "It has come%s.",
                     channel == DAEMON_CHANNEL_READ_ONLY ? " for reading" : "");
    return client;
}

gboolean
daemon_client_is_authenticated(const DaemonClient *client)
{
    return client->is_known;
}

void
daemon_client_free(DaemonClient *client)
{
    if (client == NULL)
        return;
    daemon_queue_free(client->requests);
    rpc_timer_free(client->deadline);
    rpc_keepalive_free(client->keepalive);
    rpc_connection_free(client->connection);
    g_free(client);
}

static gpointer
make(GSocket *socket, DaemonChannel channel, DaemonService *service,
     const DaemonClientHandlers *handlers, gpointer user_data)
{
    return daemon_client_new(socket, channel, service, handlers, user_data);
}

static gboolean
is_authenticated(gconstpointer client)
{
    return daemon_client_is_authenticated(client);
}

static void
free_client(gpointer client)
{
    daemon_client_free(client);
}

const DaemonClientKind daemon_client_kind = {
    .make = make,
    .is_authenticated = is_authenticated,
    .free = free_client,
};
