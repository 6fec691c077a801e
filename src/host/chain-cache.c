/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-cache.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hex-text.h"
#include "sysfs.h"

#define BINDING_MARK "# binding: "
#define END_MARK "\n# end\n"

struct _ChainCache {
    GMutex lock;
    char *directory;
    GHashTable *entries;
};

typedef struct {
    char *binding;
    GByteArray *reply;
} ChainEntry;

static void
chain_entry_free(gpointer data)
{
    ChainEntry *entry = data;

    g_free(entry->binding);
    g_byte_array_unref(entry->reply);
    g_free(entry);
}

ChainCache *
chain_cache_new(const char *directory)
{
    ChainCache *cache = g_new0(ChainCache, 1);

    g_mutex_init(&cache->lock);
    cache->directory = g_strdup(directory);
    cache->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, chain_entry_free);
    return cache;
}

void
chain_cache_free(ChainCache *cache)
{
    if (cache == NULL)
        return;
    g_free(cache->directory);
    g_hash_table_unref(cache->entries);
    g_mutex_clear(&cache->lock);
    g_free(cache);
}

GMutexLocker *
chain_cache_lock(ChainCache *cache)
{
    return g_mutex_locker_new(&cache->lock);
}

static void
chain_cache_remember(ChainCache *cache, const char *address, const char *binding, GByteArray *reply)
{
    ChainEntry *entry;

    if (g_hash_table_size(cache->entries) >= CHAIN_CACHE_MAX &&
        !g_hash_table_contains(cache->entries, address))
        return;
    entry = g_new0(ChainEntry, 1);
    entry->binding = g_strdup(binding);
    entry->reply = g_byte_array_ref(reply);
    g_hash_table_replace(cache->entries, g_strdup(address), entry);
}

/* Only a directory that nobody else can write to is believed. */
static gboolean
chain_cache_is_ours(const char *directory)
{
    struct stat status;

    return lstat(directory, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static GByteArray *
chain_cache_parse(const char *text, gsize length, const char *binding)
{
    g_autofree char *mark = g_strconcat(BINDING_MARK, binding, "\n", NULL);
    g_autoptr(GPtrArray) sections = NULL;
    const HexSection *section;

    if (length < strlen(mark) + strlen(END_MARK) || memcmp(text, mark, strlen(mark)) != 0 ||
        memcmp(text + length - strlen(END_MARK), END_MARK, strlen(END_MARK)) != 0)
        return NULL;
    sections = hex_text_parse(text, length, NULL);
    if (sections == NULL)
        return NULL;
    section = g_ptr_array_index(sections, 0);
    return g_byte_array_ref(section->bytes);
}

static GByteArray *
chain_cache_load(const ChainCache *cache, const char *address, const char *binding)
{
    g_autofree char *path = NULL;
    g_autofree guint8 *text = NULL;
    gsize length;

    if (cache->directory == NULL || !chain_cache_is_ours(cache->directory))
        return NULL;
    path = g_build_filename(cache->directory, address, NULL);
    text = g_malloc(HEX_TEXT_MAX_SIZE);
    if (sysfs_read_bytes(AT_FDCWD, path, text, HEX_TEXT_MAX_SIZE, &length, NULL) != SYSFS_READ)
        return NULL;
    return chain_cache_parse((const char *)text, length, binding);
}

GByteArray *
chain_cache_get(ChainCache *cache, const char *address, const char *binding)
{
    const ChainEntry *entry = g_hash_table_lookup(cache->entries, address);
    GByteArray *reply;

    if (entry != NULL && strcmp(entry->binding, binding) == 0)
        return g_byte_array_ref(entry->reply);
    reply = chain_cache_load(cache, address, binding);
    if (reply != NULL)
        chain_cache_remember(cache, address, binding, reply);
    return reply;
}

static void
chain_cache_save(const ChainCache *cache, const char *address, const char *binding,
                 const GByteArray *reply)
{
    g_autofree char *path = g_build_filename(cache->directory, address, NULL);
    g_autofree char *hex = hex_text_format(reply->data, reply->len);
    g_autofree char *text = g_strconcat(BINDING_MARK, binding, "\n", hex, END_MARK, NULL);

    if (g_mkdir_with_parents(cache->directory, 0700) == 0 && chain_cache_is_ours(cache->directory))
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

void
chain_cache_put(ChainCache *cache, const char *address, const char *binding, GByteArray *reply)
{
    chain_cache_remember(cache, address, binding, reply);
    if (cache->directory != NULL)
        chain_cache_save(cache, address, binding, reply);
}
