/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "rpc-connection.h"
#include "rpc-timer.h"

#define RPC_KEEPALIVE_PROGRAM 0x6b656570
#define RPC_KEEPALIVE_VERSION 1

/* libvirt's own settings: a silent peer is given up after 5 pings, 30 seconds in all. */
#define RPC_KEEPALIVE_INTERVAL_MS 5000
#define RPC_KEEPALIVE_COUNT 5

/**
 * RpcKeepalive:
 *
 * The protocol's second program: finds out whether a silent peer is still there. Pings of the peer
 * are answered always; ours start when it has said that it knows the program, because one that does
 * not would drop the connection.
 */
typedef struct _RpcKeepalive RpcKeepalive;

/**
 * rpc_keepalive_new:
 * @connection: borrowed; must outlive it
 * @timers: borrowed; must outlive it
 * @interval_ms: silence before each ping; 0 or less: never ping
 * @count: how many pings may stay unanswered before the connection is closed, an interval after the
 *   last; 0: closed after one interval without any
 *
 * Returns: (transfer full): a keepalive that only answers, until rpc_keepalive_start().
 */
RpcKeepalive *rpc_keepalive_new(RpcConnection *connection, RpcTimerQueue *timers, int interval_ms,
                                guint count);

/**
 * rpc_keepalive_free:
 * @keepalive: (transfer full) (nullable): %NULL does nothing
 */
void rpc_keepalive_free(RpcKeepalive *keepalive);

/**
 * rpc_keepalive_start:
 *
 * The peer knows the program: begin to ping. A second call does nothing.
 */
void rpc_keepalive_start(RpcKeepalive *keepalive);

/**
 * rpc_keepalive_receive:
 * @frame: any packet that came in; each one proves that the peer is alive
 *
 * Returns: whether @frame was a message of the keepalive program, which has then been dealt with.
 */
gboolean rpc_keepalive_receive(RpcKeepalive *keepalive, const RpcFrame *frame);

/**
 * rpc_keepalive_answer:
 *
 * Returns: (transfer full) (nullable): what answers @frame if it asks whether somebody is there,
 * for who keeps no connection alive.
 */
GByteArray *rpc_keepalive_answer(const RpcFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RpcKeepalive, rpc_keepalive_free)
