/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-workers.h"

struct _DaemonWorkers {
    GThreadPool *pool;
    ZpciPlaces *places; /* or NULL */
    GAsyncQueue *over;  /* pieces that threads are done with */
    GSource *returns;   /* looks at these; NULL unless some are to come */
    guint busy;         /* pieces of work that are not done; only the main thread counts */
};

typedef struct {
    DaemonWorkers *workers;
    DaemonWork work;
    DaemonWork done;
    gpointer data;
} Piece;

/* One source takes what all threads are done with. If each piece were attached to the main loop by
 * its thread, the loop, just woken, would have to wait for the lock that the thread still has. */
typedef struct {
    GSource source;
    DaemonWorkers *workers;
} Returns;

static gboolean
returns_check(GSource *source)
{
    return g_async_queue_length(((Returns *)source)->workers->over) > 0;
}

static void
piece_end(Piece *piece)
{
    DaemonWorkers *workers = piece->workers;
    DaemonWork done = piece->done;
    gpointer data = piece->data;

    g_free(piece);
    if (--workers->busy == 0) {
        g_source_destroy(workers->returns);
        g_clear_pointer(&workers->returns, g_source_unref);
    }
    done(data);
}

/* Those that come meanwhile wake the loop again. What is done may free the workers, once none are
 * to come. */
static gboolean
returns_dispatch(GSource *source, G_GNUC_UNUSED GSourceFunc callback,
                 G_GNUC_UNUSED gpointer user_data)
{
    DaemonWorkers *workers = ((Returns *)source)->workers;

    for (gint left = g_async_queue_length(workers->over);
         left > 0 && !g_source_is_destroyed(source); left--) {
        Piece *piece = g_async_queue_try_pop(workers->over);

        if (piece != NULL)
            piece_end(piece);
    }
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs returns_funcs = { .check = returns_check, .dispatch = returns_dispatch };

static GSource *
returns_attach(DaemonWorkers *workers)
{
    GSource *source = g_source_new(&returns_funcs, sizeof(Returns));

    ((Returns *)source)->workers = workers;
    g_source_set_static_name(source, "DaemonWorkers");
    /* Whoever waits for the rest of the work may do so at the end of a piece. */
    g_source_set_can_recurse(source, TRUE);
    g_source_attach(source, NULL);
    return source;
}

static void
piece_run(gpointer data, G_GNUC_UNUSED gpointer user_data)
{
    Piece *piece = data;
    GAsyncQueue *over = piece->workers->over;

    if (piece->workers->places != NULL)
        zpci_places_take(piece->workers->places);
    piece->work(piece->data);
    if (piece->workers->places != NULL)
        zpci_places_leave();
    g_async_queue_push(over, piece);
    g_main_context_wakeup(NULL);
}

DaemonWorkers *
daemon_workers_new(guint maximum, ZpciPlaces *places)
{
    DaemonWorkers *workers = g_new0(DaemonWorkers, 1);

    workers->places = places;
    workers->over = g_async_queue_new();
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
    g_async_queue_unref(workers->over);
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
    if (workers->busy++ == 0)
        workers->returns = returns_attach(workers);
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
