/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-session.h"

/**
 * DaemonQueue:
 *
 * What is to be done for a client, in the order in which it came, one piece at a time. A worker
 * does what may take long, and has the client's session alone meanwhile; so the session is the
 * queue's.
 */
typedef struct _DaemonQueue DaemonQueue;

/**
 * DaemonQueueHandlers:
 * @may_go_on: whether the next piece may be begun now
 * @begin: (nullable): does the piece if that takes no time, or returns who does it
 * @work: does the piece; called in a thread
 * @done: @piece: (transfer full): it is done. It must not free the queue
 * @rests: the queue has gone on as far as it can for now
 * @get_size: of a piece, in bytes
 * @free: frees a piece that nobody waits for any more
 *
 * All but @work are called from the default main context.
 */
typedef struct {
    gboolean (*may_go_on)(gpointer user_data);
    DaemonWorkers *(*begin)(gpointer piece, DaemonSession *session);
    void (*work)(gpointer piece, DaemonSession *session);
    void (*done)(gpointer piece, gpointer user_data);
    void (*rests)(gpointer user_data);
    gsize (*get_size)(gconstpointer piece);
    void (*free)(gpointer piece);
} DaemonQueueHandlers;

/**
 * daemon_queue_new:
 * @session: (transfer full): the client's
 * @handlers: static
 *
 * Returns: (transfer full): an empty queue; never fails.
 */
DaemonQueue *daemon_queue_new(DaemonSession *session, const DaemonQueueHandlers *handlers,
                              gpointer user_data);

/**
 * daemon_queue_free:
 * @queue: (transfer full) (nullable): %NULL does nothing
 *
 * The client has gone, so no handler hears of it any more. A piece that a worker has comes to its
 * end later; then it goes, and the session with it.
 */
void daemon_queue_free(DaemonQueue *queue);

/**
 * daemon_queue_add:
 * @piece: (transfer full): done when all before it are
 */
void daemon_queue_add(DaemonQueue *queue, gpointer piece);

/**
 * daemon_queue_add_next:
 * @piece: (transfer full): done before all others; only for who is told that one is done
 */
void daemon_queue_add_next(DaemonQueue *queue, gpointer piece);

/** daemon_queue_go_on: if nothing is in the way any more. */
void daemon_queue_go_on(DaemonQueue *queue);

/** daemon_queue_is_busy: whether a worker has a piece. */
gboolean daemon_queue_is_busy(const DaemonQueue *queue);

/** daemon_queue_get_length: how many pieces wait. */
guint daemon_queue_get_length(const DaemonQueue *queue);

/** daemon_queue_get_size: of the pieces that wait, in bytes. */
gsize daemon_queue_get_size(const DaemonQueue *queue);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonQueue, daemon_queue_free)
