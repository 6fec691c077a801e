/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "watchers.h"

typedef struct {
    WatchersHandler handler;
} Watcher;

struct _Watchers {
    WatchersTell tell;
    GHashTable *table; /* Watcher, by user data */
};

Watchers *
watchers_new(WatchersTell tell)
{
    Watchers *watchers = g_new0(Watchers, 1);

    watchers->tell = tell;
    watchers->table = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return watchers;
}

void
watchers_free(Watchers *watchers)
{
    if (watchers == NULL)
        return;
    g_hash_table_unref(watchers->table);
    g_free(watchers);
}

void
watchers_add(Watchers *watchers, WatchersHandler handler, gpointer user_data)
{
    Watcher *watcher = g_new(Watcher, 1);

    watcher->handler = handler;
    g_hash_table_insert(watchers->table, user_data, watcher);
}

gboolean
watchers_remove(Watchers *watchers, gpointer user_data)
{
    return g_hash_table_remove(watchers->table, user_data);
}

gboolean
watchers_are_none(const Watchers *watchers)
{
    return g_hash_table_size(watchers->table) == 0;
}

void
watchers_tell(const Watchers *watchers, gconstpointer news)
{
    GHashTableIter iterator;
    gpointer user_data, watcher;

    g_hash_table_iter_init(&iterator, watchers->table);
    while (g_hash_table_iter_next(&iterator, &user_data, &watcher))
        watchers->tell(((const Watcher *)watcher)->handler, user_data, news);
}
