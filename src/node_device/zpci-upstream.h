/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

#include "zpci-monitor.h"

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
 * Begins to connect.
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

/**
 * zpci_upstream_acquire:
 *
 * While the first attempt to connect goes on, waits for its end, but not for longer than
 * %ZPCI_UPSTREAM_PATIENCE_SECONDS after zpci_upstream_new().
 *
 * Returns: (transfer full): the connection, to be given back with virConnectClose(); %NULL with
 *   %ZPCI_ERROR_UNREACHABLE, which says why, if there is none.
 */
virConnect *zpci_upstream_acquire(ZpciUpstream *upstream, GError **error);

#define ZPCI_UPSTREAM_PATIENCE_SECONDS 5

/**
 * zpci_upstream_fail:
 * @connection: the one of which a call failed just now, in this thread
 *
 * Sets the error that libvirt's last call left: %ZPCI_ERROR_FOREIGN, or %ZPCI_ERROR_UNREACHABLE if
 * the connection is lost.
 *
 * Returns: %FALSE, for the caller to return.
 */
gboolean zpci_upstream_fail(ZpciUpstream *upstream, virConnectPtr connection, GError **error);

/**
 * zpci_upstream_watch:
 * @handler: called from the default main context for each change at the daemon, until
 *   zpci_upstream_unwatch(). After a connection was lost, it is called for what came and went
 *   meanwhile.
 * @user_data: passed to it, and tells this watcher from others
 *
 * To be called from the thread that runs the default main context; it does not block.
 */
void zpci_upstream_watch(ZpciUpstream *upstream, ZpciMonitorHandler handler, gpointer user_data);

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
