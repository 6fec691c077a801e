/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-threads.h"

#include "libvirt-library.h"
#include "zpci-error.h"

static GMutex lock;
static GCond changed;
static gboolean may_end;
static guint cleared;

/* @link: (nullable): to be lost by the work, which hangs then */
typedef struct {
    UpstreamLink *link;
    gboolean fails;
    GThread *thread;
    guint number;
} Task;

static void
task_clear(G_GNUC_UNUSED gpointer data)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);

    cleared++;
    g_cond_broadcast(&changed);
}

static void
task_hang(const Task *task)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);

    upstream_link_lose(task->link, "Gone.", task->number);
    while (!may_end)
        g_cond_wait(&changed, &lock);
}

static gboolean
task_do(virConnectPtr connection, guint number, gpointer data, GError **error)
{
    Task *task = data;

    g_assert_nonnull(connection);
    task->thread = g_thread_self();
    task->number = number;
    if (task->link != NULL)
        task_hang(task);
    if (task->fails)
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, "Not there.");
    return !task->fails;
}

/* Lets go of the task, and waits until nobody has it any more. */
static void
task_end(Task *task)
{
    g_atomic_rc_box_release_full(task, task_clear);
    g_mutex_lock(&lock);
    may_end = TRUE;
    g_cond_broadcast(&changed);
    while (cleared == 0)
        g_cond_wait(&changed, &lock);
    cleared = 0;
    may_end = FALSE;
    g_mutex_unlock(&lock);
}

static gboolean
run(Task *task, UpstreamLink *link, GError **error)
{
    UpstreamThreads *threads = upstream_threads_new();
    guint number;
    virConnectPtr connection = upstream_link_open(link, &number);
    gboolean good;

    g_assert_true(upstream_link_publish(link, connection));
    good = upstream_threads_run(threads, link, task_do, task, task_clear, 0, error);
    upstream_threads_close(threads, connection);
    upstream_threads_free(threads);
    return good;
}

static void
test_work_is_done_in_another_thread(void)
{
    UpstreamLink *link = upstream_link_new("test:///default", FALSE);
    Task *task = g_atomic_rc_box_new0(Task);
    g_autoptr(GError) error = NULL;

    g_assert_true(run(task, link, &error));
    g_assert_no_error(error);
    g_assert_true(task->thread != NULL && task->thread != g_thread_self());
    g_assert_cmpuint(task->number, ==, 1);
    task_end(task);
    upstream_link_unref(link);
}

static void
test_its_error_comes_back(void)
{
    UpstreamLink *link = upstream_link_new("test:///default", FALSE);
    Task *task = g_atomic_rc_box_new0(Task);
    g_autoptr(GError) error = NULL;

    task->fails = TRUE;
    g_assert_false(run(task, link, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
    task_end(task);
    upstream_link_unref(link);
}

static void
test_who_waits_goes_on_when_the_connection_is_lost(void)
{
    UpstreamLink *link = upstream_link_new("test:///default", FALSE);
    Task *task = g_atomic_rc_box_new0(Task);
    g_autoptr(GError) error = NULL;

    task->link = link;
    g_assert_false(run(task, link, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
    /* The work goes on, and has its data. */
    g_mutex_lock(&lock);
    g_assert_cmpuint(cleared, ==, 0);
    g_mutex_unlock(&lock);
    task_end(task);
    upstream_link_unref(link);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(libvirt_library_load(NULL));
    libvirt_library.virInitialize();
    g_test_add_func("/upstream-threads/work-is-done-in-another-thread",
                    test_work_is_done_in_another_thread);
    g_test_add_func("/upstream-threads/its-error-comes-back", test_its_error_comes_back);
    g_test_add_func("/upstream-threads/who-waits-goes-on-when-the-connection-is-lost",
                    test_who_waits_goes_on_when_the_connection_is_lost);
    return g_test_run();
}
