/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-poll.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 200

typedef struct _Story Story;

/* One end of a socket pair that is waited for, and its peer. */
typedef struct {
    Story *story;
    int fd;
    int peer;
    RpcPollItem *item;
    guint turns;
    GIOCondition condition;
} End;

struct _Story {
    GMainContext *context;
    RpcPoll *poll;
    End ends[MANY];
    guint number;
    void (*on_ready)(End *end);
    GString *order; /* a letter for each turn */
};

static guint most_polled;

static int
count_polled(GPollFD *fds, guint number, int timeout)
{
    most_polled = MAX(most_polled, number);
    return g_poll(fds, number, timeout);
}

static void
on_ready(GIOCondition condition, gpointer user_data)
{
    End *end = user_data;

    end->turns++;
    end->condition = condition;
    g_string_append_c(end->story->order, (char)('a' + (end - end->story->ends) % 26));
    if (end->story->on_ready != NULL)
        end->story->on_ready(end);
}

static void
take(End *end)
{
    char byte;

    g_assert_cmpint(recv(end->fd, &byte, 1, MSG_DONTWAIT), ==, 1);
}

static void
forget(End *end)
{
    g_clear_pointer(&end->item, rpc_poll_item_remove);
}

static Story *
begin(guint number)
{
    Story *story = g_new0(Story, 1);

    story->context = g_main_context_new();
    g_main_context_set_poll_func(story->context, count_polled);
    story->poll = rpc_poll_new(story->context);
    story->order = g_string_new(NULL);
    story->number = number;
    for (guint i = 0; i < number; i++) {
        End *end = &story->ends[i];
        int fds[2];

        g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
        end->story = story;
        end->fd = fds[0];
        end->peer = fds[1];
        end->item = rpc_poll_add(story->poll, end->fd, G_IO_IN, on_ready, end);
    }
    return story;
}

static void
end(Story *story)
{
    for (guint i = 0; i < story->number; i++) {
        rpc_poll_item_remove(story->ends[i].item);
        close(story->ends[i].fd);
        close(story->ends[i].peer);
    }
    rpc_poll_free(story->poll);
    g_main_context_unref(story->context);
    g_string_free(story->order, TRUE);
    g_free(story);
}

static void
write_to(Story *story, guint number, guint bytes)
{
    while (bytes-- > 0)
        g_assert_cmpint(send(story->ends[number].peer, "", 1, 0), ==, 1);
}

static void
settle(Story *story)
{
    while (g_main_context_iteration(story->context, FALSE))
        continue;
}

static void
test_who_is_ready_has_a_turn(void)
{
    Story *story = begin(3);

    story->on_ready = take;
    write_to(story, 1, 1);
    settle(story);
    g_assert_cmpstr(story->order->str, ==, "b");
    g_assert_cmpuint(story->ends[1].condition, ==, G_IO_IN);
    end(story);
}

/* However many there are, the main context waits for one descriptor more, and calls nobody else. */
static void
test_who_is_idle_costs_nothing(void)
{
    Story *story = begin(0);
    guint without;

    most_polled = 0;
    settle(story);
    without = most_polled;
    end(story);

    story = begin(MANY);
    story->on_ready = take;
    most_polled = 0;
    write_to(story, 7, 10);
    settle(story);
    g_assert_cmpuint(most_polled, ==, without);
    g_assert_cmpuint(story->order->len, ==, 10);
    g_assert_cmpuint(story->ends[7].turns, ==, 10);
    end(story);
}

static void
test_turns(void)
{
    Story *story = begin(3);

    story->on_ready = take;
    for (guint i = 0; i < 3; i++)
        write_to(story, i, 100);
    settle(story);
    g_assert_cmpuint(story->order->len, ==, 300);
    for (guint i = 3; i < 300; i++)
        g_assert_cmpint(story->order->str[i], ==, story->order->str[i - 3]);
    end(story);
}

/* More than fit into one turn of the main loop. */
static void
test_many_have_turns(void)
{
    Story *story = begin(MANY);

    G_STATIC_ASSERT(MANY > 2 * RPC_POLL_TURN);
    story->on_ready = take;
    for (guint i = 0; i < MANY; i++)
        write_to(story, i, i == 0 ? 10 : 1);
    settle(story);
    for (guint i = 1; i < MANY; i++)
        g_assert_cmpuint(story->ends[i].turns, ==, 1);
    g_assert_cmpuint(story->ends[0].turns, ==, 10);
    end(story);
}

static void
test_conditions(void)
{
    Story *story = begin(1);

    story->on_ready = forget;
    rpc_poll_item_set_condition(story->ends[0].item, 0);
    write_to(story, 0, 1);
    settle(story);
    g_assert_cmpuint(story->ends[0].turns, ==, 0);
    rpc_poll_item_set_condition(story->ends[0].item, G_IO_IN | G_IO_OUT);
    settle(story);
    g_assert_cmpuint(story->ends[0].condition, ==, G_IO_IN | G_IO_OUT);
    end(story);
}

static void
test_who_hangs_up_is_told_of(void)
{
    Story *story = begin(1);

    story->on_ready = forget;
    rpc_poll_item_set_condition(story->ends[0].item, 0);
    g_assert_no_errno(shutdown(story->ends[0].peer, SHUT_RDWR));
    settle(story);
    g_assert_cmpuint(story->ends[0].condition, ==, G_IO_HUP);
    end(story);
}

static void
test_woken(void)
{
    Story *story = begin(2);

    rpc_poll_item_wake(story->ends[1].item);
    rpc_poll_item_wake(story->ends[1].item);
    settle(story);
    g_assert_cmpstr(story->order->str, ==, "b");
    g_assert_cmpuint(story->ends[1].condition, ==, 0);
    rpc_poll_item_wake(story->ends[0].item);
    forget(&story->ends[0]);
    settle(story);
    g_assert_cmpstr(story->order->str, ==, "b");
    end(story);
}

static void
wake_again(End *end)
{
    if (end->turns < 3)
        rpc_poll_item_wake(end->item);
}

/* Who wakes himself does not keep others from their turns. */
static void
test_woken_in_turns(void)
{
    Story *story = begin(2);

    story->on_ready = wake_again;
    rpc_poll_item_wake(story->ends[0].item);
    rpc_poll_item_wake(story->ends[1].item);
    settle(story);
    g_assert_cmpstr(story->order->str, ==, "ababab");
    end(story);
}

static void
forget_all(End *end)
{
    for (guint i = 0; i < end->story->number; i++)
        forget(&end->story->ends[i]);
}

/* In the middle of a turn, whether they are ready or woken. */
static void
test_removed_by_another(void)
{
    Story *story = begin(3);

    story->on_ready = forget_all;
    for (guint i = 0; i < 3; i++)
        write_to(story, i, 1);
    settle(story);
    g_assert_cmpuint(story->order->len, ==, 1);
    end(story);

    story = begin(3);
    story->on_ready = forget_all;
    for (guint i = 0; i < 3; i++)
        rpc_poll_item_wake(story->ends[i].item);
    settle(story);
    g_assert_cmpuint(story->order->len, ==, 1);
    end(story);
}

/* epoll(7) takes no directory. */
static void
test_what_the_kernel_does_not_take(void)
{
    Story *story = begin(1);
    int directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    g_assert_cmpint(directory, >=, 0);
    forget(&story->ends[0]);
    story->ends[0].item = rpc_poll_add(story->poll, directory, G_IO_IN, on_ready, &story->ends[0]);
    settle(story);
    g_assert_cmpuint(story->ends[0].turns, ==, 1);
    g_assert_cmpuint(story->ends[0].condition, ==, G_IO_ERR);
    close(directory);
    end(story);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-poll/who-is-ready-has-a-turn", test_who_is_ready_has_a_turn);
    g_test_add_func("/rpc-poll/who-is-idle-costs-nothing", test_who_is_idle_costs_nothing);
    g_test_add_func("/rpc-poll/turns", test_turns);
    g_test_add_func("/rpc-poll/many-have-turns", test_many_have_turns);
    g_test_add_func("/rpc-poll/conditions", test_conditions);
    g_test_add_func("/rpc-poll/who-hangs-up-is-told-of", test_who_hangs_up_is_told_of);
    g_test_add_func("/rpc-poll/woken", test_woken);
    g_test_add_func("/rpc-poll/woken-in-turns", test_woken_in_turns);
    g_test_add_func("/rpc-poll/removed-by-another", test_removed_by_another);
    g_test_add_func("/rpc-poll/what-the-kernel-does-not-take", test_what_the_kernel_does_not_take);
    return g_test_run();
}
