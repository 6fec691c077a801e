/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <json-glib/json-glib.h>

#include "zpci-table.h"

/** tool_json_begin: begins the object that every command prints, with its version. */
void tool_json_begin(JsonBuilder *builder);

/** tool_json_begin_list: the same, and in it the array @name. */
void tool_json_begin_list(JsonBuilder *builder, const char *name);

/** tool_json_print_list: ends what tool_json_begin_list() began, and prints it. */
void tool_json_print_list(JsonBuilder *builder);

/**
 * tool_json_add_row:
 * @with_sources: as for tool_json_print_table()
 *
 * Adds an object with what the columns of @table say of @row.
 */
void tool_json_add_row(JsonBuilder *builder, const ZpciTable *table, const ZpciRow *row,
                       gboolean with_sources);

/**
 * tool_json_print_table:
 * @with_sources: whether to print also where the values come from, why they are missing, and what
 *   is odd about them
 *
 * Prints the table as virt-zpci(1) describes: an object with the version, and the rows as
 * "functions".
 */
void tool_json_print_table(const ZpciTable *table, gboolean with_sources);

/** tool_json_add_values: what the row has in the column, as a value of its type. */
void tool_json_add_values(JsonBuilder *builder, const ZpciColumn *column, const ZpciRow *row);

/** tool_json_add_columns: the row as members of the object that is being built. */
void tool_json_add_columns(JsonBuilder *builder, const GPtrArray *columns, const ZpciRow *row);

/** tool_json_add_column: the same for the column @name. */
void tool_json_add_column(JsonBuilder *builder, const char *name, const ZpciRow *row);

/**
 * tool_json_add_text:
 * @text: (nullable): %NULL does nothing
 *
 * Adds a member, with replacements for what is no UTF-8, to the object that is being built.
 */
void tool_json_add_text(JsonBuilder *builder, const char *name, const char *text);
