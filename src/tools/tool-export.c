/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-export.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "text-quote.h"
#include "tool-columns.h"
#include "tool-hosts.h"
#include "tool-match.h"
#include "tool-name.h"
#include "tool-output.h"
#include "tool-spelling.h"
#include "tool.h"

static const ToolExportFormat *const formats[] = {
    &tool_export_nova_format,       &tool_export_kubevirt_format, &tool_export_nfd_format,
    &tool_export_prometheus_format, &tool_export_ansible_format,
};

typedef struct {
    char *output;
    gboolean with_placement;
    ToolHostsOptions hosts;
} ToolExportOptions;

static const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, TOOL_OPTION(ToolExportOptions, output),
      N_("Write FILE, all of it or nothing, in place of standard output"), N_("FILE") },
    { "placement", 'P', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolExportOptions, with_placement),
      N_("nova: report the functions to Placement; needs Nova 2023.1 or later"), NULL },
    G_OPTION_ENTRY_NULL,
};

char *
tool_export_get(const ZpciRow *row, const char *column)
{
    g_auto(GStrv) values = zpci_column_get(zpci_column_find(column), row);

    return values != NULL ? g_strdup(values[0]) : NULL;
}

static const ToolExportFormat *
tool_export_find_format(const char *name, GError **error)
{
    const char *names[G_N_ELEMENTS(formats) + 1] = { NULL };
    g_autofree char *quoted = text_quote(name);
    const char *guess;

    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
        names[i] = formats[i]->name;
    }
    guess = tool_spelling_guess(name, names);
    if (guess != NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no format %s; did you mean %s?"), quoted, guess);
    else
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no format %s; \"virt-zpci export --help\" lists all."), quoted);
    return NULL;
}

/* Returns: FALSE with @error set if the format cannot have it. */
static gboolean
tool_export_check_row(const ToolExportFormat *format, const ZpciRow *row, GError **error)
{
    g_autofree char *name = tool_hosts_format_name(row);

    if (format->with_standby || !zpci_function_is_standby(row->function))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("%s is in standby, so it has no PCI address to export; configure it with \"virsh "
                  "nodedev-start\" first."),
                name);
    return FALSE;
}

/* @named: (element-type ZpciRow): what somebody named */
static gboolean
tool_export_choose(ToolExport *wish, const ToolExportFormat *format, const GPtrArray *named,
                   GError **error)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < named->len; i++) {
        if (!tool_export_check_row(format, g_ptr_array_index(named, i), error))
            return FALSE;
        g_hash_table_add(wanted, g_ptr_array_index(named, i));
    }
    for (guint i = 0; i < wish->host->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(wish->host->rows, i);

        if (wish->is_named ? g_hash_table_contains(wanted, row)
                           : format->with_standby || !zpci_function_is_standby(row->function))
            g_ptr_array_add(wish->chosen, row);
    }
    return TRUE;
}

/* Returns (transfer full) (element-type ZpciRow): those of @rows, of this host, that are named. */
static GPtrArray *
tool_export_find(const GPtrArray *rows, char **names, GError **error)
{
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) named = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);

    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);

        g_hash_table_insert(by_name, row->name, row);
    }
    for (; *names != NULL; names++) {
        ZpciRow *row = g_hash_table_lookup(by_name, *names);

        if (row == NULL) {
            g_set_error(
                error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                _("%s is not a zPCI function; \"virt-zpci list\" shows those of this host."),
                *names);
            return NULL;
        }
        g_ptr_array_add(named, zpci_row_ref(row));
    }
    return g_steal_pointer(&named);
}

/* @named: (out) (transfer full) (element-type ZpciRow): those that are named
 * Returns (transfer full): all functions of the host or the hosts. */
static ZpciTable *
tool_export_read(const ToolExportOptions *options, const char *root, GPtrArray *columns,
                 char **arguments, GPtrArray **named, ToolStatus *status, GError **error)
{
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(ZpciTable) table = NULL;
    g_auto(GStrv) names = NULL;

    if (options->hosts.uris != NULL) {
        table = tool_hosts_read(&options->hosts, NULL, ZPCI_STATE_ANY, columns, status, error);
        *named = table != NULL ? tool_match_list(table->rows, arguments, error) : NULL;
        return *named != NULL ? g_steal_pointer(&table) : NULL;
    }
    inventory = tool_open_inventory(root, error);
    names = inventory != NULL ? tool_name_resolve_each(inventory, arguments, error) : NULL;
    if (names != NULL)
        table = zpci_table_read(inventory, NULL, ZPCI_STATE_ANY, columns, error);
    *named = table != NULL ? tool_export_find(table->rows, names, error) : NULL;
    *status = TOOL_OK;
    return *named != NULL ? g_steal_pointer(&table) : NULL;
}

static gboolean
tool_export_write(const ToolExportFormat *format, const ToolExportOptions *options,
                  const char *root, char **arguments, ToolStatus *status, GError **error)
{
    g_autoptr(GPtrArray) columns = format->columns != NULL
                                       ? tool_columns_parse(format->columns, NULL, error)
                                       : tool_columns_list();
    g_autoptr(GPtrArray) named = NULL;
    g_autoptr(ZpciTable) host =
        tool_export_read(options, root, columns, arguments, &named, status, error);
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    ToolExport wish = { host, chosen, arguments[0] != NULL, options->with_placement };
    g_autoptr(GString) text = g_string_new(NULL);

    return host != NULL && tool_export_choose(&wish, format, named, error) &&
           format->write(&wish, text, error) &&
           tool_output_write(options->output, text->str, text->len, error);
}

/* Returns: FALSE with @error set if the options do not go with the format. */
static gboolean
tool_export_check(const ToolExportFormat *format, const ToolExportOptions *options,
                  const char *root, GError **error)
{
    if (options->with_placement && format != &tool_export_nova_format) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("--placement is for the format %s only."), tool_export_nova_format.name);
        return FALSE;
    }
    if (!format->with_hosts && tool_hosts_are_several(&options->hosts)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The format %s describes one host; give --connect only once."), format->name);
        return FALSE;
    }
    return tool_hosts_check(&options->hosts, root, error);
}

static ToolStatus
tool_export_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolExportOptions *options = values;
    g_autoptr(GError) error = NULL;
    const ToolExportFormat *format = tool_export_find_format(arguments[0], &error);
    ToolStatus status;

    if (format == NULL || !tool_export_check(format, options, root, &error))
        return tool_refuse(error);
    return tool_export_write(format, options, root, arguments + 1, &status, &error)
               ? status
               : tool_fail(error);
}

static char *
tool_export_describe(void)
{
    g_autofree char *names = tool_name_describe();
    GString *text = g_string_new(_("Formats:\n"));

    for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
        g_string_append_printf(text, "  %-10s %s\n", formats[i]->name, _(formats[i]->summary));
    g_string_append_printf(text, "\n%s", names);
    return g_string_free(text, FALSE);
}

const ToolCommand tool_export_command = {
    .name = "export",
    .arguments = N_("FORMAT [NAME…]"),
    .summary = N_("Write functions for OpenStack and other programs"),
    .description = N_(
        "Without NAME, it writes all configured functions. If the output would also match other\n"
        "functions, the command fails and names them.\n"
        "Opens no device."),
    .describe = tool_export_describe,
    .options = { { entries, 0 }, { tool_hosts_entries, offsetof(ToolExportOptions, hosts) } },
    .options_size = sizeof(ToolExportOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_export_run,
};
