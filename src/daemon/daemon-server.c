/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-server.h"

#include <glib/gi18n.h>
#include <sys/resource.h>

/* For how long no client is taken when one could not be. */
#define RECOVERY_SECONDS 1

/* How many clients more than others may be, and may be anonymous, if they are root: an
 * administrator always gets in. */
#define ROOT_RESERVE 5

struct _DaemonServer {
    DaemonService *service;
    const DaemonClientKind *kind;
    GPtrArray *listeners;
    GHashTable *clients;
    guint timeout_seconds;
    guint timer;
    guint recovery; /* runs while no client is taken because one could not be; else 0 */
    DaemonServerIdleFunc idle;
    gpointer user_data;
};

/* Each socket has limits of its own, so that those who only read keep nobody out who does more. */
typedef struct {
    DaemonServer *server;
    DaemonSocket *socket;
    RpcPollItem *item; /* NULL while no client is taken */
    guint clients;
    guint anonymous; /* of these, those that have not authenticated */
    GQueue waiting;  /* GSocket: taken, but not served yet */
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

/* Whether one client more is served, beyond the limits by @reserve. */
static gboolean
has_room(const Listener *listener, guint reserve)
{
    const DaemonConfig *config = daemon_service_get_config(listener->server->service);

    return listener->clients < config->max_clients + reserve &&
           (config->max_anonymous_clients == 0 ||
            listener->anonymous < config->max_anonymous_clients + reserve);
}

static void on_client(GIOCondition condition, gpointer user_data);
static void serve(Listener *listener, GSocket *socket);

static void
serve_waiting(Listener *listener)
{
    while (!g_queue_is_empty(&listener->waiting) && has_room(listener, 0)) {
        g_autoptr(GSocket) socket = g_queue_pop_head(&listener->waiting);

        serve(listener, socket);
    }
}

/* Who only reads waits in the kernel's queue. Of the others each is taken, because the kernel does
 * not say before who it is. */
static gboolean
takes_clients(const Listener *listener)
{
    return listener->server->recovery == 0 &&
           (!listener->socket->is_read_only || has_room(listener, 0));
}

static void
update_listener(Listener *listener)
{
    gboolean takes;

    serve_waiting(listener);
    takes = takes_clients(listener);
    if (takes && listener->item == NULL)
        listener->item =
            rpc_poll_add(daemon_service_get_poll(listener->server->service),
                         g_socket_get_fd(listener->socket->socket), G_IO_IN, on_client, listener);
    else if (!takes)
        g_clear_pointer(&listener->item, rpc_poll_item_remove);
}

void
daemon_server_update(DaemonServer *server)
{
    for (guint i = 0; i < server->listeners->len; i++)
        update_listener(g_ptr_array_index(server->listeners, i));
}

static void
on_authenticated(G_GNUC_UNUSED gpointer client, gpointer user_data)
{
    Listener *listener = user_data;

    listener->anonymous--;
    update_listener(listener);
}

static void
on_closed(gpointer client, gpointer user_data)
{
    Listener *listener = user_data;

    if (!listener->server->kind->is_authenticated(client))
        listener->anonymous--;
    listener->clients--;
    g_hash_table_remove(listener->server->clients, client);
    update_listener(listener);
    update_timer(listener->server);
}

static const DaemonClientHandlers handlers = {
    .authenticated = on_authenticated,
    .closed = on_closed,
};

static void
serve(Listener *listener, GSocket *socket)
{
    DaemonServer *server = listener->server;

    listener->clients++;
    listener->anonymous++;
    g_hash_table_add(server->clients,
                     server->kind->make(socket,
                                        listener->socket->is_read_only ? DAEMON_CHANNEL_READ_ONLY
                                                                       : DAEMON_CHANNEL_READ_WRITE,
                                        server->service, &handlers, listener));
    update_timer(server);
}

static gboolean
is_root(GSocket *socket)
{
    DaemonCredentials credentials = { .uid = (uid_t)-1 };

    return daemon_credentials_read(socket, &credentials, NULL) && credentials.uid == 0;
}

/* Somebody has come: he is served, or waits, or is turned away. */
static void
receive(Listener *listener, GSocket *socket)
{
    guint limit = daemon_service_get_config(listener->server->service)->max_queued_clients;

    if (has_room(listener, 0) || (is_root(socket) && has_room(listener, ROOT_RESERVE)))
        serve(listener, socket);
    else if (g_queue_get_length(&listener->waiting) < limit)
        g_queue_push_tail(&listener->waiting, g_object_ref(socket));
    else
        g_debug("So many clients wait already that one was turned away.");
}

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
    g_warning(_("Accepting a client failed: %s. This is tried again every second."),
              error->message);
    if (server->recovery == 0)
        server->recovery = g_timeout_add_seconds(RECOVERY_SECONDS, on_recovered, server);
    daemon_server_update(server);
}

static void
on_client(G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
    Listener *listener = user_data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) taken = g_socket_accept(listener->socket->socket, NULL, &error);

    if (taken == NULL) {
        recover(listener->server, error);
        return;
    }
    receive(listener, taken);
    update_listener(listener);
}

static void
listener_free(gpointer data)
{
    Listener *listener = data;

    rpc_poll_item_remove(listener->item);
    g_queue_clear_full(&listener->waiting, g_object_unref);
    daemon_socket_free(listener->socket);
    g_free(listener);
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
daemon_server_new(DaemonService *service, const DaemonClientKind *kind, guint timeout_seconds,
                  DaemonServerIdleFunc idle, gpointer user_data)
{
    DaemonServer *server = g_new0(DaemonServer, 1);

    raise_descriptor_limit();
    server->service = service;
    server->kind = kind;
    server->listeners = g_ptr_array_new_with_free_func(listener_free);
    server->clients = g_hash_table_new_full(NULL, NULL, kind->free, NULL);
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
    g_queue_init(&listener->waiting);
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
