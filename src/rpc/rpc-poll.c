/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-poll.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A main context walks through all its sources and all their descriptors several times a turn, so
 * thousands of clients that do nothing would be a tax on each call of the others. The kernel keeps
 * those that are ready in a list, and moves to its end what it has told of: they have turns. */
struct _RpcPoll {
    int fd;
    GSource *source;
    guint items;
    GQueue woken;
    struct epoll_event ready[RPC_POLL_TURN]; /* while these are gone through */
    int ready_count;
    gboolean is_serving;
};

struct _RpcPollItem {
    RpcPoll *poll;
    int fd;
    GIOCondition condition;
    GIOCondition told; /* besides what the kernel says */
    RpcPollReady ready;
    gpointer user_data;
    GList link;
    gboolean is_woken;
};

typedef struct {
    GSource source;
    RpcPoll *poll;
} PollSource;

static guint32
to_events(GIOCondition condition)
{
    return ((condition & G_IO_IN) != 0 ? (guint32)EPOLLIN : 0) |
           ((condition & G_IO_OUT) != 0 ? (guint32)EPOLLOUT : 0);
}

static GIOCondition
to_condition(guint32 events)
{
    GIOCondition condition = 0;

    if ((events & EPOLLIN) != 0)
        condition |= G_IO_IN;
    if ((events & EPOLLOUT) != 0)
        condition |= G_IO_OUT;
    if ((events & EPOLLHUP) != 0)
        condition |= G_IO_HUP;
    if ((events & EPOLLERR) != 0)
        condition |= G_IO_ERR;
    return condition;
}

static void
sleep_again(RpcPollItem *item)
{
    if (item->is_woken)
        g_queue_unlink(&item->poll->woken, &item->link);
    item->is_woken = FALSE;
}

/* Those that are woken meanwhile have to wait for the next turn. */
static void
serve_woken(RpcPoll *poll)
{
    for (guint left = poll->woken.length; left > 0 && poll->woken.length > 0; left--) {
        RpcPollItem *item = poll->woken.head->data;

        sleep_again(item);
        item->ready(item->told, item->user_data);
    }
}

static void
serve_ready(RpcPoll *poll)
{
    poll->ready_count = epoll_wait(poll->fd, poll->ready, RPC_POLL_TURN, 0);
    for (int i = 0; i < poll->ready_count; i++) {
        const RpcPollItem *item = poll->ready[i].data.ptr;

        if (item != NULL)
            item->ready(to_condition(poll->ready[i].events), item->user_data);
    }
    poll->ready_count = 0;
}

static gboolean
poll_dispatch(GSource *source, G_GNUC_UNUSED GSourceFunc callback, G_GNUC_UNUSED gpointer user_data)
{
    RpcPoll *poll = ((PollSource *)source)->poll;

    /* Who is served runs no loop; a loop within would serve nobody. */
    if (poll->is_serving)
        return G_SOURCE_CONTINUE;
    poll->is_serving = TRUE;
    g_source_set_ready_time(source, -1);
    serve_woken(poll);
    serve_ready(poll);
    poll->is_serving = FALSE;
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs poll_source_funcs = { .dispatch = poll_dispatch };

RpcPoll *
rpc_poll_new(GMainContext *context)
{
    RpcPoll *poll = g_new0(RpcPoll, 1);

    poll->fd = epoll_create1(EPOLL_CLOEXEC);
    if (poll->fd < 0)
        g_error("No descriptor for epoll(7): %s", g_strerror(errno));
    g_queue_init(&poll->woken);
    poll->source = g_source_new(&poll_source_funcs, sizeof(PollSource));
    ((PollSource *)poll->source)->poll = poll;
    g_source_set_static_name(poll->source, "RpcPoll");
    /* GLib takes the descriptors of another source out of its own poll and puts them back each
     * time, and interrupts that poll for both. */
    g_source_set_can_recurse(poll->source, TRUE);
    g_source_add_unix_fd(poll->source, poll->fd, G_IO_IN);
    g_source_attach(poll->source, context);
    return poll;
}

void
rpc_poll_free(RpcPoll *poll)
{
    if (poll == NULL)
        return;
    g_return_if_fail(poll->items == 0);
    g_source_destroy(poll->source);
    g_source_unref(poll->source);
    close(poll->fd);
    g_free(poll);
}

RpcPollItem *
rpc_poll_add(RpcPoll *poll, int fd, GIOCondition condition, RpcPollReady ready, gpointer user_data)
{
    RpcPollItem *item = g_new0(RpcPollItem, 1);
    struct epoll_event event = { .events = to_events(condition), .data.ptr = item };

    item->poll = poll;
    item->fd = fd;
    item->condition = condition;
    item->ready = ready;
    item->user_data = user_data;
    item->link.data = item;
    poll->items++;
    if (epoll_ctl(poll->fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        item->told = G_IO_ERR;
        rpc_poll_item_wake(item);
    }
    return item;
}

void
rpc_poll_item_set_condition(RpcPollItem *item, GIOCondition condition)
{
    struct epoll_event event = { .events = to_events(condition), .data.ptr = item };

    if (item->condition == condition)
        return;
    item->condition = condition;
    epoll_ctl(item->poll->fd, EPOLL_CTL_MOD, item->fd, &event);
}

void
rpc_poll_item_wake(RpcPollItem *item)
{
    if (item->is_woken)
        return;
    item->is_woken = TRUE;
    g_queue_push_tail_link(&item->poll->woken, &item->link);
    g_source_set_ready_time(item->poll->source, 0);
}

void
rpc_poll_item_remove(RpcPollItem *item)
{
    if (item == NULL)
        return;
    sleep_again(item);
    for (int i = 0; i < item->poll->ready_count; i++) {
        if (item->poll->ready[i].data.ptr == item)
            item->poll->ready[i].data.ptr = NULL;
    }
    epoll_ctl(item->poll->fd, EPOLL_CTL_DEL, item->fd, NULL);
    item->poll->items--;
    g_free(item);
}
