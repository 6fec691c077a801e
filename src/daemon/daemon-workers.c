/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-workers.h"

struct _DaemonWorkers {
    GThreadPool *pool;
    ZpciPlaces *places; /* or NULL */
    guint busy;         /* pieces of work that are not done; only the main thread counts */
};

typedef struct {
    DaemonWorkers *workers;
    DaemonWork work;
    DaemonWork done;
    gpointer data;
} Piece;

static gboolean
piece_end(gpointer data)
{
    Piece *piece = data;

    piece->workers->busy--;
    piece->done(piece->data);
    return G_SOURCE_REMOVE;
}

static void
piece_run(gpointer data, G_GNUC_UNUSED gpointer user_data)
{
    Piece *piece = data;

    if (piece->workers->places != NULL)
        zpci_places_take(piece->workers->places);
    piece->work(piece->data);
    if (piece->workers->places != NULL)
        zpci_places_leave();
    /* Not g_main_context_invoke(): that would run in this thread if nobody owns the context. */
    g_idle_add_full(G_PRIORITY_DEFAULT, piece_end, piece, g_free);
}

DaemonWorkers *
daemon_workers_new(guint maximum, ZpciPlaces *places)
{
    DaemonWorkers *workers = g_new0(DaemonWorkers, 1);

    workers->places = places;
    /* Threads of a pool that is not exclusive are made when needed, so this cannot fail. */
    workers->pool = g_thread_pool_new(piece_run, NULL, (gint)maximum, FALSE, NULL);
    return workers;
}

void
daemon_workers_free(DaemonWorkers *workers)
{
    if (workers == NULL)
        return;
    g_return_if_fail(workers->busy == 0);
    g_thread_pool_free(workers->pool, FALSE, TRUE);
    g_free(workers);
}

void
daemon_workers_run(DaemonWorkers *workers, DaemonWork work, DaemonWork done, gpointer data)
{
    Piece *piece = g_new0(Piece, 1);

    piece->workers = workers;
    piece->work = work;
    piece->done = done;
    piece->data = data;
    workers->busy++;
    /* Fails only if no thread could be made; the work then waits for one. */
    g_thread_pool_push(workers->pool, piece, NULL);
}

static gboolean
on_timeout(gpointer user_data)
{
    gboolean *is_over = user_data;

    *is_over = TRUE;
    return G_SOURCE_CONTINUE;
}

gboolean
daemon_workers_wait(DaemonWorkers *workers, guint timeout_ms)
{
    gboolean is_over = FALSE;
    guint timeout = g_timeout_add(timeout_ms, on_timeout, &is_over);

    while (workers->busy > 0 && !is_over)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(timeout);
    return workers->busy == 0;
}
