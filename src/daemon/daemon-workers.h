/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-places.h"

/**
 * DaemonWorkers:
 *
 * Threads for what may block: reading hardware, asking another daemon. The main loop goes on
 * meanwhile.
 */
typedef struct _DaemonWorkers DaemonWorkers;

/**
 * DaemonWork:
 *
 * A piece of work, or what is to be done after it.
 */
typedef void (*DaemonWork)(gpointer data);

/**
 * daemon_workers_new:
 * @maximum: the most threads at a time; they come and go with the work
 * @places: (nullable): borrowed; work needs one of them while it does not wait for others
 *
 * Returns: (transfer full): the workers; never fails.
 */
DaemonWorkers *daemon_workers_new(guint maximum, ZpciPlaces *places);

/**
 * daemon_workers_free:
 * @workers: (transfer full) (nullable): %NULL does nothing; otherwise it must be idle
 */
void daemon_workers_free(DaemonWorkers *workers);

/**
 * daemon_workers_run:
 * @work: called in a thread, as soon as one is free
 * @done: called from the default main context after it
 */
void daemon_workers_run(DaemonWorkers *workers, DaemonWork work, DaemonWork done, gpointer data);

/**
 * daemon_workers_wait:
 * @timeout_ms: for how long at most
 *
 * Runs the default main context until all work is done.
 *
 * Returns: whether it is.
 */
gboolean daemon_workers_wait(DaemonWorkers *workers, guint timeout_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonWorkers, daemon_workers_free)
