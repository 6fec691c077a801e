/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-table.h"

#include <libsmartcols.h>
#include <string.h>
#include <unistd.h>

#define NOTHING "-"

typedef struct libscols_table ToolOutput;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolOutput, scols_unref_table)

/* https://no-color.org: set to anything, it asks for none. */
static gboolean
tool_table_wants_colors(void)
{
    const char *refusal = g_getenv("NO_COLOR");

    return (refusal == NULL || refusal[0] == '\0') && g_strcmp0(g_getenv("TERM"), "dumb") != 0 &&
           isatty(STDOUT_FILENO);
}

/* What names a function is never cut; the rest is, on a terminal that is too narrow. */
static int
tool_table_get_flags(const ZpciColumn *column)
{
    switch (column->type) {
    case ZPCI_COLUMN_NUMBER:
        return SCOLS_FL_RIGHT;
    case ZPCI_COLUMN_TEXT:
    case ZPCI_COLUMN_TEXTS:
        return strcmp(column->name, "name") == 0 ? 0 : SCOLS_FL_TRUNC;
    case ZPCI_COLUMN_HEX:
    case ZPCI_COLUMN_YES_NO:
    default:
        return 0;
    }
}

static void
tool_table_add_columns(ToolOutput *output, const ZpciTable *table)
{
    for (guint i = 0; i < table->columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(table->columns, i);
        struct libscols_column *added =
            scols_table_new_column(output, column->heading, 0.1, tool_table_get_flags(column));

        scols_cell_set_color(scols_column_get_header(added), "bold");
    }
}

static void
tool_table_add_row(ToolOutput *output, const ZpciTable *table, const ZpciRow *row)
{
    struct libscols_line *line = scols_table_new_line(output, NULL);

    if (zpci_function_is_standby(row->function))
        scols_line_set_color(line, "halfbright");
    for (guint i = 0; i < table->columns->len; i++) {
        g_autofree char *text = zpci_column_format(g_ptr_array_index(table->columns, i), row);

        scols_line_set_data(line, i, text != NULL && text[0] != '\0' ? text : NOTHING);
    }
}

void
tool_table_print(const ZpciTable *table, const ToolTableStyle *style)
{
    g_autoptr(ToolOutput) output = NULL;

    scols_init_debug(0);
    output = scols_new_table();
    scols_table_enable_noheadings(output, style->no_headings);
    scols_table_enable_raw(output, style->raw);
    scols_table_enable_colors(output, tool_table_wants_colors());
    tool_table_add_columns(output, table);
    for (guint i = 0; i < table->rows->len; i++)
        tool_table_add_row(output, table, g_ptr_array_index(table->rows, i));
    scols_print_table(output);
}
