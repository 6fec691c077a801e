/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-workers.h"

#define PATIENCE_MS 60000

typedef struct {
    GMutex mutex;
    GCond changed;
    gboolean may_go;
    guint working;
    guint most;
    guint done;
    GThread *main;
} Work;

static void
work(gpointer data)
{
    Work *shared = data;

    g_assert_true(g_thread_self() != shared->main);
    g_mutex_lock(&shared->mutex);
    shared->working++;
    shared->most = MAX(shared->most, shared->working);
    g_cond_broadcast(&shared->changed);
    while (!shared->may_go)
        g_cond_wait(&shared->changed, &shared->mutex);
    shared->working--;
    g_mutex_unlock(&shared->mutex);
}

static void
count(gpointer data)
{
    Work *shared = data;

    g_assert_true(g_thread_self() == shared->main);
    shared->done++;
}

static void
init(Work *shared)
{
    g_mutex_init(&shared->mutex);
    g_cond_init(&shared->changed);
    shared->main = g_thread_self();
}

static void
clear(Work *shared)
{
    g_mutex_clear(&shared->mutex);
    g_cond_clear(&shared->changed);
}

static void
wait_until_working(Work *shared, guint number)
{
    g_mutex_lock(&shared->mutex);
    while (shared->working < number)
        g_cond_wait(&shared->changed, &shared->mutex);
    g_mutex_unlock(&shared->mutex);
}

static void
let_go(Work *shared)
{
    g_mutex_lock(&shared->mutex);
    shared->may_go = TRUE;
    g_cond_broadcast(&shared->changed);
    g_mutex_unlock(&shared->mutex);
}

static void
test_as_many_as_allowed_at_a_time(void)
{
    g_autoptr(DaemonWorkers) workers = daemon_workers_new(3, NULL);
    Work shared = { .may_go = FALSE };

    init(&shared);
    for (guint i = 0; i < 10; i++)
        daemon_workers_run(workers, work, count, &shared);
    wait_until_working(&shared, 3);
    g_assert_false(daemon_workers_wait(workers, 50));
    g_assert_cmpuint(shared.done, ==, 0);
    let_go(&shared);
    g_assert_true(daemon_workers_wait(workers, PATIENCE_MS));
    g_assert_cmpuint(shared.done, ==, 10);
    g_assert_cmpuint(shared.most, ==, 3);
    clear(&shared);
}

/* Those that wait in one group do not hold up the other. */
static void
test_groups_are_apart(void)
{
    g_autoptr(DaemonWorkers) stuck = daemon_workers_new(1, NULL);
    g_autoptr(DaemonWorkers) others = daemon_workers_new(1, NULL);
    Work waiting = { .may_go = FALSE };
    Work going = { .may_go = TRUE };

    init(&waiting);
    init(&going);
    daemon_workers_run(stuck, work, count, &waiting);
    wait_until_working(&waiting, 1);
    for (guint i = 0; i < 5; i++)
        daemon_workers_run(others, work, count, &going);
    g_assert_true(daemon_workers_wait(others, PATIENCE_MS));
    g_assert_cmpuint(going.done, ==, 5);
    g_assert_cmpuint(waiting.done, ==, 0);
    let_go(&waiting);
    g_assert_true(daemon_workers_wait(stuck, PATIENCE_MS));
    clear(&waiting);
    clear(&going);
}

static void
test_nothing_to_do(void)
{
    g_autoptr(DaemonWorkers) workers = daemon_workers_new(1, NULL);

    g_assert_true(daemon_workers_wait(workers, 0));
    daemon_workers_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-workers/as-many-as-allowed-at-a-time",
                    test_as_many_as_allowed_at_a_time);
    g_test_add_func("/daemon-workers/groups-are-apart", test_groups_are_apart);
    g_test_add_func("/daemon-workers/nothing-to-do", test_nothing_to_do);
    return g_test_run();
}
