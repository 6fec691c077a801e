/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-server.h"

#include "daemon-client.h"

struct _DaemonServer {
    DaemonService *service;
    GPtrArray *listeners;
    GHashTable *clients;
    guint anonymous; /* clients that have not authenticated */
    guint timeout_seconds;
    guint timer;
    DaemonServerIdleFunc idle;
    gpointer user_data;
};

typedef struct {
    DaemonServer *server;
    DaemonSocket *socket;
    GSource *source; /* NULL while no client is taken */
} Listener;

static gboolean
on_idle(gpointer user_data)
{
    DaemonServer *server = user_data;

    server->timer = 0;
    server->idle(server->user_data);
    return G_SOURCE_REMOVE;
}

/* Starts or stops the clock of the time without clients. */
static void
update_timer(DaemonServer *server)
{
    if (server->timer != 0)
        g_source_remove(server->timer);
    server->timer = 0;
    if (server->timeout_seconds > 0 && g_hash_table_size(server->clients) == 0)
        server->timer = g_timeout_add_seconds(server->timeout_seconds, on_idle, server);
}

static gboolean
has_room(const DaemonServer *server)
{
    const DaemonConfig *config = daemon_service_get_config(server->service);

    return g_hash_table_size(server->clients) < config->max_clients &&
           (config->max_anonymous_clients == 0 ||
            server->anonymous < config->max_anonymous_clients);
}

static gboolean on_client(GSocket *socket, GIOCondition condition, gpointer user_data);

/* Takes clients while there is room; the others wait in the socket's backlog. */
static void
update_listeners(DaemonServer *server)
{
    gboolean takes = has_room(server);

    for (guint i = 0; i < server->listeners->len; i++) {
        Listener *listener = g_ptr_array_index(server->listeners, i);

        if (takes && listener->source == NULL) {
            listener->source = g_socket_create_source(listener->socket->socket, G_IO_IN, NULL);
            g_source_set_callback(listener->source, G_SOURCE_FUNC(on_client), listener, NULL);
            g_source_attach(listener->source, NULL);
        } else if (!takes && listener->source != NULL) {
            g_source_destroy(listener->source);
            g_clear_pointer(&listener->source, g_source_unref);
        }
    }
}

static void
on_authenticated(G_GNUC_UNUSED DaemonClient *client, gpointer user_data)
{
    DaemonServer *server = user_data;

    server->anonymous--;
    update_listeners(server);
}

static void
on_closed(DaemonClient *client, gpointer user_data)
{
    DaemonServer *server = user_data;

    if (!daemon_client_is_authenticated(client))
        server->anonymous--;
    g_hash_table_remove(server->clients, client);
    update_listeners(server);
    update_timer(server);
}

static const DaemonClientHandlers handlers = {
    .authenticated = on_authenticated,
    .closed = on_closed,
};

static gboolean
on_client(GSocket *socket, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
    const Listener *listener = user_data;
    DaemonServer *server = listener->server;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) taken = g_socket_accept(socket, NULL, &error);

    if (taken == NULL) {
        g_debug("Taking a client failed: %s", error->message);
        return G_SOURCE_CONTINUE;
    }
    server->anonymous++;
    g_hash_table_add(server->clients,
                     daemon_client_new(taken,
                                       listener->socket->is_read_only ? DAEMON_CHANNEL_READ_ONLY
                                                                      : DAEMON_CHANNEL_READ_WRITE,
                                       server->service, &handlers, server));
    update_timer(server);
    update_listeners(server);
    return G_SOURCE_CONTINUE;
}

static void
listener_free(gpointer data)
{
    Listener *listener = data;

    if (listener->source != NULL) {
        g_source_destroy(listener->source);
        g_source_unref(listener->source);
    }
    daemon_socket_free(listener->socket);
    g_free(listener);
}

static void
client_free(gpointer data)
{
    daemon_client_free(data);
}

DaemonServer *
daemon_server_new(DaemonService *service, guint timeout_seconds, DaemonServerIdleFunc idle,
                  gpointer user_data)
{
    DaemonServer *server = g_new0(DaemonServer, 1);

    server->service = service;
    server->listeners = g_ptr_array_new_with_free_func(listener_free);
    server->clients = g_hash_table_new_full(NULL, NULL, client_free, NULL);
    server->timeout_seconds = timeout_seconds;
    server->idle = idle;
    server->user_data = user_data;
    update_timer(server);
    return server;
}

void
daemon_server_add(DaemonServer *server, DaemonSocket *socket)
{
    Listener *listener = g_new0(Listener, 1);

    listener->server = server;
    listener->socket = socket;
    g_ptr_array_add(server->listeners, listener);
    update_listeners(server);
}

void
daemon_server_free(DaemonServer *server)
{
    if (server == NULL)
        return;
    g_hash_table_unref(server->clients);
    g_ptr_array_unref(server->listeners);
    if (server->timer != 0)
        g_source_remove(server->timer);
    g_free(server);
}
