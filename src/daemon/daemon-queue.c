/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-queue.h"

struct _DaemonQueue {
    DaemonSession *session;
    const DaemonQueueHandlers *handlers;
    gpointer user_data;
    GQueue pieces;
    gsize size;         /* bytes of these */
    gpointer working;   /* the piece that a worker has, NULL if none */
    gboolean has_ended; /* only that piece keeps the queue */
};

DaemonQueue *
daemon_queue_new(DaemonSession *session, const DaemonQueueHandlers *handlers, gpointer user_data)
{
    DaemonQueue *queue = g_new0(DaemonQueue, 1);

    queue->session = session;
    queue->handlers = handlers;
    queue->user_data = user_data;
    g_queue_init(&queue->pieces);
    return queue;
}

static void
free_rest(DaemonQueue *queue)
{
    daemon_session_free(queue->session);
    g_free(queue);
}

void
daemon_queue_free(DaemonQueue *queue)
{
    if (queue == NULL)
        return;
    daemon_session_silence(queue->session);
    g_queue_clear_full(&queue->pieces, queue->handlers->free);
    queue->has_ended = TRUE;
    if (queue->working == NULL)
        free_rest(queue);
}

static void
on_worked(gpointer data)
{
    DaemonQueue *queue = data;
    gpointer piece = g_steal_pointer(&queue->working);

    if (queue->has_ended) {
        queue->handlers->free(piece);
        free_rest(queue);
        return;
    }
    queue->handlers->done(piece, queue->user_data);
    daemon_queue_go_on(queue);
}

static void
work(gpointer data)
{
    DaemonQueue *queue = data;

    queue->handlers->work(queue->working, queue->session);
}

static void
take_piece(DaemonQueue *queue)
{
    gpointer piece = g_queue_pop_head(&queue->pieces);
    DaemonWorkers *workers;

    queue->size -= queue->handlers->get_size(piece);
    workers = queue->handlers->begin(piece, queue->session);
    if (workers == NULL) {
        queue->handlers->done(piece, queue->user_data);
        return;
    }
    queue->working = piece;
    daemon_workers_run(workers, work, on_worked, queue);
}

void
daemon_queue_go_on(DaemonQueue *queue)
{
    while (queue->working == NULL && !g_queue_is_empty(&queue->pieces) &&
           queue->handlers->may_go_on(queue->user_data))
        take_piece(queue);
    queue->handlers->rests(queue->user_data);
}

void
daemon_queue_add(DaemonQueue *queue, gpointer piece)
{
    queue->size += queue->handlers->get_size(piece);
    g_queue_push_tail(&queue->pieces, piece);
    daemon_queue_go_on(queue);
}

void
daemon_queue_add_next(DaemonQueue *queue, gpointer piece)
{
    queue->size += queue->handlers->get_size(piece);
    g_queue_push_head(&queue->pieces, piece);
}

gboolean
daemon_queue_is_busy(const DaemonQueue *queue)
{
    return queue->working != NULL;
}

guint
daemon_queue_get_length(const DaemonQueue *queue)
{
    return queue->pieces.length;
}

gsize
daemon_queue_get_size(const DaemonQueue *queue)
{
    return queue->size;
}
