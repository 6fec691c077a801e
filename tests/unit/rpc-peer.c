/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-peer.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
on_packet(G_GNUC_UNUSED RpcConnection *connection, const RpcFrame *frame, RpcXdr *payload,
          gpointer user_data)
{
    RpcPeer *peer = user_data;

    peer->received++;
    if (peer->on_packet != NULL)
        peer->on_packet(peer, frame, payload);
}

static void
on_drained(G_GNUC_UNUSED RpcConnection *connection, gpointer user_data)
{
    RpcPeer *peer = user_data;

    peer->drained++;
}

static void
on_closed(RpcConnection *connection, gpointer user_data)
{
    RpcPeer *peer = user_data;

    g_assert_true(peer->connection == connection);
    peer->closed++;
    g_clear_pointer(&peer->connection, rpc_connection_free);
}

static const RpcConnectionHandlers handlers = { .packet = on_packet,
                                                .drained = on_drained,
                                                .closed = on_closed };

RpcPeer *
rpc_peer_new(void)
{
    RpcPeer *peer = g_new0(RpcPeer, 1);
    g_autoptr(GSocket) socket = NULL;
    int fds[2];

    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds));
    socket = g_socket_new_from_fd(fds[0], NULL);
    g_assert_nonnull(socket);
    peer->fd = fds[1];
    peer->context = g_main_context_new();
    peer->poll = rpc_poll_new(peer->context);
    peer->timers = rpc_timer_queue_new(peer->context);
    peer->connection = rpc_connection_new(socket, peer->poll, &handlers, peer);
    return peer;
}

void
rpc_peer_free(RpcPeer *peer)
{
    rpc_connection_free(peer->connection);
    if (peer->fd >= 0)
        close(peer->fd);
    rpc_poll_free(peer->poll);
    rpc_timer_queue_free(peer->timers);
    g_main_context_unref(peer->context);
    g_free(peer);
}

void
rpc_peer_settle(RpcPeer *peer)
{
    while (g_main_context_iteration(peer->context, FALSE))
        continue;
}

void
rpc_peer_write(RpcPeer *peer, const guint8 *data, gsize size)
{
    g_assert_cmpint(send(peer->fd, data, size, MSG_NOSIGNAL), ==, (gssize)size);
}

GByteArray *
rpc_peer_read(RpcPeer *peer)
{
    GByteArray *data = g_byte_array_new();
    guint8 chunk[4096];
    gssize got;

    while ((got = recv(peer->fd, chunk, sizeof(chunk), 0)) > 0)
        g_byte_array_append(data, chunk, (guint)got);
    g_assert_true(got == 0 || errno == EAGAIN || errno == ECONNRESET);
    return data;
}

GByteArray *
rpc_peer_packet(gint32 procedure, gsize size)
{
    RpcFrame frame = { .program = 1, .version = 1, .procedure = procedure };
    GByteArray *packet = rpc_frame_begin(&frame);
    guint head = packet->len;

    g_byte_array_set_size(packet, head + (guint)size);
    memset(packet->data + head, 0, size);
    g_assert_true(rpc_frame_end(packet, NULL));
    return packet;
}
