/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-columns.h"
#include "tool-difference.h"
#include "tool-json.h"
#include "tool.h"

typedef struct {
    gboolean as_json;
    gboolean with_unknown;
    char *output;
} ToolDiffOptions;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolDiffOptions, as_json), N_("Print JSON"),
      NULL },
    { "output", 'o', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolDiffOptions, output),
      N_("Compare these columns only; see \"virt-zpci list --help\""), N_("COLUMN,…") },
    { "unknown", 'u', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolDiffOptions, with_unknown),
      N_("Also show what only one of the hosts tells"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* Returns (transfer full): who uses a function is not looked at unless it is asked for, because no
 * capture tells it. */
static GPtrArray *
tool_diff_get_columns(const char *output, GError **error)
{
    GPtrArray *columns;

    if (output != NULL)
        return tool_columns_parse("", output, error);
    columns = tool_columns_list();
    for (guint i = columns->len; i > 0; i--) {
        const ZpciColumn *column = g_ptr_array_index(columns, i - 1);

        if ((column->parts & ZPCI_ROW_HOLDER) != 0)
            g_ptr_array_remove_index(columns, i - 1);
    }
    return columns;
}

static ZpciTable *
tool_diff_read(const char *root, GPtrArray *columns, GError **error)
{
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, error);

    return inventory != NULL ? zpci_table_read(inventory, NULL, ZPCI_STATE_ANY, columns, error)
                             : NULL;
}

static const char *
tool_diff_get_kind(const ToolDifference *difference)
{
    if (difference->before == NULL)
        return "came";
    return difference->after == NULL ? "went" : "changed";
}

static const ZpciRow *
tool_diff_get_row(const ToolDifference *difference)
{
    return difference->after != NULL ? difference->after : difference->before;
}

/* (transfer full) */
static char *
tool_diff_format(const ZpciColumn *column, const ZpciRow *row)
{
    g_autofree char *text = zpci_column_format(column, row);

    return text != NULL && text[0] != '\0' ? g_steal_pointer(&text) : g_strdup("-");
}

static void
tool_diff_print_one(const ToolDifference *difference)
{
    g_autofree char *fid = tool_diff_format(zpci_column_find("fid"), tool_diff_get_row(difference));

    printf("%s %s %s\n", fid, tool_diff_get_row(difference)->name, tool_diff_get_kind(difference));
    for (guint i = 0; i < difference->columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(difference->columns, i);
        g_autofree char *old = tool_diff_format(column, difference->before);
        g_autofree char *new = tool_diff_format(column, difference->after);

        printf("  %-13s %s -> %s\n", column->name, old, new);
    }
}

static void
tool_diff_add_values(JsonBuilder *builder, const ToolDifference *difference)
{
    json_builder_set_member_name(builder, "columns");
    json_builder_begin_object(builder);
    for (guint i = 0; i < difference->columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(difference->columns, i);

        json_builder_set_member_name(builder, column->name);
        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "before");
        tool_json_add_values(builder, column, difference->before);
        json_builder_set_member_name(builder, "after");
        tool_json_add_values(builder, column, difference->after);
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

/* What came or went stands there with all that was compared. */
static void
tool_diff_add_json(JsonBuilder *builder, const ToolDifference *difference, const GPtrArray *columns)
{
    const ZpciRow *row = tool_diff_get_row(difference);

    json_builder_begin_object(builder);
    tool_json_add_column(builder, "fid", row);
    tool_json_add_column(builder, "name", row);
    tool_json_add_text(builder, "event", tool_diff_get_kind(difference));
    if (difference->before != NULL && difference->after != NULL) {
        tool_diff_add_values(builder, difference);
    } else {
        json_builder_set_member_name(builder, "function");
        json_builder_begin_object(builder);
        tool_json_add_columns(builder, columns, row);
        json_builder_end_object(builder);
    }
    json_builder_end_object(builder);
}

static void
tool_diff_print_json(const GPtrArray *differences, const GPtrArray *columns)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    tool_json_begin_list(builder, "differences");
    for (guint i = 0; i < differences->len; i++)
        tool_diff_add_json(builder, g_ptr_array_index(differences, i), columns);
    tool_json_print_list(builder);
}

/* Of diff(1) everybody expects 1 for what is different and 2 for trouble. */
static ToolStatus
tool_diff_run(const char *root, gconstpointer data, char **arguments)
{
    const ToolDiffOptions *options = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) columns = tool_diff_get_columns(options->output, &error);
    g_autoptr(ZpciTable) before = NULL;
    g_autoptr(ZpciTable) after = NULL;
    g_autoptr(GPtrArray) differences = NULL;

    if (arguments[1] != NULL && root != NULL) {
        fprintf(stderr, "virt-zpci: %s\n", _("--root and a second directory exclude each other."));
        return TOOL_USAGE;
    }
    if (columns != NULL)
        before = tool_diff_read(arguments[0], columns, &error);
    if (before != NULL)
        after = tool_diff_read(arguments[1] != NULL ? arguments[1] : root, columns, &error);
    if (after == NULL)
        return tool_refuse(error);
    differences = tool_difference_find(before, after, columns, options->with_unknown);
    if (options->as_json)
        tool_diff_print_json(differences, columns);
    for (guint i = 0; !options->as_json && i < differences->len; i++)
        tool_diff_print_one(g_ptr_array_index(differences, i));
    return differences->len == 0 ? TOOL_OK : TOOL_FAILED;
}

const ToolCommand tool_diff_command = {
    .name = "diff",
    .arguments = N_("DIR [DIR]"),
    .summary = N_("Show what has changed since a host was captured"),
    .description = N_(
        "The first DIR is a captured host, as \"virt-zpci capture\" writes it. It is compared "
        "with\n"
        "this machine, or with the second DIR: functions that came and went, and columns of those\n"
        "that changed, by FID. As with diff(1), the exit status is 0 if there is no difference, 1\n"
        "if there is one, and 2 if the comparison failed.\n\n"
        "Example:  virt-zpci capture /tmp/before; ...; virt-zpci diff /tmp/before"),
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolDiffOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = 2,
    .run = tool_diff_run,
};
