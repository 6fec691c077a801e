/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-server.h"

#include <glib/gi18n.h>
#include <sys/resource.h>

#include "daemon-client.h"

/* For how long no client is taken when one could not be. */
#define RECOVERY_SECONDS 1

struct _DaemonServer {
    DaemonService *service;
    GPtrArray *listeners;
    GHashTable *clients;
    guint anonymous; /* clients that have not authenticated */
    guint timeout_seconds;
    guint timer;
    guint recovery; /* runs while no client is taken because one could not be; else 0 */
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

    return server->recovery == 0 && g_hash_table_size(server->clients) < config->max_clients &&
           (config->max_anonymous_clients == 0 ||
            server->anonymous < config->max_anonymous_clients);
}

static gboolean on_client(GSocket *socket, GIOCondition condition, gpointer user_data);

void
daemon_server_update(DaemonServer *server)
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
    daemon_server_update(server);
}

static void
on_closed(DaemonClient *client, gpointer user_data)
{
    DaemonServer *server = user_data;

    if (!daemon_client_is_authenticated(client))
        server->anonymous--;
    g_hash_table_remove(server->clients, client);
    daemon_server_update(server);
    update_timer(server);
}

static const DaemonClientHandlers handlers = {
    .authenticated = on_authenticated,
    .closed = on_closed,
};

static gboolean
on_recovered(gpointer user_data)
{
    DaemonServer *server = user_data;

    server->recovery = 0;
    daemon_server_update(server);
    return G_SOURCE_REMOVE;
}

/* Usually there are no descriptors left. The client waits on, so without a pause the main loop
 * would turn round and round. */
static void
recover(DaemonServer *server, const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return;
    g_warning(_("Taking a client failed: %s. It is tried again every second."), error->message);
    if (server->recovery == 0)
        server->recovery = g_timeout_add_seconds(RECOVERY_SECONDS, on_recovered, server);
    daemon_server_update(server);
}

static gboolean
on_client(GSocket *socket, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
    const Listener *listener = user_data;
    DaemonServer *server = listener->server;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) taken = g_socket_accept(socket, NULL, &error);
    DaemonClient *client;

    if (taken == NULL) {
        recover(server, error);
        return G_SOURCE_CONTINUE;
    }
    server->anonymous++;
    client = daemon_client_new(taken,
                               listener->socket->is_read_only ? DAEMON_CHANNEL_READ_ONLY
                                                              : DAEMON_CHANNEL_READ_WRITE,
                               server->service, &handlers, server);
    g_hash_table_add(server->clients, client);
    update_timer(server);
    daemon_server_update(server);
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

/* A client is a descriptor, and the soft limit is 1024 nearly everywhere, for programs that use
 * select(2), which we do not. */
static void
raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

DaemonServer *
daemon_server_new(DaemonService *service, guint timeout_seconds, DaemonServerIdleFunc idle,
                  gpointer user_data)
{
    DaemonServer *server = g_new0(DaemonServer, 1);

    raise_descriptor_limit();
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
    daemon_server_update(server);
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
    if (server->recovery != 0)
        g_source_remove(server->recovery);
    g_free(server);
}
