/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-cache.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "chain-failure.h"
#include "file-lock.h"
#include "hex-text.h"
#include "own-directory.h"
#include "sysfs.h"
#include "zpci-error.h"

#define BINDING_MARK "# binding: "
#define END_MARK "\n# end\n"

/* Beside the replies, whose names are addresses: the last step of the node that is opened. */
#define LOCK_SUFFIX ".lock"

/* @lock: of all below, held for moments only; @ended: a reading has; @entries: ChainEntry by
 * address; @readings: ChainReading by node, those that are under way */
struct _ChainCache {
    GMutex lock;
    GCond ended;
    char *directory;
    guint wait_seconds;
    GHashTable *entries;
    GHashTable *readings;
};

typedef struct {
    char *binding;
    GByteArray *reply;
} ChainEntry;

/* @has_ended: then it has @reply or @problem, and goes with the last of those who waited */
typedef struct {
    guint references;
    char *address;
    char *binding;
    gboolean has_ended;
    GByteArray *reply;
    GError *problem;
} ChainReading;

static void
chain_entry_free(gpointer data)
{
    ChainEntry *entry = data;

    g_free(entry->binding);
    g_byte_array_unref(entry->reply);
    g_free(entry);
}

static void
chain_reading_unref(gpointer data)
{
    ChainReading *reading = data;

    if (--reading->references > 0)
        return;
    g_free(reading->address);
    g_free(reading->binding);
    g_clear_pointer(&reading->reply, g_byte_array_unref);
    g_clear_error(&reading->problem);
    g_free(reading);
}

ChainCache *
chain_cache_new(const char *directory)
{
    ChainCache *cache = g_new0(ChainCache, 1);

    g_mutex_init(&cache->lock);
    g_cond_init(&cache->ended);
    cache->directory = g_strdup(directory);
    cache->wait_seconds = CHAIN_CACHE_WAIT_SECONDS;
    cache->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, chain_entry_free);
    cache->readings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, chain_reading_unref);
    return cache;
}

void
chain_cache_free(ChainCache *cache)
{
    if (cache == NULL)
        return;
    g_free(cache->directory);
    g_hash_table_unref(cache->entries);
    g_hash_table_unref(cache->readings);
    g_cond_clear(&cache->ended);
    g_mutex_clear(&cache->lock);
    g_free(cache);
}

void
chain_cache_set_wait(ChainCache *cache, guint seconds)
{
    cache->wait_seconds = seconds;
}

guint
chain_cache_count_asking(ChainCache *cache, const char *node)
{
    const ChainReading *reading;
    guint count;

    g_mutex_lock(&cache->lock);
    reading = g_hash_table_lookup(cache->readings, node);
    count = reading != NULL ? reading->references : 0;
    g_mutex_unlock(&cache->lock);
    return count;
}

/* Returns (transfer full) (nullable): what is in memory; under the lock. */
static GByteArray *
chain_cache_recall(const ChainCache *cache, const char *address, const char *binding)
{
    const ChainEntry *entry = g_hash_table_lookup(cache->entries, address);

    return entry != NULL && strcmp(entry->binding, binding) == 0 ? g_byte_array_ref(entry->reply)
                                                                 : NULL;
}

/* Under the lock. */
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
    int directory =
        cache->directory != NULL ? own_directory_open(cache->directory, FALSE, NULL) : -1;
    g_autofree guint8 *text = NULL;
    SysfsResult result;
    gsize length;

    if (directory < 0)
        return NULL;
    text = g_malloc(HEX_TEXT_MAX_SIZE);
    result = sysfs_read_bytes(directory, address, text, HEX_TEXT_MAX_SIZE, &length, NULL);
    close(directory);
    return result == SYSFS_READ ? chain_cache_parse((const char *)text, length, binding) : NULL;
}

GByteArray *
chain_cache_get(ChainCache *cache, const char *address, const char *binding)
{
    GByteArray *reply, *loaded;

    g_mutex_lock(&cache->lock);
    reply = chain_cache_recall(cache, address, binding);
    g_mutex_unlock(&cache->lock);
    if (reply != NULL)
        return reply;
    loaded = chain_cache_load(cache, address, binding);
    if (loaded == NULL)
        return NULL;
    g_mutex_lock(&cache->lock);
    reply = chain_cache_recall(cache, address, binding);
    /* What has been read anew meanwhile is better. */
    if (reply == NULL)
        chain_cache_remember(cache, address, binding, loaded);
    g_mutex_unlock(&cache->lock);
    if (reply == NULL)
        return loaded;
    g_byte_array_unref(loaded);
    return reply;
}

static void
chain_cache_save(const ChainCache *cache, const ChainRequest *request, const GByteArray *reply)
{
    g_autofree char *path = g_build_filename(cache->directory, request->address, NULL);
    g_autofree char *hex = hex_text_format(reply->data, reply->len);
    g_autofree char *text = g_strconcat(BINDING_MARK, request->binding, "\n", hex, END_MARK, NULL);
    int directory = own_directory_open(cache->directory, TRUE, NULL);

    if (directory < 0)
        return;
    g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
    close(directory);
}

/* Returns: FALSE. */
static gboolean
chain_cache_tell_busy(const ChainCache *cache, const ChainRequest *request, GError **error)
{
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                _("%s could not be asked now: another client has been reading it for %u seconds; "
                  "try again later."),
                request->address, cache->wait_seconds);
    return FALSE;
}

/* @since: when it was asked for; who could not read it since then would not now. */
static GByteArray *
chain_cache_read_locked(const ChainCache *cache, const ChainRequest *request, FileLock *lock,
                        gint64 since, GError **error)
{
    g_autofree char *note = request->anew ? NULL : file_lock_read_note(lock);
    GError *failure = chain_failure_parse(note, request->address, request->binding, since);
    g_autoptr(GError) problem = NULL;
    g_autofree char *told = NULL;
    GByteArray *reply;

    if (failure != NULL) {
        g_propagate_error(error, failure);
        return NULL;
    }
    file_lock_write_note(lock, NULL);
    reply = request->read(request->source, &problem);
    if (reply != NULL) {
        chain_cache_save(cache, request, reply);
        return reply;
    }
    told = chain_failure_format(request->address, request->binding, problem);
    file_lock_write_note(lock, told);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
}

/* Keeps out other processes, one of which may have read it just before. A directory that is not
 * ours keeps nobody out, and nothing is kept there; VFIO lets in one at a time all the same. */
static GByteArray *
chain_cache_read_alone(const ChainCache *cache, const ChainRequest *request, gint64 since,
                       GError **error)
{
    g_autofree char *node = g_path_get_basename(request->node);
    g_autofree char *name = g_strconcat(node, LOCK_SUFFIX, NULL);
    g_autoptr(GError) problem = NULL;
    g_autoptr(FileLock) lock = NULL;
    GByteArray *reply = NULL;

    if (cache->directory != NULL)
        lock = file_lock_take(cache->directory, name, cache->wait_seconds, &problem);
    if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_IN_USE)) {
        chain_cache_tell_busy(cache, request, error);
        return NULL;
    }
    if (lock == NULL)
        return request->read(request->source, error);
    if (!request->anew)
        reply = chain_cache_load(cache, request->address, request->binding);
    return reply != NULL ? reply : chain_cache_read_locked(cache, request, lock, since, error);
}

/* Returns: whether @reading has ended; under the lock, which is given up while it waits. */
static gboolean
chain_cache_wait(ChainCache *cache, const ChainReading *reading, gint64 end)
{
    while (!reading->has_ended) {
        if (!g_cond_wait_until(&cache->ended, &cache->lock, end))
            return reading->has_ended;
    }
    return TRUE;
}

/* @reply: (out) (transfer full) (nullable). Returns: whether the reading was of the same. */
static gboolean
chain_cache_share(const ChainReading *reading, const ChainRequest *request, GByteArray **reply,
                  GError **error)
{
    if (request->anew || strcmp(reading->address, request->address) != 0 ||
        strcmp(reading->binding, request->binding) != 0)
        return FALSE;
    if (reading->reply != NULL)
        *reply = g_byte_array_ref(reading->reply);
    else
        g_propagate_error(error, g_error_copy(reading->problem));
    return TRUE;
}

/* @reply: (inout) (transfer full): %NULL before, and after that with @error set or if nobody reads.
 * Returns: whether others have decided the request; under the lock. */
static gboolean
chain_cache_join(ChainCache *cache, const ChainRequest *request, GByteArray **reply, GError **error)
{
    gint64 end = g_get_monotonic_time() + cache->wait_seconds * G_TIME_SPAN_SECOND;
    gboolean decided = FALSE;

    while (!decided) {
        ChainReading *reading = g_hash_table_lookup(cache->readings, request->node);

        if (!request->anew)
            *reply = chain_cache_recall(cache, request->address, request->binding);
        if (*reply != NULL || reading == NULL)
            return *reply != NULL;
        reading->references++;
        decided = chain_cache_wait(cache, reading, end)
                      ? chain_cache_share(reading, request, reply, error)
                      : !chain_cache_tell_busy(cache, request, error);
        chain_reading_unref(reading);
    }
    return TRUE;
}

static ChainReading *
chain_cache_begin(ChainCache *cache, const ChainRequest *request)
{
    ChainReading *reading = g_new0(ChainReading, 1);

    reading->references = 1;
    reading->address = g_strdup(request->address);
    reading->binding = g_strdup(request->binding);
    g_hash_table_insert(cache->readings, g_strdup(request->node), reading);
    return reading;
}

GByteArray *
chain_cache_read(ChainCache *cache, const ChainRequest *request, GError **error)
{
    g_autoptr(GError) problem = NULL;
    gint64 since = g_get_monotonic_time();
    ChainReading *reading;
    GByteArray *reply = NULL;

    if (!request->anew)
        reply = chain_cache_get(cache, request->address, request->binding);
    if (reply != NULL)
        return reply;
    g_mutex_lock(&cache->lock);
    if (chain_cache_join(cache, request, &reply, error)) {
        g_mutex_unlock(&cache->lock);
        return reply;
    }
    reading = chain_cache_begin(cache, request);
    g_mutex_unlock(&cache->lock);
    reply = chain_cache_read_alone(cache, request, since, &problem);
    g_mutex_lock(&cache->lock);
    if (reply != NULL) {
        chain_cache_remember(cache, request->address, request->binding, reply);
        reading->reply = g_byte_array_ref(reply);
    } else {
        reading->problem = g_error_copy(problem);
        g_propagate_error(error, g_steal_pointer(&problem));
    }
    reading->has_ended = TRUE;
    g_hash_table_remove(cache->readings, request->node);
    g_cond_broadcast(&cache->ended);
    g_mutex_unlock(&cache->lock);
    return reply;
}
