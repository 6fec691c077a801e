/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-columns.h"
#include "tool-json.h"
#include "tool-table.h"
#include "tool.h"

/* What fits on 100 columns. */
#define DEFAULT_COLUMNS "name,fid,uid,pchid,port,vfn,type,driver,iface,state,used_by"

static gboolean as_json;
static gboolean as_names;
static gboolean with_all;
static gboolean with_inactive;
static char *output;
static gboolean output_all;
static ToolTableStyle style;
static char *sort;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON, with every fact and its source"),
      NULL },
    { "names", 'n', 0, G_OPTION_ARG_NONE, &as_names, N_("Print the names only, one a line"), NULL },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &with_all, N_("List the functions in standby too"), NULL },
    { "inactive", 'i', 0, G_OPTION_ARG_NONE, &with_inactive,
      N_("List the functions in standby only"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_STRING, &output,
      N_("Show these columns; with + in front, besides the usual ones"), N_("COLUMN,…") },
    { "output-all", 'O', 0, G_OPTION_ARG_NONE, &output_all, N_("Show all columns"), NULL },
    { "noheadings", 'H', 0, G_OPTION_ARG_NONE, &style.no_headings, N_("Print no headings"), NULL },
    { "raw", 'r', 0, G_OPTION_ARG_NONE, &style.raw, N_("Do not align the columns"), NULL },
    { "sort", 'x', 0, G_OPTION_ARG_STRING, &sort, N_("Sort by this column"), N_("COLUMN") },
    G_OPTION_ENTRY_NULL,
};

static const char *const zpci_only[] = { "zpci", NULL };

static ZpciStates
tool_list_get_states(void)
{
    if (with_all)
        return ZPCI_STATE_ANY;
    return with_inactive ? ZPCI_STATE_INACTIVE : ZPCI_STATE_ACTIVE;
}

static ToolStatus
tool_list_print_names(ZpciInventory *inventory)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = zpci_inventory_list(inventory, zpci_only, tool_list_get_states(), &error);

    if (names == NULL)
        return tool_fail(error);
    for (guint i = 0; names[i] != NULL; i++)
        puts(names[i]);
    return TOOL_OK;
}

/* Returns (transfer full): of JSON all, unless some are asked for. */
static GPtrArray *
tool_list_get_columns(GError **error)
{
    if (output_all || (as_json && output == NULL))
        return tool_columns_list();
    return tool_columns_parse(DEFAULT_COLUMNS, output, error);
}

static void
tool_list_print_none(void)
{
    fprintf(stderr, "virt-zpci: %s\n",
            with_inactive ? _("This host has no zPCI functions in standby.")
                          : _("This host has no zPCI functions."));
}

/* @order: (nullable) */
static ToolStatus
tool_list_print_rows(ZpciInventory *inventory, GPtrArray *columns, const ZpciColumn *order)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciTable) table =
        zpci_table_read(inventory, NULL, tool_list_get_states(), columns, &error);

    if (table == NULL)
        return tool_fail(error);
    if (table->rows->len == 0)
        tool_list_print_none();
    if (order != NULL)
        zpci_table_sort(table, order);
    if (as_json)
        tool_json_print_table(table, output == NULL);
    else
        tool_table_print(table, &style);
    return TOOL_OK;
}

static gboolean
tool_list_check_options(void)
{
    const char *problem = NULL;

    if (as_json && as_names)
        problem = _("--json and --names exclude each other.");
    else if (with_all && with_inactive)
        problem = _("--all and --inactive exclude each other.");
    else if (output != NULL && output_all)
        problem = _("--output and --output-all exclude each other.");
    if (problem != NULL)
        fprintf(stderr, "virt-zpci: %s\n", problem);
    return problem == NULL;
}

static ToolStatus
tool_list_run(const char *root, char **arguments G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(GPtrArray) columns = NULL;
    const ZpciColumn *order = NULL;

    if (!tool_list_check_options())
        return TOOL_USAGE;
    columns = tool_list_get_columns(&error);
    if (columns != NULL && sort != NULL)
        order = tool_columns_find(sort, &error);
    if (error != NULL)
        return tool_refuse(error);
    inventory = tool_open_inventory(root, &error);
    if (inventory == NULL)
        return tool_fail(error);
    return as_names ? tool_list_print_names(inventory)
                    : tool_list_print_rows(inventory, columns, order);
}

const ToolCommand tool_list_command = {
    .name = "list",
    .arguments = "",
    .summary = N_("List the zPCI functions"),
    .description = N_("A fact that this host does not tell is shown as \"-\"."),
    .describe = tool_columns_describe,
    .entries = entries,
    .takes_root = TRUE,
    .minimum = 0,
    .maximum = 0,
    .run = tool_list_run,
};
