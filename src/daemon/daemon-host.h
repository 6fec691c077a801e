/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-inventory.h"
#include "zpci-monitor.h"

/**
 * DaemonHost:
 *
 * A host that is served: its inventory, and those who want to hear of its changes. The host is
 * watched only while there is one. To be used from the main thread only, but for the inventory and
 * daemon_host_expect().
 */
typedef struct _DaemonHost DaemonHost;

/**
 * daemon_host_new:
 * @host: (transfer full): the host to serve
 *
 * Returns: (transfer full): it, with one reference; never fails.
 */
DaemonHost *daemon_host_new(ZpciHost *host);

/** daemon_host_ref: (transfer full): one reference more. */
DaemonHost *daemon_host_ref(DaemonHost *host);

/**
 * daemon_host_unref:
 * @host: (transfer full) (nullable): %NULL does nothing
 */
void daemon_host_unref(DaemonHost *host);

/** daemon_host_get_inventory: belongs to @host. */
ZpciInventory *daemon_host_get_inventory(const DaemonHost *host);

/**
 * daemon_host_expect:
 *
 * Gets ready what watching the host takes, for one who expects to watch it. That may take long, so
 * it may be called in any thread.
 *
 * Returns: %FALSE with @error set if the host's changes cannot be watched; otherwise
 *   daemon_host_expect_no_more() has to follow.
 */
gboolean daemon_host_expect(DaemonHost *host, GError **error);

/** daemon_host_expect_no_more: one watches now who has expected it, or never will. */
void daemon_host_expect_no_more(DaemonHost *host);

/**
 * daemon_host_watch:
 * @handler: called for each change from now on, until daemon_host_unwatch()
 * @user_data: passed to it, and tells this watcher from others
 *
 * Takes no time. Somebody must expect it.
 */
void daemon_host_watch(DaemonHost *host, ZpciMonitorHandler handler, gpointer user_data);

/**
 * daemon_host_unwatch:
 *
 * Ends what daemon_host_watch() began with this @user_data, if anything. No handler may call it.
 */
void daemon_host_unwatch(DaemonHost *host, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonHost, daemon_host_unref)
