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
static char *filter_text;

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
    { "filter", 'Q', 0, G_OPTION_ARG_STRING, &filter_text,
      N_("List only what is so: \"type=roce and not port=1\""), N_("EXPRESSION") },
    { "sort", 'x', 0, G_OPTION_ARG_STRING, &sort, N_("Sort by this column"), N_("COLUMN") },
    G_OPTION_ENTRY_NULL,
};

/* @order, @filter: (nullable) */
typedef struct {
    GPtrArray *columns;
    const ZpciColumn *order;
    ZpciFilter *filter;
} ToolListWish;

static void
tool_list_clear_wish(ToolListWish *wish)
{
    g_clear_pointer(&wish->columns, g_ptr_array_unref);
    g_clear_pointer(&wish->filter, zpci_filter_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ToolListWish, tool_list_clear_wish)

static ZpciStates
tool_list_get_states(void)
{
    if (with_all)
        return ZPCI_STATE_ANY;
    return with_inactive ? ZPCI_STATE_INACTIVE : ZPCI_STATE_ACTIVE;
}

static void
tool_list_print_names(const ZpciTable *table)
{
    for (guint i = 0; i < table->rows->len; i++)
        puts(((const ZpciRow *)g_ptr_array_index(table->rows, i))->name);
}

/* Returns (transfer full): of JSON all, unless some are asked for. */
static GPtrArray *
tool_list_get_columns(GError **error)
{
    if (as_names)
        return tool_columns_parse("name", NULL, error);
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

/* Returns (transfer full): the columns that have to be read: what is shown, and what that depends
 * on. */
static GPtrArray *
tool_list_get_needed(const ToolListWish *wish)
{
    GPtrArray *needed = g_ptr_array_copy(wish->columns, NULL, NULL);

    if (wish->order != NULL)
        g_ptr_array_add(needed, (gpointer)wish->order);
    for (guint i = 0; wish->filter != NULL && i < zpci_filter_get_columns(wish->filter)->len; i++)
        g_ptr_array_add(needed, g_ptr_array_index(zpci_filter_get_columns(wish->filter), i));
    return needed;
}

static ToolStatus
tool_list_print_rows(ZpciInventory *inventory, const ToolListWish *wish)
{
    g_autoptr(GPtrArray) needed = tool_list_get_needed(wish);
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciTable) table =
        zpci_table_read(inventory, NULL, tool_list_get_states(), needed, &error);

    if (table == NULL)
        return tool_fail(error);
    if (table->rows->len == 0 && !as_names)
        tool_list_print_none();
    zpci_table_set_columns(table, wish->columns);
    if (wish->filter != NULL)
        zpci_table_filter(table, wish->filter);
    if (wish->order != NULL)
        zpci_table_sort(table, wish->order);
    if (as_names)
        tool_list_print_names(table);
    else if (as_json)
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

static gboolean
tool_list_read_wish(ToolListWish *wish, GError **error)
{
    wish->columns = tool_list_get_columns(error);
    if (wish->columns == NULL)
        return FALSE;
    if (sort != NULL)
        wish->order = tool_columns_find(sort, error);
    if (sort != NULL && wish->order == NULL)
        return FALSE;
    if (filter_text != NULL)
        wish->filter = zpci_filter_new(filter_text, error);
    return filter_text == NULL || wish->filter != NULL;
}

static ToolStatus
tool_list_run(const char *root, char **arguments G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = NULL;
    g_auto(ToolListWish) wish = { 0 };

    if (!tool_list_check_options())
        return TOOL_USAGE;
    if (!tool_list_read_wish(&wish, &error))
        return tool_refuse(error);
    inventory = tool_open_inventory(root, &error);
    return inventory != NULL ? tool_list_print_rows(inventory, &wish) : tool_fail(error);
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
