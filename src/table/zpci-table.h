/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-column.h"
#include "zpci-export.h"
#include "zpci-filter.h"
#include "zpci-inventory.h"
#include "zpci-row.h"

/**
 * ZpciTable:
 * @columns: (element-type ZpciColumn): what was asked for, in order
 * @rows: (element-type ZpciRow): the functions, in the order of their PCI addresses, then those in
 *   standby
 *
 * The zPCI functions of a host at one moment.
 */
typedef struct {
    GPtrArray *columns;
    GPtrArray *rows;
} ZpciTable;

/**
 * zpci_table_read:
 * @names: (nullable) (array zero-terminated=1): of node devices; %NULL for all of @states
 * @columns: (element-type ZpciColumn): what will be shown; nothing else need be known of a row
 *
 * What a function does not tell of the limits of its function group, another of the group tells.
 *
 * Returns: (transfer full): the table; %NULL with @error set if the host cannot be read.
 */
ZPCI_EXPORT ZpciTable *zpci_table_read(ZpciInventory *inventory, char **names, ZpciStates states,
                                       GPtrArray *columns, GError **error);

/**
 * zpci_table_new:
 * @columns: (transfer full)
 * @rows: (transfer full) (element-type ZpciRow): from wherever they are, with what @columns need
 *
 * Returns: (transfer full): the table, with the limits of function groups filled in.
 */
ZPCI_EXPORT ZpciTable *zpci_table_new(GPtrArray *columns, GPtrArray *rows);

/**
 * zpci_table_append:
 * @rows: (transfer full) (element-type ZpciRow): the functions of one more host
 *
 * Adds functions at the end. Function groups of different hosts have nothing to do with each other.
 */
ZPCI_EXPORT void zpci_table_append(ZpciTable *table, GPtrArray *rows);

/** zpci_table_set_columns: what to show of what was read, in place of all of it. */
ZPCI_EXPORT void zpci_table_set_columns(ZpciTable *table, GPtrArray *columns);

/** zpci_table_filter: leaves only the rows that @filter matches. */
ZPCI_EXPORT void zpci_table_filter(ZpciTable *table, const ZpciFilter *filter);

/** zpci_table_sort: by a column; rows that are alike there keep their order. */
ZPCI_EXPORT void zpci_table_sort(ZpciTable *table, const ZpciColumn *column);

/** zpci_table_free: @table may be %NULL. */
ZPCI_EXPORT void zpci_table_free(ZpciTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciTable, zpci_table_free)
