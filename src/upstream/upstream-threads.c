/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-threads.h"

#include "libvirt-library.h"
#include "zpci-places.h"

struct _UpstreamThreads {
    GThreadPool *pool;
};

/* Work on a connection, or a connection of which there is no more use. */
typedef struct {
    UpstreamLinkUse *use;
    UpstreamThreadsWork work;
    gpointer data;
    GDestroyNotify clear;
    GError *error;
    virConnectPtr unused;
} Job;

static void
job_free(Job *job)
{
    if (job->use != NULL)
        upstream_link_use_free(job->use);
    if (job->unused != NULL)
        libvirt_library.virConnectClose(job->unused);
    if (job->data != NULL)
        g_atomic_rc_box_release_full(job->data, job->clear);
    g_clear_error(&job->error);
    g_free(job);
}

static void
job_do(gpointer data, G_GNUC_UNUSED gpointer user_data)
{
    Job *job = data;
    guint number;

    if (job->use != NULL) {
        virConnectPtr connection = upstream_link_use_get_connection(job->use, &number);

        job->work(connection, number, job->data, &job->error);
        if (upstream_link_use_finish(job->use))
            return;
    }
    job_free(job);
}

UpstreamThreads *
upstream_threads_new(void)
{
    UpstreamThreads *threads = g_new0(UpstreamThreads, 1);

    threads->pool = g_thread_pool_new(job_do, NULL, -1, FALSE, NULL);
    return threads;
}

void
upstream_threads_free(UpstreamThreads *threads)
{
    g_thread_pool_free(threads->pool, FALSE, FALSE);
    g_free(threads);
}

gboolean
upstream_threads_run(UpstreamThreads *threads, UpstreamLink *link, UpstreamThreadsWork work,
                     gpointer data, GDestroyNotify clear, guint seconds, GError **error)
{
    UpstreamLinkUse *use;
    gboolean good, done;
    Job *job;

    if (seconds > 0 && !upstream_link_check_hanging(link, error))
        return FALSE;
    zpci_places_begin_waiting();
    use = upstream_link_use(link, error);
    zpci_places_end_waiting();
    if (use == NULL)
        return FALSE;
    job = g_new0(Job, 1);
    *job = (Job){ .use = use, .work = work, .data = g_atomic_rc_box_acquire(data), .clear = clear };
    g_thread_pool_push(threads->pool, job, NULL);
    zpci_places_begin_waiting();
    done = upstream_link_use_await(use, seconds, error);
    zpci_places_end_waiting();
    if (!done)
        return FALSE;
    good = job->error == NULL;
    if (!good)
        g_propagate_error(error, g_steal_pointer(&job->error));
    job_free(job);
    return good;
}

void
upstream_threads_close(UpstreamThreads *threads, virConnectPtr connection)
{
    Job *job;

    if (connection == NULL)
        return;
    job = g_new0(Job, 1);
    job->unused = connection;
    g_thread_pool_push(threads->pool, job, NULL);
}
