/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-row.h"

#include <glib/gi18n-lib.h>

ZpciRow *
zpci_row_new(const char *name, ZpciFunction *function)
{
    ZpciRow *row = g_new0(ZpciRow, 1);

    g_atomic_ref_count_init(&row->references);
    row->name = g_strdup(name);
    row->function = function;
    row->class_code = ZPCI_ROW_UNKNOWN;
    row->vendor = ZPCI_ROW_UNKNOWN;
    row->product = ZPCI_ROW_UNKNOWN;
    row->iommu_group = ZPCI_ROW_UNKNOWN;
    row->numa_node = ZPCI_ROW_UNKNOWN;
    return row;
}

ZpciRow *
zpci_row_ref(ZpciRow *row)
{
    g_atomic_ref_count_inc(&row->references);
    return row;
}

void
zpci_row_unref(ZpciRow *row)
{
    if (row == NULL || !g_atomic_ref_count_dec(&row->references))
        return;
    g_free(row->host);
    g_free(row->name);
    zpci_function_unref(row->function);
    g_free(row->address);
    g_free(row->driver);
    g_free(row->physical);
    g_strfreev(row->virtual_functions);
    g_strfreev(row->interfaces);
    g_strfreev(row->interface_states);
    g_strfreev(row->disks);
    zpci_holder_free(row->holder);
    g_free(row->holder_reason);
    zpci_function_unref(row->group);
    g_free(row->group_name);
    g_free(row);
}

/* Returns (nullable): who tells the fact. */
static const ZpciFunction *
zpci_row_find_teller(const ZpciRow *row, ZpciFact fact)
{
    if (zpci_function_get(row->function, fact, NULL))
        return row->function;
    if (row->group != NULL && zpci_fact_get_info(fact)->kind == ZPCI_FACT_KIND_GROUP &&
        zpci_function_get(row->group, fact, NULL))
        return row->group;
    return NULL;
}

gboolean
zpci_row_get_fact(const ZpciRow *row, ZpciFact fact, guint64 *value)
{
    const ZpciFunction *teller = zpci_row_find_teller(row, fact);

    return teller != NULL && zpci_function_get(teller, fact, value);
}

char *
zpci_row_get_fact_source(const ZpciRow *row, ZpciFact fact)
{
    const ZpciFunction *teller = zpci_row_find_teller(row, fact);
    const char *source;

    if (teller == NULL)
        return NULL;
    source = zpci_source_get_name(zpci_function_get_source(teller, fact));
    return teller == row->function ? g_strdup(source)
                                   : g_strdup_printf(_("%s of %s"), source, row->group_name);
}
