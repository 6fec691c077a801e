/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-columns.h"
#include "tool-hosts.h"
#include "tool-json.h"
#include "tool-match.h"
#include "tool-name.h"
#include "tool.h"
#include "zpci-error.h"

typedef struct {
    gboolean as_json;
    ToolHostsOptions hosts;
} ToolShowOptions;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolShowOptions, as_json), N_("Print JSON"),
      NULL },
    G_OPTION_ENTRY_NULL,
};

static void
tool_show_print_column(const ZpciColumn *column, const ZpciRow *row)
{
    g_autofree char *text = zpci_column_format(column, row);
    g_autofree char *source = zpci_column_get_source(column, row);
    const char *reason = zpci_column_get_reason(column, row);

    printf("  %-13s %-20s %s\n", column->name, text != NULL && text[0] != '\0' ? text : "-",
           text != NULL     ? source
           : reason != NULL ? reason
                            : _("This host does not tell it."));
}

static void
tool_show_print(const ZpciTable *table, const ZpciRow *row)
{
    const char *const *warnings = zpci_function_get_warnings(row->function);

    puts(row->name);
    for (guint i = 0; i < table->columns->len; i++)
        tool_show_print_column(g_ptr_array_index(table->columns, i), row);
    for (; *warnings != NULL; warnings++)
        printf(_("  warning: %s\n"), *warnings);
}

/* Returns: FALSE with @error set if one of @names is no zPCI function. */
static gboolean
tool_show_has_each(const ZpciTable *table, char **names, GError **error)
{
    for (guint i = 0; names[i] != NULL; i++) {
        if (i < table->rows->len &&
            g_str_equal(((const ZpciRow *)g_ptr_array_index(table->rows, i))->name, names[i]))
            continue;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is not a zPCI function; \"virt-zpci list\" shows those of this host."),
                    names[i]);
        return FALSE;
    }
    return TRUE;
}

/* Returns (transfer full): the functions of this host. */
static ZpciTable *
tool_show_read(const char *root, char **arguments, GPtrArray *columns, GError **error)
{
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, error);
    g_auto(GStrv) names = NULL;
    g_autoptr(ZpciTable) table = NULL;

    if (inventory != NULL)
        names = tool_name_resolve_each(inventory, arguments, error);
    if (names != NULL)
        table = zpci_table_read(inventory, names, ZPCI_STATE_ANY, columns, error);
    return table != NULL && tool_show_has_each(table, names, error) ? g_steal_pointer(&table)
                                                                    : NULL;
}

/* Returns (transfer full): those of all hosts that are named. */
static ZpciTable *
tool_show_read_hosts(const ToolHostsOptions *options, char **arguments, GPtrArray *columns,
                     ToolStatus *status, GError **error)
{
    g_autoptr(ZpciTable) table = NULL;
    GPtrArray *found;

    if (tool_hosts_are_several(options))
        tool_columns_add_host(columns);
    table = tool_hosts_read(options, NULL, ZPCI_STATE_ANY, columns, status, error);
    found = table != NULL ? tool_match_list(table->rows, arguments, error) : NULL;
    if (found == NULL)
        return NULL;
    g_ptr_array_unref(table->rows);
    table->rows = found;
    return g_steal_pointer(&table);
}

static ToolStatus
tool_show_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolShowOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) columns = tool_columns_list();
    g_autoptr(ZpciTable) table = NULL;
    ToolStatus status = TOOL_OK;

    if (!tool_hosts_check(&options->hosts, root, &error))
        return tool_refuse(error);
    table = options->hosts.uris != NULL
                ? tool_show_read_hosts(&options->hosts, arguments, columns, &status, &error)
                : tool_show_read(root, arguments, columns, &error);
    if (table == NULL)
        return tool_fail(error);
    if (options->as_json)
        tool_json_print_table(table, TRUE);
    for (guint i = 0; !options->as_json && i < table->rows->len; i++)
        tool_show_print(table, g_ptr_array_index(table->rows, i));
    return status;
}

const ToolCommand tool_show_command = {
    .name = "show",
    .arguments = N_("NAME…"),
    .summary = N_("Show all facts of a function, where each comes from, or why it is missing"),
    .description =
        N_("NAME is as for \"virt-zpci dumpxml\". Opens no device: see \"virt-zpci probe\"."),
    .options = { { entries, 0 }, { tool_hosts_entries, offsetof(ToolShowOptions, hosts) } },
    .options_size = sizeof(ToolShowOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_show_run,
};
