/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-poll.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A main context of ours waits for so many descriptors itself, usually. */
#define OTHERS_AT_FIRST 8

/* A main context walks through all its sources and all their descriptors several times a turn, so
 * thousands of clients that do nothing would be a tax on each call of the others. The kernel keeps
 * those that are ready in a list, and moves to its end what it has told of: they have turns. */
struct _RpcPoll {
    int fd;
    GMainContext *context;
    GSource *source;
    guint items;
    GQueue woken;
    struct epoll_event ready[RPC_POLL_TURN]; /* until these have been gone through */
    int ready_count;
    gboolean has_asked; /* the kernel, for these */
    gboolean is_serving;
    GPollFD *others; /* what the context waits for, while it does */
    int room;        /* for so many */
    int waker;       /* the one with which other threads interrupt its waiting; -1: not known yet */
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

/* In what the kernel tells, the descriptors that are no items have a bit that no address has. */
#define OTHER 1U

static guint32
to_events(GIOCondition condition)
{
    return ((condition & G_IO_IN) != 0 ? (guint32)EPOLLIN : 0) |
           ((condition & G_IO_PRI) != 0 ? (guint32)EPOLLPRI : 0) |
           ((condition & G_IO_OUT) != 0 ? (guint32)EPOLLOUT : 0);
}

static GIOCondition
to_condition(guint32 events)
{
    GIOCondition condition = 0;

    if ((events & EPOLLIN) != 0)
        condition |= G_IO_IN;
    if ((events & EPOLLPRI) != 0)
        condition |= G_IO_PRI;
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
ask(RpcPoll *poll, int timeout)
{
    poll->ready_count = epoll_wait(poll->fd, poll->ready, RPC_POLL_TURN, timeout);
    poll->has_asked = TRUE;
}

static gboolean
is_other(const struct epoll_event *event)
{
    return (event->data.u64 & OTHER) != 0;
}

/* Returns (nullable): %NULL for another one, and for an item that has been removed since. */
static RpcPollItem *
get_item(const struct epoll_event *event)
{
    return is_other(event) ? NULL : (RpcPollItem *)(guintptr)event->data.u64;
}

static void
serve_ready(RpcPoll *poll)
{
    if (!poll->has_asked)
        ask(poll, 0);
    for (int i = 0; i < poll->ready_count; i++) {
        const RpcPollItem *item = get_item(&poll->ready[i]);

        if (item != NULL)
            item->ready(to_condition(poll->ready[i].events), item->user_data);
    }
    poll->ready_count = 0;
    poll->has_asked = FALSE;
}

/* Who is woken is so by the thread that runs the context, so it looks here before it waits. */
static gboolean
poll_prepare(GSource *source, int *timeout)
{
    const RpcPoll *poll = ((PollSource *)source)->poll;

    *timeout = -1;
    return !poll->is_serving && poll->woken.length > 0;
}

static gboolean
poll_dispatch(GSource *source, G_GNUC_UNUSED GSourceFunc callback, G_GNUC_UNUSED gpointer user_data)
{
    RpcPoll *poll = ((PollSource *)source)->poll;

    /* Who is served runs no loop; a loop within would serve nobody. */
    if (poll->is_serving)
        return G_SOURCE_CONTINUE;
    poll->is_serving = TRUE;
    serve_woken(poll);
    serve_ready(poll);
    poll->is_serving = FALSE;
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs poll_source_funcs = { .prepare = poll_prepare, .dispatch = poll_dispatch };

RpcPoll *
rpc_poll_new(GMainContext *context)
{
    RpcPoll *poll = g_new0(RpcPoll, 1);

    poll->fd = epoll_create1(EPOLL_CLOEXEC);
    if (poll->fd < 0)
        g_error("No descriptor for epoll(7): %s", g_strerror(errno));
    g_queue_init(&poll->woken);
    poll->context = g_main_context_ref(context != NULL ? context : g_main_context_default());
    poll->room = OTHERS_AT_FIRST;
    poll->others = g_new0(GPollFD, poll->room);
    poll->waker = -1;
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
    g_main_context_unref(poll->context);
    g_free(poll->others);
    close(poll->fd);
    g_free(poll);
}

/* A context waits for its waker, always, and for our descriptor. If there is nothing else, it is
 * known which of the two that is. */
static void
find_waker(RpcPoll *poll, const GPollFD *others, int number)
{
    struct epoll_event event = { .events = EPOLLIN };
    int waker = others[0].fd == poll->fd ? others[1].fd : others[0].fd;

    if (number != 2)
        return;
    event.data.u64 = (guint64)waker << 1 | OTHER;
    if (epoll_ctl(poll->fd, EPOLL_CTL_ADD, waker, &event) == 0)
        poll->waker = waker;
}

/* The kernel forgets a descriptor that is closed, and its number may be another one's by now; so
 * each is told anew. The waker lives as long as its context. */
static gboolean
include(RpcPoll *poll, const GPollFD *other)
{
    struct epoll_event event = { .events = to_events(other->events),
                                 .data.u64 = (guint64)other->fd << 1 | OTHER };

    return other->fd == poll->fd || other->fd == poll->waker ||
           epoll_ctl(poll->fd, EPOLL_CTL_MOD, other->fd, &event) == 0 ||
           (errno == ENOENT && epoll_ctl(poll->fd, EPOLL_CTL_ADD, other->fd, &event) == 0);
}

static gboolean
include_all(RpcPoll *poll, GPollFD *others, int number)
{
    if (poll->waker < 0)
        find_waker(poll, others, number);
    for (int i = 0; i < number; i++) {
        others[i].revents = 0;
        if (!include(poll, &others[i]))
            return FALSE;
    }
    return TRUE;
}

/* One that the context waits for no more would be told for ever. */
static void
tell(const RpcPoll *poll, GPollFD *others, int number, const struct epoll_event *event)
{
    int fd = (int)(event->data.u64 >> 1);

    for (int i = 0; i < number; i++) {
        if (others[i].fd == fd) {
            others[i].revents =
                to_condition(event->events) & (others[i].events | G_IO_HUP | G_IO_ERR);
            return;
        }
    }
    epoll_ctl(poll->fd, EPOLL_CTL_DEL, fd, NULL);
}

/* Waits for the items and all others at once. */
static void
wait_for_all(RpcPoll *poll, GPollFD *others, int number, int timeout)
{
    gboolean has_items = FALSE;

    /* epoll(7) does not take every file. */
    if (!include_all(poll, others, number)) {
        poll->has_asked = FALSE;
        g_poll(others, (guint)number, timeout);
        return;
    }
    ask(poll, timeout);
    for (int i = 0; i < poll->ready_count; i++) {
        if (is_other(&poll->ready[i]))
            tell(poll, others, number, &poll->ready[i]);
        else
            has_items = TRUE;
    }
    for (int i = 0; i < number && has_items; i++) {
        if (others[i].fd == poll->fd)
            others[i].revents = G_IO_IN;
    }
}

/* Returns: how many descriptors the context waits for. */
static int
query(RpcPoll *poll, int priority, int *timeout)
{
    int number;

    while ((number = g_main_context_query(poll->context, priority, timeout, poll->others,
                                          poll->room)) > poll->room) {
        poll->others = g_renew(GPollFD, poll->others, number);
        poll->room = number;
    }
    return number;
}

void
rpc_poll_iterate(RpcPoll *poll)
{
    GMainContext *context = poll->context;
    int priority, timeout, number;

    if (!g_main_context_acquire(context))
        return;
    g_main_context_prepare(context, &priority);
    number = query(poll, priority, &timeout);
    wait_for_all(poll, poll->others, number, timeout);
    if (g_main_context_check(context, priority, poll->others, number))
        g_main_context_dispatch(context);
    g_main_context_release(context);
}

RpcPollItem *
rpc_poll_add(RpcPoll *poll, int fd, GIOCondition condition, RpcPollReady ready, gpointer user_data)
{
    RpcPollItem *item = g_new0(RpcPollItem, 1);
    struct epoll_event event = { .events = to_events(condition), .data.u64 = (guintptr)item };

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
    struct epoll_event event = { .events = to_events(condition), .data.u64 = (guintptr)item };

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
}

void
rpc_poll_item_remove(RpcPollItem *item)
{
    if (item == NULL)
        return;
    sleep_again(item);
    for (int i = 0; i < item->poll->ready_count; i++) {
        if (get_item(&item->poll->ready[i]) == item)
            item->poll->ready[i].data.u64 = 0;
    }
    epoll_ctl(item->poll->fd, EPOLL_CTL_DEL, item->fd, NULL);
    item->poll->items--;
    g_free(item);
}
