/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-peer.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REMOTE 0x20008086

/* For how long a worker may take, in milliseconds, on a busy machine. */
#define PATIENCE_MS 60000

static void
on_closed(gpointer client, gpointer user_data)
{
    DaemonPeer *peer = user_data;

    g_assert_true(client == peer->client);
    g_clear_pointer(&peer->client, daemon_client_free);
}

static const DaemonClientHandlers handlers = { .closed = on_closed };

DaemonPeer *
daemon_peer_new_beside(DaemonService *service, DaemonChannel channel)
{
    DaemonPeer *peer = g_new0(DaemonPeer, 1);
    g_autoptr(GSocket) socket = NULL;
    int fds[2];

    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds));
    socket = g_socket_new_from_fd(fds[0], NULL);
    g_assert_nonnull(socket);
    peer->fd = fds[1];
    peer->in = g_byte_array_new();
    peer->service = service;
    peer->client = daemon_client_new(socket, channel, service, &handlers, peer);
    return peer;
}

DaemonPeer *
daemon_peer_new(DaemonChannel channel)
{
    DaemonConfig *config = g_new0(DaemonConfig, 1);
    DaemonPeer *peer;

    daemon_config_set_defaults(config);
    config->vfio_read = ZPCI_VFIO_READ_NEVER;
    peer = daemon_peer_new_beside(daemon_service_new(config, FALSE), channel);
    peer->config = config;
    return peer;
}

DaemonPeer *
daemon_peer_new_open(const char *host)
{
    DaemonPeer *peer = daemon_peer_new(DAEMON_CHANNEL_INHERITED);

    daemon_peer_open(peer, host);
    return peer;
}

void
daemon_peer_open(DaemonPeer *peer, const char *host)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autofree char *name = host == NULL
                                ? g_strdup("nodedev:///system")
                                : g_strdup_printf("nodedev:///system?root=%s/tests/data/hosts/%s",
                                                  g_getenv("ZPCI_SOURCE_DIR"), host);

    daemon_peer_call(peer, DAEMON_PEER_AUTH_LIST, NULL);
    daemon_peer_put_open(payload, name);
    daemon_peer_call(peer, DAEMON_PEER_OPEN, payload);
}

void
daemon_peer_free(DaemonPeer *peer)
{
    daemon_client_free(peer->client);
    daemon_peer_settle(peer);
    if (peer->config != NULL)
        daemon_service_free(peer->service);
    g_free(peer->config);
    if (peer->fd >= 0)
        close(peer->fd);
    g_byte_array_unref(peer->in);
    g_free(peer);
}

void
daemon_peer_settle(DaemonPeer *peer)
{
    do {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        g_assert_true(daemon_service_wait(peer->service, PATIENCE_MS));
    } while (g_main_context_pending(NULL));
}

void
daemon_peer_receive(DaemonPeer *peer)
{
    guint8 chunk[65536];
    gssize got;

    while ((got = recv(peer->fd, chunk, sizeof(chunk), 0)) > 0)
        g_byte_array_append(peer->in, chunk, (guint)got);
    g_assert_true(got == 0 || errno == EAGAIN || errno == ECONNRESET);
}

/* The beginning of a packet is there. */
static GByteArray *
cut_packet(DaemonPeer *peer)
{
    guint32 length = (guint32)daemon_peer_read_word(peer->in, 0);
    GByteArray *packet;

    g_assert_cmpuint(length, >=, RPC_FRAME_MIN_SIZE);
    while (peer->in->len < length) {
        daemon_peer_settle(peer);
        daemon_peer_receive(peer);
    }
    packet = g_byte_array_append(g_byte_array_new(), peer->in->data, length);
    g_byte_array_remove_range(peer->in, 0, length);
    return packet;
}

GByteArray *
daemon_peer_next_packet(DaemonPeer *peer)
{
    daemon_peer_settle(peer);
    daemon_peer_receive(peer);
    return peer->in->len > 0 ? cut_packet(peer) : NULL;
}

GByteArray *
daemon_peer_wait_for_packet(DaemonPeer *peer)
{
    for (;;) {
        daemon_peer_receive(peer);
        if (peer->in->len > 0)
            return cut_packet(peer);
        g_main_context_iteration(NULL, TRUE);
    }
}

gint32
daemon_peer_read_word(const GByteArray *packet, guint word)
{
    guint32 value;

    g_assert_cmpuint(packet->len, >=, (word + 1) * sizeof(value));
    memcpy(&value, packet->data + word * sizeof(value), sizeof(value));
    return (gint32)GUINT32_FROM_BE(value);
}

void
daemon_peer_put_open(GByteArray *payload, const char *name)
{
    g_assert_true(rpc_xdr_put_optional_string(payload, name, NULL));
    rpc_xdr_put_u32(payload, 0);
}

void
daemon_peer_send_call(DaemonPeer *peer, gint32 procedure, const GByteArray *payload)
{
    const RpcFrame header = { .program = REMOTE, .version = 1, .procedure = procedure };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&header);

    if (payload != NULL)
        g_byte_array_append(packet, payload->data, payload->len);
    g_assert_true(rpc_frame_end(packet, NULL));
    g_assert_cmpint(send(peer->fd, packet->data, packet->len, MSG_NOSIGNAL), ==, packet->len);
}

GByteArray *
daemon_peer_take_answer(DaemonPeer *peer, gint32 procedure, RpcFrameStatus status)
{
    GByteArray *packet = daemon_peer_next_packet(peer);

    g_assert(packet != NULL);
    g_assert_cmpint(daemon_peer_read_word(packet, 3), ==, procedure);
    g_assert_cmpint(daemon_peer_read_word(packet, 4), ==, RPC_FRAME_REPLY);
    g_assert_cmpint(daemon_peer_read_word(packet, 6), ==, status);
    return packet;
}

void
daemon_peer_call(DaemonPeer *peer, gint32 procedure, const GByteArray *payload)
{
    daemon_peer_send_call(peer, procedure, payload);
    g_byte_array_unref(daemon_peer_take_answer(peer, procedure, RPC_FRAME_OK));
}
