/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-table.h"

/**
 * ToolDifference:
 * @before: (nullable): the function as it was, %NULL if it came
 * @after: (nullable): the function as it is, %NULL if it went
 * @columns: (element-type ZpciColumn): in what it differs; empty if it came or went
 *
 * What became of one function. The rows belong to the tables.
 */
typedef struct {
    const ZpciRow *before;
    const ZpciRow *after;
    GPtrArray *columns;
} ToolDifference;

/**
 * tool_difference_find:
 * @columns: (element-type ZpciColumn): what to compare; both tables have been read with them
 * @with_unknown: whether what only one of the tables tells is a difference, too
 *
 * Compares two tables function by function. A function is known by its FID, or by the name of its
 * node device if it does not tell one.
 *
 * Returns: (transfer full) (element-type ToolDifference): those that changed and went, in the order
 *   of @before, then those that came; it is to be freed before the tables.
 */
GPtrArray *tool_difference_find(const ZpciTable *before, const ZpciTable *after,
                                const GPtrArray *columns, gboolean with_unknown);
