/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "upstream-states.h"
#include "upstream-threads.h"

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

/** zpci_upstream_ref: (transfer full): one reference more, as one of its own keeps it usable. */
ZpciUpstream *zpci_upstream_ref(ZpciUpstream *upstream);

/** zpci_upstream_unref: gives up what zpci_upstream_ref() gave. */
void zpci_upstream_unref(ZpciUpstream *upstream);

/** zpci_upstream_get_link: the connection that is kept; belongs to @upstream. */
UpstreamLink *zpci_upstream_get_link(const ZpciUpstream *upstream);

/** zpci_upstream_get_threads: those that make calls; belong to @upstream. */
UpstreamThreads *zpci_upstream_get_threads(const ZpciUpstream *upstream);

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
