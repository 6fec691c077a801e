/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-column.h"

/**
 * tool_columns_parse:
 * @defaults: names of columns, joined by commas
 * @text: (nullable): the argument of --output: columns in place of @defaults, or after "+" besides
 *
 * Returns: (transfer full) (element-type ZpciColumn): the columns; %NULL with
 *   %ZPCI_ERROR_INVALID_ARGUMENT, which names the nearest one, if there is no such column.
 */
GPtrArray *tool_columns_parse(const char *defaults, const char *text, GError **error);

/** tool_columns_find: (nullable): one column; as tool_columns_parse(). */
const ZpciColumn *tool_columns_find(const char *name, GError **error);

/** tool_columns_list: (transfer full) (element-type ZpciColumn): all that one host tells. */
GPtrArray *tool_columns_list(void);

/** tool_columns_add_host: shows of which host each function is, first of all. */
void tool_columns_add_host(GPtrArray *columns);

/** tool_columns_describe: (transfer full): all columns, one a line, for --help. */
char *tool_columns_describe(void);
