/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-names.h"

GHashTable *
node_device_names_make_set(const GPtrArray *names)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < names->len; i++)
        g_hash_table_add(set, g_ptr_array_index(names, i));
    return set;
}

void
node_device_names_merge(GPtrArray *names, const GPtrArray *more, GHashTable *limit)
{
    g_autoptr(GHashTable) seen = node_device_names_make_set(names);

    for (guint i = 0; i < more->len; i++) {
        char *name = g_ptr_array_index(more, i);

        if ((limit == NULL || g_hash_table_contains(limit, name)) &&
            !g_hash_table_contains(seen, name)) {
            g_ptr_array_add(names, g_strdup(name));
            g_hash_table_add(seen, g_ptr_array_index(names, names->len - 1));
        }
    }
}

void
node_device_names_drop(GPtrArray *names, const GPtrArray *all, const GPtrArray *shown)
{
    g_autoptr(GHashTable) of_all = node_device_names_make_set(all);
    g_autoptr(GHashTable) of_shown = node_device_names_make_set(shown);

    for (guint i = names->len; i > 0; i--) {
        const char *name = g_ptr_array_index(names, i - 1);

        if (g_hash_table_contains(of_all, name) && !g_hash_table_contains(of_shown, name))
            g_ptr_array_remove_index(names, i - 1);
    }
}

gboolean
node_device_names_has_all(const GPtrArray *names, const GPtrArray *some)
{
    g_autoptr(GHashTable) set = node_device_names_make_set(names);

    for (guint i = 0; i < some->len; i++) {
        if (!g_hash_table_contains(set, g_ptr_array_index(some, i)))
            return FALSE;
    }
    return TRUE;
}
