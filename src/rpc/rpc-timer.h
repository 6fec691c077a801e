/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * RpcTimerQueue:
 *
 * Timers that are waited for together, in one source of a main context: one that is not due costs
 * nothing. To be used from the thread of that context only.
 */
typedef struct _RpcTimerQueue RpcTimerQueue;

/**
 * RpcTimer:
 *
 * One of these timers.
 */
typedef struct _RpcTimer RpcTimer;

/**
 * RpcTimerDue:
 *
 * A timer is due, once. It may set or free any timer.
 */
typedef void (*RpcTimerDue)(gpointer user_data);

/**
 * rpc_timer_queue_new:
 * @context: (nullable): %NULL for the default one
 *
 * Returns: (transfer full): a queue without timers; never fails.
 */
RpcTimerQueue *rpc_timer_queue_new(GMainContext *context);

/**
 * rpc_timer_queue_free:
 * @queue: (transfer full) (nullable): %NULL does nothing; otherwise its timers must have been freed
 */
void rpc_timer_queue_free(RpcTimerQueue *queue);

/**
 * rpc_timer_queue_advance:
 *
 * For tests, which need not wait: the timers take it as if so many @milliseconds had passed.
 */
void rpc_timer_queue_advance(RpcTimerQueue *queue, gint64 milliseconds);

/**
 * rpc_timer_new:
 *
 * Returns: (transfer full): a timer that is not set; never fails.
 */
RpcTimer *rpc_timer_new(RpcTimerQueue *queue, RpcTimerDue due, gpointer user_data);

/**
 * rpc_timer_set:
 * @milliseconds: from now
 *
 * Setting a timer that is set already to a later time takes no search, however many there are.
 */
void rpc_timer_set(RpcTimer *timer, gint64 milliseconds);

/**
 * rpc_timer_free:
 * @timer: (transfer full) (nullable): %NULL does nothing
 */
void rpc_timer_free(RpcTimer *timer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RpcTimerQueue, rpc_timer_queue_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RpcTimer, rpc_timer_free)
