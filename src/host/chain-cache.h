/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* How many functions' chains are kept. */
#define CHAIN_CACHE_MAX 65536

/**
 * ChainCache:
 *
 * The replies of VFIO_DEVICE_GET_INFO that have been read, so that a function is opened at most
 * once for each time it is bound. They are kept in memory, and in a directory of the user's own
 * below /run, because on an inherited socket each client has a daemon of its own. Get and put only
 * under the lock.
 */
typedef struct _ChainCache ChainCache;

/**
 * chain_cache_new:
 * @directory: (nullable): where to keep them; made when first needed. %NULL for memory only
 */
ChainCache *chain_cache_new(const char *directory);

/** chain_cache_free: @cache may be %NULL. Files stay. */
void chain_cache_free(ChainCache *cache);

/**
 * chain_cache_lock:
 *
 * Returns: (transfer full): keeps other threads out of @cache until it is freed. To be held from
 *   the look into the cache to the end of what is done because nothing was found, so that no
 *   function is opened twice.
 */
GMutexLocker *chain_cache_lock(ChainCache *cache);

/**
 * chain_cache_get:
 * @binding: the present binding; a reply of an earlier one does not count
 *
 * Returns: (transfer full) (nullable): the reply; %NULL if none has been read since the function
 * was bound. A file that is damaged or not ours counts as none.
 */
GByteArray *chain_cache_get(ChainCache *cache, const char *address, const char *binding);

/** chain_cache_put: keeps @reply; a directory that cannot be written is no error. */
void chain_cache_put(ChainCache *cache, const char *address, const char *binding,
                     GByteArray *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChainCache, chain_cache_free)
