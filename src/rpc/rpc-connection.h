/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <gio/gio.h>

#include "rpc-frame.h"
#include "rpc-poll.h"

/* While more bytes than this wait for the peer to read them, nothing more is read from it. Calls
 * are answered one by one, so this bounds what a peer can make us hold that asks and never listens.
 */
#define RPC_CONNECTION_MAX_WAITING (256 * 1024)

/* A peer that lets more than this wait, two of the largest packets, is cut off: events come whether
 * it reads them or not. The default; see rpc_connection_set_limits(). */
#define RPC_CONNECTION_MAX_QUEUED (64 * 1024 * 1024)

/* How many bytes are asked of the socket at once. */
#define RPC_CONNECTION_CHUNK (64 * 1024)

/* How many packets of one peer are handled before others have their turn. */
#define RPC_CONNECTION_TURN 32

/**
 * RpcConnection:
 *
 * One peer on a stream socket: cuts what comes in into packets, queues what goes out, and never
 * blocks. File descriptors that a call carries are closed. The stream ends when the peer closes it,
 * when it breaks the framing, or when we close it.
 */
typedef struct _RpcConnection RpcConnection;

/**
 * RpcConnectionHandlers:
 * @packet: a packet came in. @frame and @payload are borrowed until it returns. It may send and
 *   close, but not free the connection.
 * @drained: (nullable): the connection is congested no more. The same holds.
 * @closed: the stream has ended; called exactly once, from the main context or from
 *   rpc_connection_close(). It may free the connection.
 */
typedef struct {
    void (*packet)(RpcConnection *connection, const RpcFrame *frame, RpcXdr *payload,
                   gpointer user_data);
    void (*drained)(RpcConnection *connection, gpointer user_data);
    void (*closed)(RpcConnection *connection, gpointer user_data);
} RpcConnectionHandlers;

/**
 * rpc_connection_new:
 * @socket: a connected stream socket; a reference is taken, and it is made non-blocking
 * @poll: borrowed: serves it, and must outlive it
 * @handlers: static
 *
 * Returns: (transfer full): the connection, already being served; never fails.
 */
RpcConnection *rpc_connection_new(GSocket *socket, RpcPoll *poll,
                                  const RpcConnectionHandlers *handlers, gpointer user_data);

/**
 * rpc_connection_set_limits:
 * @max_packet: the longest packet that is taken, in bytes, at most %RPC_FRAME_MAX_SIZE; whoever
 *   sends a longer one is cut off
 * @max_queued: how many bytes may wait to be read by the peer, in place of
 *   %RPC_CONNECTION_MAX_QUEUED
 */
void rpc_connection_set_limits(RpcConnection *connection, guint max_packet, guint max_queued);

/**
 * rpc_connection_free:
 * @connection: (transfer full) (nullable): %NULL does nothing
 *
 * Drops the stream if it is still open, without a call of the closed handler.
 */
void rpc_connection_free(RpcConnection *connection);

/**
 * rpc_connection_send:
 * @packet: complete, from rpc_frame_end(); copied
 *
 * Sends a packet, or queues it if there is no room; ends the stream if the peer lets too many bytes
 * wait. After the end of the stream, and after rpc_connection_close_when_sent(), it does nothing.
 */
void rpc_connection_send(RpcConnection *connection, const GByteArray *packet);

/**
 * rpc_connection_set_paused:
 *
 * While paused, no packet is taken from the peer. One that goes away meanwhile is still noticed.
 */
void rpc_connection_set_paused(RpcConnection *connection, gboolean paused);

/**
 * rpc_connection_is_congested:
 *
 * Returns: whether more than %RPC_CONNECTION_MAX_WAITING bytes wait for the peer to read them. Who
 *   works for it should wait, too, until they are fewer.
 */
gboolean rpc_connection_is_congested(const RpcConnection *connection);

/**
 * rpc_connection_close:
 *
 * Ends the stream at once; what waits to go out is lost.
 */
void rpc_connection_close(RpcConnection *connection);

/**
 * rpc_connection_close_when_sent:
 *
 * Takes no further packet in either direction, and ends the stream once everything has gone out;
 * not before the next turn of the main loop.
 */
void rpc_connection_close_when_sent(RpcConnection *connection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RpcConnection, rpc_connection_free)
