/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * Watchers:
 *
 * Who wants to hear of something. For one thread.
 */
typedef struct _Watchers Watchers;

/** WatchersHandler: a function of any type; who tells knows which. */
typedef void (*WatchersHandler)(void);

/**
 * WatchersTell:
 * @news: as passed to watchers_tell()
 *
 * Calls @handler, of its type, with @user_data.
 */
typedef void (*WatchersTell)(WatchersHandler handler, gpointer user_data, gconstpointer news);

/**
 * watchers_new:
 * @tell: how one of them is told
 *
 * Returns: (transfer full): nobody; never fails.
 */
Watchers *watchers_new(WatchersTell tell);

/**
 * watchers_free:
 * @watchers: (transfer full) (nullable): %NULL does nothing
 */
void watchers_free(Watchers *watchers);

/** watchers_add: @user_data tells this one from others, and replaces one that has the same. */
void watchers_add(Watchers *watchers, WatchersHandler handler, gpointer user_data);

/** watchers_remove: whether it was there. */
gboolean watchers_remove(Watchers *watchers, gpointer user_data);

/** watchers_are_none: whether nobody is there. */
gboolean watchers_are_none(const Watchers *watchers);

/** watchers_tell: tells each. None may add or remove one meanwhile. */
void watchers_tell(const Watchers *watchers, gconstpointer news);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watchers, watchers_free)
