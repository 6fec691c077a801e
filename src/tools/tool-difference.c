/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-difference.h"

static void
tool_difference_free(gpointer data)
{
    ToolDifference *difference = data;

    g_ptr_array_unref(difference->columns);
    g_free(difference);
}

/* (transfer full): a damaged capture may have an FID twice, so it is counted which one this is. */
static char *
tool_difference_get_key(GHashTable *seen, const ZpciRow *row)
{
    g_autofree char *name = NULL;
    guint64 fid;
    guint count;

    name = zpci_function_get(row->function, ZPCI_FACT_FID, &fid)
               ? zpci_fact_format(ZPCI_FACT_FID, fid)
               : g_strdup(row->name);
    count = GPOINTER_TO_UINT(g_hash_table_lookup(seen, name));
    g_hash_table_insert(seen, g_strdup(name), GUINT_TO_POINTER(count + 1));
    return g_strdup_printf("%s %u", name, count);
}

static GPtrArray *
tool_difference_get_keys(const ZpciTable *table)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < table->rows->len; i++)
        g_ptr_array_add(keys, tool_difference_get_key(seen, g_ptr_array_index(table->rows, i)));
    return keys;
}

static gboolean
tool_difference_is_in(const ZpciColumn *column, const ZpciRow *before, const ZpciRow *after,
                      gboolean with_unknown)
{
    g_auto(GStrv) old = zpci_column_get(column, before);
    g_auto(GStrv) new = zpci_column_get(column, after);

    if (old == NULL || new == NULL)
        return with_unknown && old != new;
    return !g_strv_equal((const char *const *)old, (const char *const *)new);
}

/* @before, @after: (nullable): one of them may not be there */
static void
tool_difference_add(GPtrArray *differences, const ZpciRow *before, const ZpciRow *after,
                    const GPtrArray *columns, gboolean with_unknown)
{
    g_autoptr(GPtrArray) different = g_ptr_array_new();
    ToolDifference *difference;

    for (guint i = 0; before != NULL && after != NULL && i < columns->len; i++) {
        ZpciColumn *column = g_ptr_array_index(columns, i);

        if (tool_difference_is_in(column, before, after, with_unknown))
            g_ptr_array_add(different, column);
    }
    if (before != NULL && after != NULL && different->len == 0)
        return;
    difference = g_new0(ToolDifference, 1);
    difference->before = before;
    difference->after = after;
    difference->columns = g_steal_pointer(&different);
    g_ptr_array_add(differences, difference);
}

GPtrArray *
tool_difference_find(const ZpciTable *before, const ZpciTable *after, const GPtrArray *columns,
                     gboolean with_unknown)
{
    GPtrArray *differences = g_ptr_array_new_with_free_func(tool_difference_free);
    g_autoptr(GPtrArray) old_keys = tool_difference_get_keys(before);
    g_autoptr(GPtrArray) new_keys = tool_difference_get_keys(after);
    g_autoptr(GHashTable) unmatched = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < new_keys->len; i++)
        g_hash_table_insert(unmatched, g_ptr_array_index(new_keys, i),
                            g_ptr_array_index(after->rows, i));
    for (guint i = 0; i < old_keys->len; i++) {
        gpointer match = NULL;

        g_hash_table_steal_extended(unmatched, g_ptr_array_index(old_keys, i), NULL, &match);
        tool_difference_add(differences, g_ptr_array_index(before->rows, i), match, columns,
                            with_unknown);
    }
    for (guint i = 0; i < new_keys->len; i++) {
        if (g_hash_table_contains(unmatched, g_ptr_array_index(new_keys, i)))
            tool_difference_add(differences, NULL, g_ptr_array_index(after->rows, i), columns,
                                with_unknown);
    }
    return differences;
}
