/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "upstream-link.h"

/**
 * UpstreamThreads:
 *
 * Threads that make calls of libvirt. libvirt may leave calls to a daemon that hangs waiting for
 * ever, although it knows that the connection is lost; who waits for them need not.
 */
typedef struct _UpstreamThreads UpstreamThreads;

/**
 * UpstreamThreadsWork:
 * @connection: the one that is kept
 * @number: of that connection; each new one has a greater number
 * @data: as passed to upstream_threads_run()
 *
 * Calls of libvirt. It must not touch anything that its caller may free.
 *
 * Returns: whether they were good; otherwise %FALSE with @error set.
 */
typedef gboolean (*UpstreamThreadsWork)(virConnectPtr connection, guint number, gpointer data,
                                        GError **error);

/** upstream_threads_new: (transfer full): as many as there is work for. */
UpstreamThreads *upstream_threads_new(void);

/** upstream_threads_free: those that work go on until they have done it. */
void upstream_threads_free(UpstreamThreads *threads);

/**
 * upstream_threads_run:
 * @data: from g_atomic_rc_box_new(); it lives as long as @work, and the caller's reference
 * @clear: as for g_atomic_rc_box_release_full()
 * @seconds: for how long at most to wait for it; 0 for no limit
 *
 * Does @work in a thread, and waits for it as long as @link has the connection. While work goes on
 * whose time is over, no more is begun for which there is a limit.
 *
 * Returns: whether @work was good, and @data has what it wrote; otherwise %FALSE with the error of
 *   @work, or with %ZPCI_ERROR_UNREACHABLE, which says why, or that of upstream_link_fail_busy().
 */
gboolean upstream_threads_run(UpstreamThreads *threads, UpstreamLink *link,
                              UpstreamThreadsWork work, gpointer data, GDestroyNotify clear,
                              guint seconds, GError **error);

/**
 * upstream_threads_close:
 * @connection: (transfer full) (nullable): from upstream_link_connect(); %NULL does nothing
 *
 * Ends it, and does not block: a thread does that.
 */
void upstream_threads_close(UpstreamThreads *threads, virConnectPtr connection);
