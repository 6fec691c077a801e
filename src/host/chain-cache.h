/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* How many functions' chains are kept. */
#define CHAIN_CACHE_MAX 65536

/* For how long to wait for who reads a chain: opening a function resets it, which takes less. */
#define CHAIN_CACHE_WAIT_SECONDS 30

/**
 * ChainCache:
 *
 * The replies of VFIO_DEVICE_GET_INFO that have been read, so that a function is opened at most
 * once for each time it is bound, by all threads of all processes of this user together. They are
 * kept in memory, and in a directory of the user's own below /run, because on an inherited socket
 * each client has a daemon of its own.
 */
typedef struct _ChainCache ChainCache;

/**
 * ChainRequest:
 * @node: what is opened for it; one at a time can have it open
 * @address: the function
 * @binding: its present binding; a reply of an earlier one does not count
 * @anew: whether a reply that is kept does not do
 * @read: opens the function and reads: (transfer full), or %NULL with @error set
 * @source: passed to @read
 */
typedef struct {
    const char *node;
    const char *address;
    const char *binding;
    gboolean anew;
    GByteArray *(*read)(gconstpointer source, GError **error);
    gconstpointer source;
} ChainRequest;

/**
 * chain_cache_new:
 * @directory: (nullable): where to keep them; made when first needed. %NULL for memory only
 */
ChainCache *chain_cache_new(const char *directory);

/** chain_cache_free: @cache may be %NULL. Files stay. */
void chain_cache_free(ChainCache *cache);

/** chain_cache_set_wait: another time than %CHAIN_CACHE_WAIT_SECONDS, for tests. */
void chain_cache_set_wait(ChainCache *cache, guint seconds);

/** chain_cache_count_asking: how many threads read through @node or wait for it, for tests. */
guint chain_cache_count_asking(ChainCache *cache, const char *node);

/**
 * chain_cache_get:
 *
 * Waits for nobody.
 *
 * Returns: (transfer full) (nullable): the reply; %NULL if none has been read since the function
 * was bound. A file that is damaged or not ours counts as none.
 */
GByteArray *chain_cache_get(ChainCache *cache, const char *address, const char *binding);

/**
 * chain_cache_read:
 *
 * Takes the reply that is kept, or else reads it and keeps it; a directory that cannot be written
 * is no error. Whoever asks for the same meanwhile gets the same reply or failure. Functions that
 * are read through one node wait for one another, others do not.
 *
 * Returns: (transfer full): the reply; %NULL with the error of @request, or with
 *   %ZPCI_ERROR_UNREADABLE if somebody else has been reading for too long.
 */
GByteArray *chain_cache_read(ChainCache *cache, const ChainRequest *request, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChainCache, chain_cache_free)
