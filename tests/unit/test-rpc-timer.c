/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-timer.h"

/* Long beside the time that a busy machine takes between two lines of a test. */
#define MINUTE_MS (60 * 1000)
#define FAR_MS (1000 * MINUTE_MS)

typedef struct _Story Story;

typedef struct {
    Story *story;
    RpcTimer *timer;
    char letter;
} Clock;

struct _Story {
    GMainContext *context;
    RpcTimerQueue *queue;
    Clock clocks[4];
    GString *order; /* a letter for each timer that was due */
    void (*on_due)(Clock *clock);
};

static void
on_due(gpointer user_data)
{
    Clock *clock = user_data;

    g_string_append_c(clock->story->order, clock->letter);
    if (clock->story->on_due != NULL)
        clock->story->on_due(clock);
}

static Story *
begin(void)
{
    Story *story = g_new0(Story, 1);

    story->context = g_main_context_new();
    story->queue = rpc_timer_queue_new(story->context);
    story->order = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(story->clocks); i++) {
        story->clocks[i] = (Clock){ .story = story, .letter = (char)('a' + i) };
        story->clocks[i].timer = rpc_timer_new(story->queue, on_due, &story->clocks[i]);
    }
    return story;
}

static void
end(Story *story)
{
    for (guint i = 0; i < G_N_ELEMENTS(story->clocks); i++)
        rpc_timer_free(story->clocks[i].timer);
    rpc_timer_queue_free(story->queue);
    g_main_context_unref(story->context);
    g_string_free(story->order, TRUE);
    g_free(story);
}

/* Runs until so many timers were due. */
static void
run_until(Story *story, guint number)
{
    while (story->order->len < number)
        g_main_context_iteration(story->context, TRUE);
    while (g_main_context_iteration(story->context, FALSE))
        continue;
}

static void
test_in_the_order_of_their_times(void)
{
    Story *story = begin();

    rpc_timer_set(story->clocks[0].timer, 30 * MINUTE_MS);
    rpc_timer_set(story->clocks[1].timer, 10 * MINUTE_MS);
    rpc_timer_set(story->clocks[2].timer, FAR_MS);
    rpc_timer_set(story->clocks[3].timer, 20 * MINUTE_MS);
    rpc_timer_queue_advance(story->queue, 40 * MINUTE_MS);
    run_until(story, 3);
    g_assert_cmpstr(story->order->str, ==, "bda");
    end(story);
}

static void
test_not_before_its_time(void)
{
    Story *story = begin();
    gint64 start = g_get_monotonic_time();

    rpc_timer_set(story->clocks[0].timer, 50);
    run_until(story, 1);
    g_assert_cmpint(g_get_monotonic_time() - start, >=, 50 * 1000);
    end(story);
}

/* Later, later once more, and earlier. */
static void
test_set_anew(void)
{
    Story *story = begin();

    rpc_timer_set(story->clocks[0].timer, 1 * MINUTE_MS);
    rpc_timer_set(story->clocks[0].timer, 40 * MINUTE_MS);
    rpc_timer_set(story->clocks[0].timer, 800 * MINUTE_MS);
    rpc_timer_set(story->clocks[1].timer, FAR_MS);
    rpc_timer_set(story->clocks[1].timer, 20 * MINUTE_MS);
    rpc_timer_queue_advance(story->queue, 50 * MINUTE_MS);
    run_until(story, 1);
    g_assert_cmpstr(story->order->str, ==, "b");
    rpc_timer_queue_advance(story->queue, 750 * MINUTE_MS);
    run_until(story, 2);
    g_assert_cmpstr(story->order->str, ==, "ba");
    end(story);
}

static void
set_again(Clock *clock)
{
    if (clock->story->order->len < 3)
        rpc_timer_set(clock->timer, 1);
}

static void
test_set_when_due(void)
{
    Story *story = begin();

    story->on_due = set_again;
    rpc_timer_set(story->clocks[0].timer, 1);
    run_until(story, 3);
    g_assert_cmpstr(story->order->str, ==, "aaa");
    end(story);
}

static void
free_all(Clock *clock)
{
    for (guint i = 0; i < G_N_ELEMENTS(clock->story->clocks); i++)
        g_clear_pointer(&clock->story->clocks[i].timer, rpc_timer_free);
}

static void
test_freed_when_another_is_due(void)
{
    Story *story = begin();

    story->on_due = free_all;
    for (guint i = 0; i < G_N_ELEMENTS(story->clocks); i++)
        rpc_timer_set(story->clocks[i].timer, 0);
    run_until(story, 1);
    g_assert_cmpuint(story->order->len, ==, 1);
    end(story);
}

/* Neither a descriptor nor a source of its own. */
static void
test_costs_the_context_nothing(void)
{
    Story *story = begin();
    g_autoptr(GSource) before = g_idle_source_new();
    g_autoptr(GSource) after = g_idle_source_new();
    g_autoptr(GPtrArray) timers = g_ptr_array_new_with_free_func((GDestroyNotify)rpc_timer_free);
    guint first = g_source_attach(before, story->context);

    for (guint i = 0; i < 1000; i++) {
        RpcTimer *timer = rpc_timer_new(story->queue, on_due, &story->clocks[0]);

        rpc_timer_set(timer, FAR_MS);
        g_ptr_array_add(timers, timer);
    }
    /* A context numbers its sources. */
    g_assert_cmpuint(g_source_attach(after, story->context), ==, first + 1);
    g_ptr_array_set_size(timers, 0);
    g_source_destroy(before);
    g_source_destroy(after);
    end(story);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-timer/in-the-order-of-their-times", test_in_the_order_of_their_times);
    g_test_add_func("/rpc-timer/not-before-its-time", test_not_before_its_time);
    g_test_add_func("/rpc-timer/set-anew", test_set_anew);
    g_test_add_func("/rpc-timer/set-when-due", test_set_when_due);
    g_test_add_func("/rpc-timer/freed-when-another-is-due", test_freed_when_another_is_due);
    g_test_add_func("/rpc-timer/costs-the-context-nothing", test_costs_the_context_nothing);
    return g_test_run();
}
