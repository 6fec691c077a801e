/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-upstream.h"

/**
 * UpstreamCaller:
 *
 * On whose behalf the daemon behind us is asked, so that its own access control judges that one and
 * not us. A connection of libvirt has one identity, and whoever has got one can hardly take
 * another: so each caller but ourselves has a connection of its own, made at its first call and
 * kept. Calls may come from several threads at once.
 */
typedef struct _UpstreamCaller UpstreamCaller;

/**
 * upstream_caller_new:
 * @identity: (nullable): an a{sv} as zpci_inventory_new_for() takes it; %NULL for ourselves, who
 *   ask over the connection that @upstream keeps
 *
 * Returns: (transfer full): the caller; never fails.
 */
UpstreamCaller *upstream_caller_new(ZpciUpstream *upstream, GVariant *identity);

/**
 * upstream_caller_free:
 * @caller: (transfer full) (nullable): %NULL does nothing
 *
 * Ends its connection, and does not wait for that.
 */
void upstream_caller_free(UpstreamCaller *caller);

/** upstream_caller_is_other: whether it is somebody else than ourselves. */
gboolean upstream_caller_is_other(const UpstreamCaller *caller);

/**
 * UpstreamCallerWork:
 * @data: as passed to upstream_caller_run()
 *
 * Calls of libvirt. It must not touch anything that its caller may free.
 *
 * Returns: whether they were good; if not, the last one has set libvirt's error.
 */
typedef gboolean (*UpstreamCallerWork)(virConnectPtr connection, gpointer data);

/**
 * upstream_caller_run:
 * @data: from g_atomic_rc_box_new()
 * @clear: as for g_atomic_rc_box_release_full()
 *
 * Does @work, and waits for it as upstream_threads_run() does.
 *
 * Returns: whether @work was good, and @data has what it wrote; otherwise %FALSE with
 *   %ZPCI_ERROR_FOREIGN if the daemon refused, the identity or what @work asked,
 *   %ZPCI_ERROR_UNREACHABLE, which says why, or the error of upstream_link_fail_busy().
 */
gboolean upstream_caller_run(UpstreamCaller *caller, UpstreamCallerWork work, gpointer data,
                             GDestroyNotify clear, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpstreamCaller, upstream_caller_free)
