/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-timer.h"

struct _RpcTimerQueue {
    GSource *source;
    GSequence *timers; /* by their place */
    gint64 ahead;      /* of the real time, in microseconds */
};

struct _RpcTimer {
    RpcTimerQueue *queue;
    RpcTimerDue due;
    gpointer user_data;
    gint64 time;          /* when it is due */
    gint64 place;         /* its time when it was queued, not later than its time now */
    GSequenceIter *entry; /* NULL if it is not set */
};

typedef struct {
    GSource source;
    RpcTimerQueue *queue;
} QueueSource;

static gint64
get_time(const RpcTimerQueue *queue)
{
    return g_get_monotonic_time() + queue->ahead;
}

static int
compare(gconstpointer a, gconstpointer b, G_GNUC_UNUSED gpointer user_data)
{
    gint64 first = ((const RpcTimer *)a)->place;
    gint64 second = ((const RpcTimer *)b)->place;

    return first < second ? -1 : first > second;
}

/* Returns: (nullable): the one that is due first. */
static RpcTimer *
get_first(const RpcTimerQueue *queue)
{
    return g_sequence_is_empty(queue->timers)
               ? NULL
               : g_sequence_get(g_sequence_get_begin_iter(queue->timers));
}

static void
enqueue(RpcTimer *timer)
{
    timer->place = timer->time;
    timer->entry = g_sequence_insert_sorted(timer->queue->timers, timer, compare, NULL);
}

static void
dequeue(RpcTimer *timer)
{
    if (timer->entry != NULL)
        g_sequence_remove(timer->entry);
    timer->entry = NULL;
}

/* Timers are set by the thread that runs the context, so it looks here before it waits; a time that
 * is set for a source interrupts the waiting of whichever thread does. */
static gboolean
queue_prepare(GSource *source, int *timeout)
{
    const RpcTimerQueue *queue = ((QueueSource *)source)->queue;
    const RpcTimer *first = get_first(queue);
    gint64 left = first != NULL ? MAX(first->place - get_time(queue), 0) : 0;

    /* Rounded up: whoever wakes too early has nothing to do. */
    *timeout = first != NULL ? (int)MIN((left + 999) / 1000, G_MAXINT) : -1;
    return first != NULL && left == 0;
}

static gboolean
queue_check(GSource *source)
{
    const RpcTimerQueue *queue = ((QueueSource *)source)->queue;
    const RpcTimer *first = get_first(queue);

    return first != NULL && first->place <= get_time(queue);
}

static gboolean
queue_dispatch(GSource *source, G_GNUC_UNUSED GSourceFunc callback,
               G_GNUC_UNUSED gpointer user_data)
{
    const RpcTimerQueue *queue = ((QueueSource *)source)->queue;
    gint64 now = get_time(queue);
    RpcTimer *first;

    while ((first = get_first(queue)) != NULL && first->place <= now) {
        dequeue(first);
        if (first->time > first->place)
            enqueue(first);
        else
            first->due(first->user_data);
    }
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs queue_source_funcs = {
    .prepare = queue_prepare,
    .check = queue_check,
    .dispatch = queue_dispatch,
};

RpcTimerQueue *
rpc_timer_queue_new(GMainContext *context)
{
    RpcTimerQueue *queue = g_new0(RpcTimerQueue, 1);

    queue->timers = g_sequence_new(NULL);
    queue->source = g_source_new(&queue_source_funcs, sizeof(QueueSource));
    ((QueueSource *)queue->source)->queue = queue;
    g_source_set_static_name(queue->source, "RpcTimerQueue");
    g_source_attach(queue->source, context);
    return queue;
}

void
rpc_timer_queue_free(RpcTimerQueue *queue)
{
    if (queue == NULL)
        return;
    g_return_if_fail(g_sequence_is_empty(queue->timers));
    g_source_destroy(queue->source);
    g_source_unref(queue->source);
    g_sequence_free(queue->timers);
    g_free(queue);
}

void
rpc_timer_queue_advance(RpcTimerQueue *queue, gint64 milliseconds)
{
    queue->ahead += milliseconds * 1000;
}

RpcTimer *
rpc_timer_new(RpcTimerQueue *queue, RpcTimerDue due, gpointer user_data)
{
    RpcTimer *timer = g_new0(RpcTimer, 1);

    timer->queue = queue;
    timer->due = due;
    timer->user_data = user_data;
    return timer;
}

void
rpc_timer_set(RpcTimer *timer, gint64 milliseconds)
{
    timer->time = get_time(timer->queue) + milliseconds * 1000;
    /* Timers that wait for silence are set anew by each packet. */
    if (timer->entry != NULL && timer->place <= timer->time)
        return;
    dequeue(timer);
    enqueue(timer);
}

void
rpc_timer_free(RpcTimer *timer)
{
    if (timer == NULL)
        return;
    dequeue(timer);
    g_free(timer);
}
