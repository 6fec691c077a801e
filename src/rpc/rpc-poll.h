/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* How many descriptors are served in one turn of the main loop. */
#define RPC_POLL_TURN 64

/**
 * RpcPoll:
 *
 * Descriptors that are waited for together, in one source of a main context: those for which there
 * is nothing to do cost nothing. To be used from the thread of that context only.
 * rpc_poll_iterate() is the quickest way to run that, and any other one does.
 */
typedef struct _RpcPoll RpcPoll;

/**
 * RpcPollItem:
 *
 * One of these descriptors.
 */
typedef struct _RpcPollItem RpcPollItem;

/**
 * RpcPollReady:
 * @condition: what the descriptor is ready for; 0 after rpc_poll_item_wake()
 *
 * It may remove any item.
 */
typedef void (*RpcPollReady)(GIOCondition condition, gpointer user_data);

/**
 * rpc_poll_new:
 * @context: (nullable): %NULL for the default one
 *
 * Returns: (transfer full): a poll of nothing. Without a descriptor for it the process ends, as it
 *   does if GLib gets none for a main context.
 */
RpcPoll *rpc_poll_new(GMainContext *context);

/**
 * rpc_poll_free:
 * @poll: (transfer full) (nullable): %NULL does nothing; otherwise it must have no items
 */
void rpc_poll_free(RpcPoll *poll);

/**
 * rpc_poll_add:
 * @fd: must stay open until the item is removed
 * @condition: of %G_IO_IN and %G_IO_OUT; %G_IO_HUP and %G_IO_ERR are always told
 * @ready: called as long as the condition holds, each in its turn
 *
 * Returns: (transfer full): the item. If the kernel does not take the descriptor, %G_IO_ERR is
 * told.
 */
RpcPollItem *rpc_poll_add(RpcPoll *poll, int fd, GIOCondition condition, RpcPollReady ready,
                          gpointer user_data);

/**
 * rpc_poll_iterate:
 *
 * One turn of the main context that may wait, as g_main_context_iteration(), but with one system
 * call where that needs one for the context and another one for the items. What the context itself
 * waits for must not be an item besides.
 */
void rpc_poll_iterate(RpcPoll *poll);

/** rpc_poll_item_set_condition: as for rpc_poll_add(). */
void rpc_poll_item_set_condition(RpcPollItem *item, GIOCondition condition);

/** rpc_poll_item_wake: it gets a turn soon, ready or not. */
void rpc_poll_item_wake(RpcPollItem *item);

/**
 * rpc_poll_item_remove:
 * @item: (transfer full) (nullable): %NULL does nothing
 */
void rpc_poll_item_remove(RpcPollItem *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RpcPoll, rpc_poll_free)
