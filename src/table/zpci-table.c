/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-table.h"

#include "zpci-row-reading.h"

static const char *const zpci_only[] = { "zpci", NULL };

static ZpciRowParts
zpci_table_get_parts(const GPtrArray *columns)
{
    ZpciRowParts parts = 0;

    for (guint i = 0; i < columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(columns, i);

        parts |= column->parts;
    }
    return parts;
}

/* Who tells one limit tells all: they come from one reply. */
static gboolean
zpci_table_tells_limits(const ZpciFunction *function)
{
    return zpci_function_get_kind_source(function, ZPCI_FACT_KIND_GROUP) != ZPCI_SOURCE_NONE;
}

/* A function that tells the limits of its group. */
typedef struct {
    char *name;
    ZpciFunction *function;
} ZpciTableTeller;

static void
zpci_table_free_teller(gpointer data)
{
    ZpciTableTeller *teller = data;

    g_free(teller->name);
    zpci_function_unref(teller->function);
    g_free(teller);
}

/* Returns (transfer full): for ZpciTableTeller by group (guint64). */
static GHashTable *
zpci_table_new_tellers(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, zpci_table_free_teller);
}

static void
zpci_table_add_teller(GHashTable *tellers, guint64 group, const char *name, ZpciFunction *function)
{
    ZpciTableTeller *teller = g_new(ZpciTableTeller, 1);

    teller->name = g_strdup(name);
    teller->function = zpci_function_ref(function);
    g_hash_table_insert(tellers, g_memdup2(&group, sizeof group), teller);
}

/* One pass over the rows, however many groups there are. */
static void
zpci_table_set_groups(GPtrArray *rows, GHashTable *tellers)
{
    guint64 group;

    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);
        const ZpciTableTeller *teller = zpci_function_get(row->function, ZPCI_FACT_PFGID, &group)
                                            ? g_hash_table_lookup(tellers, &group)
                                            : NULL;

        if (teller == NULL || teller->function == row->function || row->group != NULL)
            continue;
        row->group = zpci_function_ref(teller->function);
        row->group_name = g_strdup(teller->name);
    }
}

static void
zpci_table_fill_groups(GPtrArray *rows)
{
    g_autoptr(GHashTable) tellers = zpci_table_new_tellers();
    guint64 group;

    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);

        if (zpci_table_tells_limits(row->function) &&
            zpci_function_get(row->function, ZPCI_FACT_PFGID, &group) &&
            !g_hash_table_contains(tellers, &group))
            zpci_table_add_teller(tellers, group, row->name, row->function);
    }
    zpci_table_set_groups(rows, tellers);
}

ZpciTable *
zpci_table_new(GPtrArray *columns, GPtrArray *rows)
{
    ZpciTable *table = g_new0(ZpciTable, 1);

    table->columns = columns;
    table->rows = rows;
    zpci_table_fill_groups(rows);
    return table;
}

/* Returns (transfer full): the function groups (guint64) whose limits no row tells. */
static GHashTable *
zpci_table_list_silent_groups(const GPtrArray *rows)
{
    GHashTable *groups = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    guint64 group;

    for (guint i = 0; i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);

        if (zpci_function_get(row->function, ZPCI_FACT_PFGID, &group))
            g_hash_table_add(groups, g_memdup2(&group, sizeof group));
    }
    for (guint i = 0; i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);

        if (zpci_table_tells_limits(row->function) &&
            zpci_function_get(row->function, ZPCI_FACT_PFGID, &group))
            g_hash_table_remove(groups, &group);
    }
    return groups;
}

/* Returns (transfer full): the names of the rows. */
static GHashTable *
zpci_table_list_names(const GPtrArray *rows)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < rows->len; i++)
        g_hash_table_add(names, ((const ZpciRow *)g_ptr_array_index(rows, i))->name);
    return names;
}

/* Of a function that is shown alone, others of its group, which are not shown, may tell the limits.
 * What cannot be read of those is no matter. */
static void
zpci_table_seek_limits(ZpciInventory *inventory, GPtrArray *rows)
{
    g_autoptr(GHashTable) groups = zpci_table_list_silent_groups(rows);
    g_autoptr(GHashTable) tellers = zpci_table_new_tellers();
    g_autoptr(GHashTable) shown = zpci_table_list_names(rows);
    g_auto(GStrv) names = g_hash_table_size(groups) > 0
                              ? zpci_inventory_list(inventory, zpci_only, ZPCI_STATE_ANY, NULL)
                              : NULL;
    guint64 group;

    for (guint i = 0; names != NULL && names[i] != NULL && g_hash_table_size(groups) > 0; i++) {
        g_autoptr(ZpciFunction) outline = NULL;
        g_autoptr(ZpciFunction) function = NULL;

        if (g_hash_table_contains(shown, names[i]) ||
            !zpci_inventory_get_outline(inventory, names[i], &outline, NULL) || outline == NULL ||
            !zpci_function_get(outline, ZPCI_FACT_PFGID, &group) ||
            !g_hash_table_contains(groups, &group) ||
            !zpci_inventory_get_function(inventory, names[i], &function, NULL) ||
            function == NULL || !zpci_table_tells_limits(function))
            continue;
        zpci_table_add_teller(tellers, group, names[i], function);
        g_hash_table_remove(groups, &group);
    }
    zpci_table_set_groups(rows, tellers);
}

ZpciTable *
zpci_table_read(ZpciInventory *inventory, char **names, ZpciStates states, GPtrArray *columns,
                GError **error)
{
    g_auto(GStrv) listed =
        names == NULL ? zpci_inventory_list(inventory, zpci_only, states, error) : NULL;
    ZpciRowParts parts = zpci_table_get_parts(columns);
    GPtrArray *rows;

    if (names == NULL && listed == NULL)
        return NULL;
    rows = zpci_row_reading_read(inventory, names != NULL ? names : listed, parts, error);
    if (rows == NULL)
        return NULL;
    if (names != NULL && (parts & ZPCI_ROW_FACTS) != 0)
        zpci_table_seek_limits(inventory, rows);
    return zpci_table_new(g_ptr_array_ref(columns), rows);
}

void
zpci_table_append(ZpciTable *table, GPtrArray *rows)
{
    zpci_table_fill_groups(rows);
    g_ptr_array_extend_and_steal(table->rows, rows);
}

void
zpci_table_set_columns(ZpciTable *table, GPtrArray *columns)
{
    g_ptr_array_ref(columns);
    g_ptr_array_unref(table->columns);
    table->columns = columns;
}

void
zpci_table_filter(ZpciTable *table, const ZpciFilter *filter)
{
    GPtrArray *left = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);

    for (guint i = 0; i < table->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(table->rows, i);

        if (zpci_filter_matches(filter, row))
            g_ptr_array_add(left, zpci_row_ref(row));
    }
    g_ptr_array_unref(table->rows);
    table->rows = left;
}

static int
zpci_table_compare(gconstpointer a, gconstpointer b, gpointer column)
{
    return zpci_column_compare(column, *(const ZpciRow *const *)a, *(const ZpciRow *const *)b);
}

/* g_ptr_array_sort_with_data() keeps the order of equal ones. */
void
zpci_table_sort(ZpciTable *table, const ZpciColumn *column)
{
    g_ptr_array_sort_with_data(table->rows, zpci_table_compare, (gpointer)column);
}

void
zpci_table_free(ZpciTable *table)
{
    if (table == NULL)
        return;
    g_ptr_array_unref(table->columns);
    g_ptr_array_unref(table->rows);
    g_free(table);
}
