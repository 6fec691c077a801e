/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

/**
 * UpstreamLink:
 *
 * The connection to the daemon behind us that one thread keeps, by its number, or why there is
 * none. Other threads use it, and wait for it no longer than it lasts.
 */
typedef struct _UpstreamLink UpstreamLink;

/**
 * UpstreamLinkUse:
 *
 * One thread works with the connection and another waits for that. The use is the one's who waits,
 * until it gives up; then it is the other's.
 */
typedef struct _UpstreamLinkUse UpstreamLinkUse;

/* For how long a use waits for the first attempt to connect, from upstream_link_new() on. */
#define UPSTREAM_LINK_PATIENCE_SECONDS 5

/** upstream_link_new: (transfer full): as zpci_upstream_new(); there is no connection yet. */
UpstreamLink *upstream_link_new(const char *uri, gboolean read_only);

/** upstream_link_ref: (transfer full): one reference more. */
UpstreamLink *upstream_link_ref(UpstreamLink *link);

/** upstream_link_unref: gives up one. */
void upstream_link_unref(UpstreamLink *link);

/**
 * upstream_link_connect:
 *
 * Returns: (transfer full) (nullable): another connection like the one that is kept; %NULL with
 *   libvirt's error set. Blocks.
 */
virConnectPtr upstream_link_connect(const UpstreamLink *link);

/**
 * upstream_link_open:
 * @number: (out): of the attempt
 *
 * For the thread that keeps the connection, as all until upstream_link_end().
 *
 * Returns: (transfer full) (nullable): a new connection; %NULL with the reason noted.
 */
virConnectPtr upstream_link_open(UpstreamLink *link, guint *number);

/** upstream_link_publish: from now on uses get the connection. Returns: whether clients know all
 * that it has. */
gboolean upstream_link_publish(UpstreamLink *link, virConnectPtr connection);

/** upstream_link_await_end: waits until the connection is lost or the link shall stop. */
void upstream_link_await_end(UpstreamLink *link);

/** upstream_link_pause: waits. Returns: whether to go on. */
gboolean upstream_link_pause(UpstreamLink *link, guint seconds);

/** upstream_link_end: the thread has nothing more to do with it. */
void upstream_link_end(UpstreamLink *link);

/** upstream_link_stop: has the thread end, and waits for that for a moment. */
void upstream_link_stop(UpstreamLink *link);

/** upstream_link_lose: the connection of this number is lost; one of another has been dealt with.
 */
void upstream_link_lose(UpstreamLink *link, const char *reason, guint number);

/** upstream_link_is_up: whether there is a connection. */
gboolean upstream_link_is_up(UpstreamLink *link);

/**
 * upstream_link_use:
 *
 * Returns: (transfer full): the connection, for one who works with it and one who waits;
 *   %NULL with %ZPCI_ERROR_UNREACHABLE, which says why there is none.
 */
UpstreamLinkUse *upstream_link_use(UpstreamLink *link, GError **error);

/** upstream_link_use_get_connection: and its number. */
virConnectPtr upstream_link_use_get_connection(const UpstreamLinkUse *use, guint *number);

/** upstream_link_use_finish: the work is done. Returns: whether somebody still waits for it. */
gboolean upstream_link_use_finish(UpstreamLinkUse *use);

/**
 * upstream_link_use_await:
 * @seconds: for how long at most; 0 for no limit
 *
 * Returns: %TRUE if the work is done; %FALSE with @error set if it has been given up: the
 * connection was lost, or its time is over.
 */
gboolean upstream_link_use_await(UpstreamLinkUse *use, guint seconds, GError **error);

/** upstream_link_use_free: gives the connection back. */
void upstream_link_use_free(UpstreamLinkUse *use);

/** upstream_link_check_hanging: %FALSE with @error set while work goes on whose time is over: more
 * for which there is a time would only hang, too. */
gboolean upstream_link_check_hanging(UpstreamLink *link, GError **error);

/**
 * upstream_link_fail:
 * @connection: the one of the call that failed
 *
 * Makes an error of the one that libvirt's last call in this thread has left:
 * %ZPCI_ERROR_UNREACHABLE if the connection is lost, otherwise %ZPCI_ERROR_FOREIGN.
 *
 * Returns: %FALSE, for the caller to return.
 */
gboolean upstream_link_fail(UpstreamLink *link, virConnectPtr connection, GError **error);

/** upstream_link_fail_unreachable: (returns %FALSE): the daemon cannot be reached, for this reason.
 */
gboolean upstream_link_fail_unreachable(const UpstreamLink *link, const char *reason,
                                        GError **error);

/**
 * upstream_link_fail_busy:
 *
 * The daemon is there, and takes no further connection. That is %ZPCI_ERROR_IN_USE and not
 * %ZPCI_ERROR_UNREACHABLE: any user of this machine can bring it about, and shall not see more by
 * it.
 *
 * Returns: %FALSE.
 */
gboolean upstream_link_fail_busy(const UpstreamLink *link, const char *reason, GError **error);
