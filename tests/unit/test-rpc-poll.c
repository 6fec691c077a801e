/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-poll.h"

#include <fcntl.h>
#include <glib-unix.h>
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
    guint interrupts;
};

static guint most_polled;

/* Whether the poll itself runs the context. */
static gboolean runs;

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
    while (runs && g_main_context_pending(story->context))
        rpc_poll_iterate(story->poll);
    while (!runs && g_main_context_iteration(story->context, FALSE))
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

/* Something that the context waits for itself. */
typedef struct {
    GSource *source;
    int fd;
    int peer;
    guint calls;
} Other;

static gboolean
on_other(int fd, G_GNUC_UNUSED GIOCondition condition, gpointer user_data)
{
    Other *other = user_data;
    char byte;

    g_assert_cmpint(fd, ==, other->fd);
    g_assert_cmpint(read(fd, &byte, 1), ==, 1);
    other->calls++;
    return G_SOURCE_CONTINUE;
}

static void
attach(const Story *story, Other *other)
{
    other->source = g_unix_fd_source_new(other->fd, G_IO_IN);
    g_source_set_callback(other->source, G_SOURCE_FUNC(on_other), other, NULL);
    g_source_attach(other->source, story->context);
}

static void
detach(Other *other)
{
    g_source_destroy(other->source);
    g_clear_pointer(&other->source, g_source_unref);
}

static void
make_pair(Other *other)
{
    int fds[2];

    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
    other->fd = fds[0];
    other->peer = fds[1];
}

static void
close_pair(const Other *other)
{
    close(other->fd);
    close(other->peer);
}

/* Both have turns; and what comes to another descriptor of the same number is not missed. */
static void
test_others_are_waited_for(void)
{
    Story *story = begin(1);
    Other other = { NULL };
    Other next = { NULL };

    story->on_ready = take;
    make_pair(&other);
    attach(story, &other);
    for (guint i = 1; i <= 3; i++) {
        write_to(story, 0, 1);
        g_assert_cmpint(send(other.peer, "", 1, 0), ==, 1);
        settle(story);
        g_assert_cmpuint(story->ends[0].turns, ==, i);
        g_assert_cmpuint(other.calls, ==, i);
    }
    detach(&other);
    close_pair(&other);
    make_pair(&next);
    g_assert_cmpint(next.fd, ==, other.fd);
    attach(story, &next);
    g_assert_cmpint(send(next.peer, "", 1, 0), ==, 1);
    settle(story);
    g_assert_cmpuint(next.calls, ==, 1);
    detach(&next);
    close_pair(&next);
    end(story);
}

/* Nobody is told of it, and it does not keep others from waiting. */
static void
test_others_are_forgotten(void)
{
    Story *story = begin(1);
    Other other = { NULL };

    story->on_ready = take;
    make_pair(&other);
    attach(story, &other);
    write_to(story, 0, 1);
    settle(story);
    detach(&other);
    g_assert_cmpint(send(other.peer, "", 1, 0), ==, 1);
    write_to(story, 0, 2);
    settle(story);
    g_assert_cmpuint(story->ends[0].turns, ==, 3);
    g_assert_cmpuint(other.calls, ==, 0);
    close_pair(&other);
    end(story);
}

/* Such as a file, which is always ready, and which epoll(7) does not take. */
static void
test_others_of_any_kind(void)
{
    Story *story = begin(1);
    g_autofree char *name = NULL;
    Other other = { .fd = g_file_open_tmp("zpci-poll-XXXXXX", &name, NULL) };
    Other pair = { NULL };

    g_assert_cmpint(other.fd, >=, 0);
    g_assert_cmpint(pwrite(other.fd, "aaaaa", 5, 0), ==, 5);
    story->on_ready = take;
    /* A turn in which no item has one. */
    make_pair(&pair);
    attach(story, &pair);
    g_assert_cmpint(send(pair.peer, "", 1, 0), ==, 1);
    rpc_poll_iterate(story->poll);
    attach(story, &other);
    write_to(story, 0, 2);
    for (guint i = 1; i <= 2; i++) {
        rpc_poll_iterate(story->poll);
        g_assert_cmpuint(other.calls, ==, i);
        g_assert_cmpuint(story->ends[0].turns, ==, i);
    }
    detach(&pair);
    close_pair(&pair);
    detach(&other);
    close(other.fd);
    unlink(name);
    end(story);
}

static gboolean
count(gpointer user_data)
{
    guint *counter = user_data;

    (*counter)++;
    return G_SOURCE_REMOVE;
}

static gpointer
interrupt(gpointer data)
{
    Story *story = data;
    g_autoptr(GSource) source = g_idle_source_new();

    g_source_set_callback(source, count, &story->interrupts, NULL);
    g_source_attach(source, story->context);
    return NULL;
}

/* It waits without an end, and with one system call: the context's own is not made. */
static void
test_other_threads_interrupt_it(void)
{
    Story *story = begin(1);
    GThread *thread;

    most_polled = 0;
    thread = g_thread_new("other", interrupt, story);
    while (story->interrupts == 0)
        rpc_poll_iterate(story->poll);
    g_thread_join(thread);
    g_assert_cmpuint(most_polled, ==, 0);
    end(story);
}

static const struct {
    const char *name;
    GTestFunc test;
} tests[] = {
    { "who-is-ready-has-a-turn", test_who_is_ready_has_a_turn },
    { "who-is-idle-costs-nothing", test_who_is_idle_costs_nothing },
    { "turns", test_turns },
    { "many-have-turns", test_many_have_turns },
    { "conditions", test_conditions },
    { "who-hangs-up-is-told-of", test_who_hangs_up_is_told_of },
    { "woken", test_woken },
    { "woken-in-turns", test_woken_in_turns },
    { "removed-by-another", test_removed_by_another },
    { "what-the-kernel-does-not-take", test_what_the_kernel_does_not_take },
    { "others-are-waited-for", test_others_are_waited_for },
    { "others-are-forgotten", test_others_are_forgotten },
    { "others-of-any-kind", test_others_of_any_kind },
    { "other-threads-interrupt-it", test_other_threads_interrupt_it },
};

/* Whoever runs the context. */
static void
run_twice(gconstpointer data)
{
    GTestFunc test = tests[GPOINTER_TO_UINT(data)].test;

    runs = FALSE;
    test();
    runs = TRUE;
    test();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/rpc-poll/", tests[i].name, NULL);

        g_test_add_data_func(path, GUINT_TO_POINTER(i), run_twice);
    }
    return g_test_run();
}
