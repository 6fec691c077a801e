/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "rpc-connection.h"
#include "rpc-timer.h"

typedef struct _RpcPeer RpcPeer;

/**
 * RpcPeer:
 * @connection: (nullable): what is tested; freed, and %NULL, once its stream has ended
 * @fd: the other end of its socket pair, non-blocking
 * @received: how many packets @connection has handed over
 * @drained: how often there was room again for what is to be sent
 * @closed: how often it has said that its stream ended
 * @on_packet: (nullable): what the test does with a packet
 *
 * A connection in a main context of its own, and the peer at its other end.
 */
struct _RpcPeer {
    GMainContext *context;
    RpcPoll *poll;
    RpcTimerQueue *timers;
    RpcConnection *connection;
    int fd;
    guint received;
    guint drained;
    guint closed;
    void (*on_packet)(RpcPeer *peer, const RpcFrame *frame, RpcXdr *payload);
    gpointer data;
};

/**
 * rpc_peer_new:
 *
 * Returns: (transfer full): a peer and its connection.
 */
RpcPeer *rpc_peer_new(void);

/**
 * rpc_peer_free:
 */
void rpc_peer_free(RpcPeer *peer);

/**
 * rpc_peer_settle:
 *
 * Runs the main context until nothing is left to do at once.
 */
void rpc_peer_settle(RpcPeer *peer);

/**
 * rpc_peer_write:
 *
 * Sends @size bytes, all of which must fit into the socket.
 */
void rpc_peer_write(RpcPeer *peer, const guint8 *data, gsize size);

/**
 * rpc_peer_read:
 *
 * Returns: (transfer full): everything that has arrived at the peer so far.
 */
GByteArray *rpc_peer_read(RpcPeer *peer);

/**
 * rpc_peer_packet:
 *
 * Returns: (transfer full): a packet with @size zero bytes of payload.
 */
GByteArray *rpc_peer_packet(gint32 procedure, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RpcPeer, rpc_peer_free)
