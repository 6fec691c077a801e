/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-connection.h"

#include <gio/gunixfdmessage.h>

struct _RpcConnection {
    GSocket *socket;
    RpcPollItem *item; /* NULL once the stream has ended */
    const RpcConnectionHandlers *handlers;
    gpointer user_data;

    GByteArray *in;
    gsize in_used;
    GByteArray *out;
    gsize out_sent;
    guint descriptors; /* came in and were closed, but no call has asked for them yet */

    gboolean dispatching;
    gboolean at_end;  /* the peer sends nothing more */
    gboolean leaving; /* we take nothing more */
    gboolean paused;
    gboolean congested;

    guint max_packet;
    guint max_queued;
    gboolean broken;
};

static gsize
waiting(const RpcConnection *connection)
{
    return connection->out->len - connection->out_sent;
}

static gboolean
takes_packets(const RpcConnection *connection)
{
    return !connection->broken && !connection->leaving && !connection->paused &&
           waiting(connection) <= RPC_CONNECTION_MAX_WAITING;
}

static void
update_poll(RpcConnection *connection)
{
    GIOCondition condition = 0;

    if (takes_packets(connection) && !connection->at_end)
        condition |= G_IO_IN;
    if (waiting(connection) > 0)
        condition |= G_IO_OUT;
    rpc_poll_item_set_condition(connection->item, condition);
}

/* Removes the first *@done bytes of @buffer once that is worth the move. A buffer that one large
 * packet or a storm had blown up is replaced, for a GByteArray never gives memory back. */
static void
trim_buffer(GByteArray **buffer, gsize *done)
{
    guint rest = (*buffer)->len - (guint)*done;

    if (*done <= rest)
        return;
    if ((*buffer)->len > 2 * RPC_CONNECTION_CHUNK) {
        g_autoptr(GByteArray) large = *buffer;

        *buffer = g_byte_array_append(g_byte_array_new(), large->data + *done, rest);
    } else {
        g_byte_array_remove_range(*buffer, 0, (guint)*done);
    }
    *done = 0;
}

/* Counts the descriptors that came with a message, and closes them by freeing their holders. */
static void
drop_descriptors(RpcConnection *connection, GSocketControlMessage **messages, int n_messages)
{
    for (int i = 0; i < n_messages; i++) {
        if (G_IS_UNIX_FD_MESSAGE(messages[i])) {
            GUnixFDList *list = g_unix_fd_message_get_fd_list(G_UNIX_FD_MESSAGE(messages[i]));

            connection->descriptors += (guint)g_unix_fd_list_get_length(list);
        }
        g_object_unref(messages[i]);
    }
    g_free(messages);
}

/* The buffer grows with the bytes that arrive, never with the length that a packet claims. */
static void
receive(RpcConnection *connection)
{
    guint8 chunk[RPC_CONNECTION_CHUNK];
    GInputVector vector = { .buffer = chunk, .size = sizeof(chunk) };
    GSocketControlMessage **messages = NULL;
    g_autoptr(GError) error = NULL;
    int n_messages = 0;
    gssize got;

    got = g_socket_receive_message(connection->socket, NULL, &vector, 1, &messages, &n_messages,
                                   NULL, NULL, &error);
    if (got > 0)
        g_byte_array_append(connection->in, chunk, (guint)got);
    drop_descriptors(connection, messages, n_messages);
    if (got == 0)
        connection->at_end = TRUE;
    else if (got < 0 && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        connection->broken = TRUE;
}

static void
flush(RpcConnection *connection)
{
    while (!connection->broken && waiting(connection) > 0) {
        g_autoptr(GError) error = NULL;
        const guint8 *unsent = connection->out->data + connection->out_sent;
        /* GSocket sends with MSG_NOSIGNAL: a peer that has gone is an error, not a SIGPIPE. */
        gssize sent = g_socket_send(connection->socket, (const char *)unsent, waiting(connection),
                                    NULL, &error);

        if (sent < 0) {
            if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
                connection->broken = TRUE;
            return;
        }
        connection->out_sent += (gsize)sent;
        trim_buffer(&connection->out, &connection->out_sent);
    }
}

/* A call with descriptors has their number as its first payload word, and one carrier byte for each
 * behind the packet, which its length word does not count. */
static gboolean
count_carriers(RpcConnection *connection, RpcXdr *payload, guint32 *carriers)
{
    if (rpc_xdr_get_count(payload, "descriptors", RPC_FRAME_MAX_DESCRIPTORS, carriers, NULL))
        return TRUE;
    connection->broken = TRUE;
    return FALSE;
}

/* Returns: whether a whole packet was there and the stream is still good; *@size then includes its
 * carrier bytes. */
static gboolean
next_packet(RpcConnection *connection, RpcFrame *frame, RpcXdr *payload, gsize *size)
{
    const guint8 *data = connection->in->data + connection->in_used;
    gsize available = connection->in->len - connection->in_used;
    guint32 length;
    guint32 carriers = 0;

    rpc_xdr_init(payload, data, available);
    if (!rpc_xdr_get_u32(payload, "length", &length, NULL))
        return FALSE;
    if (!rpc_frame_length_is_valid(length) || length > connection->max_packet) {
        connection->broken = TRUE;
        return FALSE;
    }
    if (available < length)
        return FALSE;

    payload->reader.size = length;
    if (!rpc_frame_decode(payload, frame, NULL))
        return FALSE;
    if (frame->type == RPC_FRAME_CALL_WITH_DESCRIPTORS &&
        !count_carriers(connection, payload, &carriers))
        return FALSE;
    if (available - length < carriers)
        return FALSE;
    if (connection->descriptors < carriers) {
        connection->broken = TRUE;
        return FALSE;
    }
    connection->descriptors -= carriers;
    *size = length + carriers;
    return TRUE;
}

/* Takes at most *@left packets. Returns: whether there was one to handle. */
static gboolean
take_packets(RpcConnection *connection, guint *left)
{
    gboolean any = FALSE;
    RpcFrame frame;
    RpcXdr payload;
    gsize size;

    while (*left > 0 && takes_packets(connection) &&
           next_packet(connection, &frame, &payload, &size)) {
        connection->handlers->packet(connection, &frame, &payload, connection->user_data);
        connection->in_used += size;
        any = TRUE;
        --*left;
    }
    trim_buffer(&connection->in, &connection->in_used);
    if (connection->in->len == 0)
        connection->descriptors = 0;
    return any;
}

static void
end_stream(RpcConnection *connection)
{
    g_clear_pointer(&connection->item, rpc_poll_item_remove);
    g_socket_close(connection->socket, NULL);
    connection->handlers->closed(connection, connection->user_data);
}

/* Sends what there is, and tells if that has made room for more. */
static void
drain(RpcConnection *connection)
{
    flush(connection);
    if (!connection->congested || waiting(connection) > RPC_CONNECTION_MAX_WAITING)
        return;
    connection->congested = FALSE;
    if (connection->handlers->drained != NULL)
        connection->handlers->drained(connection, connection->user_data);
}

/* One turn: a peer that sends packet upon packet leaves room for the others in between. */
static void
connection_on_ready(GIOCondition condition, gpointer user_data)
{
    RpcConnection *connection = user_data;
    guint left = RPC_CONNECTION_TURN;

    connection->dispatching = TRUE;
    /* Nothing is read while paused, so only this tells that nobody is there to be answered. */
    if ((connection->paused && (condition & G_IO_HUP) != 0) || (condition & G_IO_ERR) != 0)
        connection->broken = TRUE;
    if (takes_packets(connection) && !connection->at_end && (condition & ~(guint)G_IO_OUT) != 0)
        receive(connection);
    /* Sending makes room for the answers to packets that came in earlier. */
    do
        drain(connection);
    while (take_packets(connection, &left));
    connection->dispatching = FALSE;

    if (connection->broken ||
        (waiting(connection) == 0 && ((connection->at_end && left > 0) || connection->leaving))) {
        end_stream(connection);
        return;
    }
    if (left == 0)
        rpc_poll_item_wake(connection->item);
    update_poll(connection);
}

RpcConnection *
rpc_connection_new(GSocket *socket, RpcPoll *poll, const RpcConnectionHandlers *handlers,
                   gpointer user_data)
{
    RpcConnection *connection = g_new0(RpcConnection, 1);

    /* GLib makes only those control messages whose class exists; others' descriptors would leak. */
    g_type_ensure(G_TYPE_UNIX_FD_MESSAGE);
    connection->socket = g_object_ref(socket);
    g_socket_set_blocking(socket, FALSE);
    connection->handlers = handlers;
    connection->user_data = user_data;
    connection->in = g_byte_array_new();
    connection->out = g_byte_array_new();
    rpc_connection_set_limits(connection, RPC_FRAME_MAX_SIZE, RPC_CONNECTION_MAX_QUEUED);

    connection->item =
        rpc_poll_add(poll, g_socket_get_fd(socket), G_IO_IN, connection_on_ready, connection);
    return connection;
}

void
rpc_connection_set_limits(RpcConnection *connection, guint max_packet, guint max_queued)
{
    connection->max_packet = max_packet;
    connection->max_queued = max_queued;
}

void
rpc_connection_free(RpcConnection *connection)
{
    if (connection == NULL)
        return;
    if (connection->item != NULL) {
        rpc_poll_item_remove(connection->item);
        g_socket_close(connection->socket, NULL);
    }
    g_object_unref(connection->socket);
    g_byte_array_unref(connection->in);
    g_byte_array_unref(connection->out);
    g_free(connection);
}

void
rpc_connection_send(RpcConnection *connection, const GByteArray *packet)
{
    if (connection->item == NULL || connection->broken || connection->leaving)
        return;
    if (waiting(connection) + packet->len > connection->max_queued) {
        /* Ended by the main loop: the caller may be in the middle of going through its peers. */
        connection->broken = TRUE;
        rpc_poll_item_wake(connection->item);
        return;
    }
    g_byte_array_append(connection->out, packet->data, packet->len);
    /* Nearly always there is room, and then no turn of the main loop has to find that out. */
    if (!connection->dispatching && waiting(connection) == packet->len)
        flush(connection);
    connection->congested = waiting(connection) > RPC_CONNECTION_MAX_WAITING;
    if (connection->dispatching)
        return;
    if (connection->broken)
        rpc_poll_item_wake(connection->item);
    else
        update_poll(connection);
}

void
rpc_connection_set_paused(RpcConnection *connection, gboolean paused)
{
    if (connection->paused == paused)
        return;
    connection->paused = paused;
    if (connection->item == NULL || connection->dispatching)
        return;
    update_poll(connection);
    /* There may be packets that have been read already. */
    if (!paused)
        rpc_poll_item_wake(connection->item);
}

gboolean
rpc_connection_is_congested(const RpcConnection *connection)
{
    return connection->congested;
}

void
rpc_connection_close(RpcConnection *connection)
{
    connection->broken = TRUE;
    if (connection->item != NULL && !connection->dispatching)
        end_stream(connection);
}

void
rpc_connection_close_when_sent(RpcConnection *connection)
{
    connection->leaving = TRUE;
    if (connection->item != NULL && !connection->dispatching && waiting(connection) == 0)
        rpc_poll_item_wake(connection->item);
}
