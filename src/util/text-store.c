/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "text-store.h"

#include <string.h>

struct _TextStore {
    GMutex lock;
    GHashTable *texts;
};

/* A name's stamp, a NUL, and the text. */
static char *
text_store_join(const char *stamp, const char *text)
{
    gsize stamp_size = strlen(stamp) + 1;
    gsize text_size = strlen(text) + 1;
    char *both = g_malloc(stamp_size + text_size);

    memcpy(both, stamp, stamp_size);
    memcpy(both + stamp_size, text, text_size);
    return both;
}

TextStore *
text_store_new(void)
{
    TextStore *store = g_new0(TextStore, 1);

    g_mutex_init(&store->lock);
    store->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return store;
}

void
text_store_free(TextStore *store)
{
    if (store == NULL)
        return;
    g_hash_table_unref(store->texts);
    g_mutex_clear(&store->lock);
    g_free(store);
}

char *
text_store_find(TextStore *store, const char *name, char **stamp)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);
    const char *both = g_hash_table_lookup(store->texts, name);

    if (both == NULL)
        return NULL;
    *stamp = g_strdup(both);
    return g_strdup(both + strlen(both) + 1);
}

void
text_store_keep(TextStore *store, const char *name, const char *stamp, const char *text)
{
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);

    /* No host has so many at once, so most of these are gone. */
    if (g_hash_table_size(store->texts) >= TEXT_STORE_MAX)
        g_hash_table_remove_all(store->texts);
    g_hash_table_replace(store->texts, g_strdup(name), text_store_join(stamp, text));
}
