/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

#include "upstream-states.h"

/**
 * ZpciUpstream:
 *
 * The connection to the node-device daemon behind us, through libvirt's public API. A thread of its
 * own opens it, opens it again when it is lost, and asks for events. Calls may come from several
 * threads at once.
 */
typedef struct _ZpciUpstream ZpciUpstream;

/**
 * zpci_upstream_new:
 * @uri: of libvirt
 * @read_only: whether to open it read-only
 *
 * Begins to connect. libvirt_library_load() must have been good.
 *
 * Returns: (transfer full): the upstream, with one reference; never fails.
 */
ZpciUpstream *zpci_upstream_new(const char *uri, gboolean read_only);

/**
 * zpci_upstream_stop:
 * @upstream: (transfer full) (nullable): %NULL does nothing
 *
 * Ends the connection, and waits for that for a moment: a daemon that does not answer does not hold
 * us up. Nobody may watch any more.
 */
void zpci_upstream_stop(ZpciUpstream *upstream);

/* For how long calls wait for the first attempt to connect, from zpci_upstream_new() on. */
#define ZPCI_UPSTREAM_PATIENCE_SECONDS 5

/** zpci_upstream_ref: (transfer full): one reference more, as one of its own keeps it usable. */
ZpciUpstream *zpci_upstream_ref(ZpciUpstream *upstream);

/** zpci_upstream_unref: gives up what zpci_upstream_ref() gave. */
void zpci_upstream_unref(ZpciUpstream *upstream);

/**
 * ZpciUpstreamWork:
 * @connection: the one that is kept
 * @number: of that connection; each new one has a greater number
 * @data: as passed to zpci_upstream_run()
 *
 * Calls of libvirt. It must not touch anything that its caller may free.
 *
 * Returns: whether they were good; otherwise %FALSE with @error set.
 */
typedef gboolean (*ZpciUpstreamWork)(virConnectPtr connection, guint number, gpointer data,
                                     GError **error);

/**
 * zpci_upstream_run:
 * @data: from g_atomic_rc_box_new()
 * @clear: as for g_atomic_rc_box_release_full()
 * @seconds: for how long at most to wait for it; 0 for no limit
 *
 * Does @work in a thread of its own, and waits for it as long as there is the connection. libvirt
 * may leave calls to a daemon that hangs waiting for ever, although it knows that the connection is
 * lost; @data lives as long as they do. While work goes on whose time is over, no more is begun for
 * which there is a limit.
 *
 * Returns: whether @work was good, and @data has what it wrote; otherwise %FALSE with the error of
 *   @work, or with %ZPCI_ERROR_UNREACHABLE, which says why, or that of zpci_upstream_fail_busy().
 */
gboolean zpci_upstream_run(ZpciUpstream *upstream, ZpciUpstreamWork work, gpointer data,
                           GDestroyNotify clear, guint seconds, GError **error);

/**
 * zpci_upstream_connect:
 *
 * Returns: (transfer full) (nullable): another connection like the one that is kept; %NULL with
 *   libvirt's error set. Blocks, so for work only.
 */
virConnectPtr zpci_upstream_connect(const ZpciUpstream *upstream);

/**
 * zpci_upstream_close:
 * @connection: (transfer full) (nullable): from zpci_upstream_connect(); %NULL does nothing
 *
 * Ends it, and does not block: a thread does that.
 */
void zpci_upstream_close(ZpciUpstream *upstream, virConnectPtr connection);

/**
 * zpci_upstream_fail:
 * @connection: the one of the call that failed
 *
 * Makes an error of the one that libvirt's last call in this thread has left:
 * %ZPCI_ERROR_UNREACHABLE if the connection is lost, otherwise %ZPCI_ERROR_FOREIGN.
 *
 * Returns: %FALSE, for the caller to return.
 */
gboolean zpci_upstream_fail(ZpciUpstream *upstream, virConnectPtr connection, GError **error);

/** zpci_upstream_fail_unreachable: (returns %FALSE): the daemon cannot be reached, for this reason.
 */
gboolean zpci_upstream_fail_unreachable(const ZpciUpstream *upstream, const char *reason,
                                        GError **error);

/**
 * zpci_upstream_fail_busy:
 *
 * The daemon is there, and takes no further connection. That is %ZPCI_ERROR_IN_USE and not
 * %ZPCI_ERROR_UNREACHABLE: any user of this machine can bring it about, and shall not see more by
 * it.
 *
 * Returns: %FALSE.
 */
gboolean zpci_upstream_fail_busy(const ZpciUpstream *upstream, const char *reason, GError **error);

/**
 * zpci_upstream_watch:
 * @handler: called from the default main context for each change at the daemon, until
 *   zpci_upstream_unwatch(). After a connection was lost, it is called for what came and went
 *   meanwhile.
 * @user_data: passed to it, and tells this watcher from others
 *
 * To be called from the thread that runs the default main context; it does not block.
 */
void zpci_upstream_watch(ZpciUpstream *upstream, UpstreamStatesHandler handler, gpointer user_data);

/** zpci_upstream_unwatch: ends what zpci_upstream_watch() began. No handler may call it. */
void zpci_upstream_unwatch(ZpciUpstream *upstream, gpointer user_data);

/**
 * zpci_upstream_settle:
 * @name: a device that we found gone ourselves
 *
 * To be called by a watcher.
 *
 * Returns: whether the daemon is expected to tell of that, so that it need not be told twice.
 */
gboolean zpci_upstream_settle(ZpciUpstream *upstream, const char *name);

/** zpci_upstream_is_active: whether the daemon said that it has this device and it is active. To be
 * called by a watcher. */
gboolean zpci_upstream_is_active(const ZpciUpstream *upstream, const char *name);
