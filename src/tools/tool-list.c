/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-columns.h"
#include "tool-hosts.h"
#include "tool-json.h"
#include "tool-table.h"
#include "tool.h"

/* What fits on 100 columns. */
#define DEFAULT_COLUMNS "name,fid,uid,pchid,port,vfn,type,driver,iface,state,used_by"

typedef struct {
    gboolean as_json;
    gboolean as_names;
    gboolean with_all;
    gboolean with_inactive;
    char *output;
    gboolean output_all;
    ToolTableStyle style;
    char *sort;
    char *filter_text;
    ToolHostsOptions hosts;
} ToolListOptions;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolListOptions, as_json),
      N_("Print JSON, with every fact and its source"), NULL },
    { "names", 'n', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolListOptions, as_names),
      N_("Print the names only, one a line"), NULL },
    { "all", 'a', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolListOptions, with_all),
      N_("List the functions in standby too"), NULL },
    { "inactive", 'i', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolListOptions, with_inactive),
      N_("List the functions in standby only"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolListOptions, output),
      N_("Show these columns; with + in front, besides the usual ones"), N_("COLUMN,…") },
    { "output-all", 'O', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolListOptions, output_all),
      N_("Show all columns"), NULL },
    { "noheadings", 'H', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolListOptions, style.no_headings),
      N_("Print no headings"), NULL },
    { "raw", 'r', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolListOptions, style.raw),
      N_("Do not align the columns"), NULL },
    { "filter", 'Q', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolListOptions, filter_text),
      N_("List only functions for which this is true: \"type=roce and not port=1\""),
      N_("EXPRESSION") },
    { "sort", 'x', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolListOptions, sort),
      N_("Sort by this column"), N_("COLUMN") },
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
tool_list_get_states(const ToolListOptions *options)
{
    if (options->with_all)
        return ZPCI_STATE_ANY;
    return options->with_inactive ? ZPCI_STATE_INACTIVE : ZPCI_STATE_ACTIVE;
}

static void
tool_list_print_names(const ZpciTable *table)
{
    for (guint i = 0; i < table->rows->len; i++)
        puts(((const ZpciRow *)g_ptr_array_index(table->rows, i))->name);
}

/* Returns (transfer full): of JSON all, unless some are asked for. */
static GPtrArray *
tool_list_get_columns(const ToolListOptions *options, GError **error)
{
    GPtrArray *columns;

    if (options->as_names)
        return tool_columns_parse("name", NULL, error);
    if (options->output_all || (options->as_json && options->output == NULL))
        columns = tool_columns_list();
    else
        columns = tool_columns_parse(DEFAULT_COLUMNS, options->output, error);
    if (columns != NULL && tool_hosts_are_several(&options->hosts) &&
        (options->output == NULL || options->output[0] == '+'))
        tool_columns_add_host(columns);
    return columns;
}

static void
tool_list_print_none(const ToolListOptions *options)
{
    if (options->hosts.uris == NULL && options->with_inactive)
        fprintf(stderr, "virt-zpci: %s\n", _("This host has no zPCI functions in standby."));
    else
        tool_hosts_explain_none(&options->hosts);
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

/* Returns (transfer full): the functions of this host, or of those that are named. */
static ZpciTable *
tool_list_read(const ToolListOptions *options, const char *root, const ToolListWish *wish,
               ToolStatus *status, GError **error)
{
    g_autoptr(GPtrArray) needed = tool_list_get_needed(wish);

    return tool_hosts_read(&options->hosts, root, tool_list_get_states(options), needed, status,
                           error);
}

static void
tool_list_print(const ToolListOptions *options, ZpciTable *table, const ToolListWish *wish)
{
    if (table->rows->len == 0 && !options->as_names)
        tool_list_print_none(options);
    zpci_table_set_columns(table, wish->columns);
    if (wish->filter != NULL)
        zpci_table_filter(table, wish->filter);
    if (wish->order != NULL)
        zpci_table_sort(table, wish->order);
    if (options->as_names)
        tool_list_print_names(table);
    else if (options->as_json)
        tool_json_print_table(table, options->output == NULL);
    else
        tool_table_print(table, &options->style);
}

static gboolean
tool_list_check_options(const ToolListOptions *options)
{
    const char *problem = NULL;

    if (options->as_json && options->as_names)
        problem = _("--json and --names exclude each other.");
    else if (options->with_all && options->with_inactive)
        problem = _("--all and --inactive exclude each other.");
    else if (options->output != NULL && options->output_all)
        problem = _("--output and --output-all exclude each other.");
    if (problem != NULL)
        fprintf(stderr, "virt-zpci: %s\n", problem);
    return problem == NULL;
}

static gboolean
tool_list_read_wish(const ToolListOptions *options, ToolListWish *wish, GError **error)
{
    wish->columns = tool_list_get_columns(options, error);
    if (wish->columns == NULL)
        return FALSE;
    if (options->sort != NULL)
        wish->order = tool_columns_find(options->sort, error);
    if (options->sort != NULL && wish->order == NULL)
        return FALSE;
    if (options->filter_text != NULL)
        wish->filter = zpci_filter_new(options->filter_text, error);
    return options->filter_text == NULL || wish->filter != NULL;
}

static ToolStatus
tool_list_run(const char *root, gconstpointer values, char **arguments G_GNUC_UNUSED)
{
    const ToolListOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_auto(ToolListWish) wish = { 0 };
    g_autoptr(ZpciTable) table = NULL;
    ToolStatus status;

    if (!tool_list_check_options(options))
        return TOOL_USAGE;
    if (!tool_hosts_check(&options->hosts, root, &error) ||
        !tool_list_read_wish(options, &wish, &error))
        return tool_refuse(error);
    table = tool_list_read(options, root, &wish, &status, &error);
    if (table == NULL)
        return tool_fail(error);
    tool_list_print(options, table, &wish);
    return status;
}

const ToolCommand tool_list_command = {
    .name = "list",
    .arguments = "",
    .summary = N_("List the zPCI functions"),
    .description = N_("A fact that this host does not tell is shown as \"-\"."),
    .describe = tool_columns_describe,
    .options = { { entries, 0 }, { tool_hosts_entries, offsetof(ToolListOptions, hosts) } },
    .options_size = sizeof(ToolListOptions),
    .takes_root = TRUE,
    .minimum = 0,
    .maximum = 0,
    .run = tool_list_run,
};
