/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "text-quote.h"
#include "tool-columns.h"
#include "tool-hosts.h"
#include "tool-json.h"
#include "tool.h"

/* What the members of a group share. */
#define SHARED "pfgid,simulated,group_version,dasm,msi_address,refresh,mui,noi,maxstbl,imaxstbl"

/* The one that stands for all limits: who tells it tells the others. */
#define LIMIT "noi"

/* The most letters of a line of names. */
#define LINE_LENGTH 90

#define INDENT "  "

#define MILLISECONDS 1000

/* @host: the how manieth host it is of
 * @number: of the function group, %G_MAXUINT64 if it is not known
 * @rows: (element-type ZpciRow): its members, one at least */
typedef struct {
    guint host;
    guint64 number;
    GPtrArray *rows;
} ToolGroup;

/* What a limit means, with its value in place of %s. */
typedef struct {
    const char *column;
    const char *words;
} ToolGroupLimit;

typedef struct {
    gboolean as_json;
    ToolHostsOptions hosts;
} ToolGroupsOptions;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolGroupsOptions, as_json), N_("Print JSON"),
      NULL },
    G_OPTION_ENTRY_NULL,
};

static const ToolGroupLimit limits[] = {
    { "noi", N_("interrupts for each function: up to %s") },
    { "maxstbl", N_("one store: up to %s bytes") },
    { "imaxstbl", N_("one store of an interpreted function: up to %s bytes") },
    { "mui", N_("measurements: every %s") },
    { "refresh", N_("the guest has to refresh DMA translations: %s") },
    { "dasm", N_("DMA address space mask: %s") },
    { "msi_address", N_("interrupts are written to: %s") },
    { "group_version", N_("version of the facilities: %s") },
};

static void
tool_groups_free(ToolGroup *group)
{
    g_ptr_array_unref(group->rows);
    g_free(group);
}

static int
tool_groups_compare(gconstpointer a, gconstpointer b)
{
    const ToolGroup *first = *(const ToolGroup *const *)a, *second = *(const ToolGroup *const *)b;

    if (first->host != second->host)
        return first->host < second->host ? -1 : 1;
    return first->number < second->number ? -1 : first->number > second->number;
}

/* Returns (transfer full) (element-type ToolGroup): those of each host by number, and last those of
 * no known group. The rows of a host stand together. */
static GPtrArray *
tool_groups_list(const ZpciTable *table)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)tool_groups_free);
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    const char *host = NULL;
    guint n_hosts = 0;

    for (guint i = 0; i < table->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(table->rows, i);
        guint64 number = G_MAXUINT64;
        ToolGroup *group;

        if (g_strcmp0(row->host, host) != 0) {
            g_hash_table_remove_all(known);
            n_hosts++;
        }
        host = row->host;

        zpci_function_get(row->function, ZPCI_FACT_PFGID, &number);
        group = g_hash_table_lookup(known, &number);
        if (group == NULL) {
            group = g_new0(ToolGroup, 1);
            group->host = n_hosts;
            group->number = number;
            group->rows = g_ptr_array_new();
            g_hash_table_insert(known, &group->number, group);
            g_ptr_array_add(groups, group);
        }
        g_ptr_array_add(group->rows, row);
    }
    g_ptr_array_sort(groups, tool_groups_compare);
    return groups;
}

/* Returns (transfer full): 4000 as "4 s", 1500 as "1.5 s", 500 as "500 ms". */
static char *
tool_groups_format_interval(const char *milliseconds)
{
    guint64 value = g_ascii_strtoull(milliseconds, NULL, 10);
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (value < MILLISECONDS)
        return g_strdup_printf("%s ms", milliseconds);
    g_ascii_formatd(text, sizeof text, "%.10g", (double)value / MILLISECONDS);
    return g_strdup_printf("%s s", text);
}

/* Returns (transfer full) (nullable): a value for people, %NULL if it is not known. */
static char *
tool_groups_format(const char *column, const ZpciRow *row)
{
    char *value = zpci_column_format(zpci_column_find(column), row);
    char *interval;

    if (value == NULL || strcmp(column, "mui") != 0)
        return value;
    interval = tool_groups_format_interval(value);
    g_free(value);
    return interval;
}

static void
tool_groups_print_names(const ToolGroup *group)
{
    gsize length = 0;

    for (guint i = 0; i < group->rows->len; i++) {
        const char *name = ((const ZpciRow *)g_ptr_array_index(group->rows, i))->name;
        gsize size = strlen(name) + 2;

        if (i > 0 && length + size > LINE_LENGTH) {
            printf(",\n");
            length = 0;
        } else if (i > 0) {
            printf(", ");
        }
        printf("%s%s", length == 0 ? INDENT : "", name);
        length += size;
    }
    printf("\n");
}

static void
tool_groups_print_limits(const ZpciRow *row)
{
    g_autofree char *source = zpci_column_get_source(zpci_column_find(LIMIT), row);
    const char *reason = zpci_column_get_reason(zpci_column_find(LIMIT), row);

    if (source == NULL) {
        printf(INDENT "%s\n", reason != NULL
                                  ? reason
                                  : _("The limits are not known: CLP tells them to root, and VFIO "
                                      "tells those of a bound function."));
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_autofree char *value = tool_groups_format(limits[i].column, row);
        const char *shown = value != NULL ? value : _("not known");
        g_auto(GStrv) parts = g_strsplit(_(limits[i].words), "%s", 2);

        printf(INDENT "%s%s%s\n", parts[0], shown,
               value != NULL && parts[1] != NULL ? parts[1] : "");
    }
    printf(INDENT "%s%s\n", _("told by: "), source);
}

static void
tool_groups_print(const ToolGroup *group)
{
    const ZpciRow *row = g_ptr_array_index(group->rows, 0);
    g_autofree char *number = tool_groups_format("pfgid", row);
    g_autofree char *simulated = tool_groups_format("simulated", row);

    if (number == NULL)
        printf("%s\n", _("function group not known"));
    else if (g_strcmp0(simulated, "yes") == 0)
        printf(_("function group %s, simulated by QEMU\n"), number);
    else
        printf(_("function group %s, of the machine\n"), number);
    tool_groups_print_names(group);
    if (number != NULL)
        tool_groups_print_limits(row);
}

/* @is_named: whether to name the hosts */
static void
tool_groups_print_all(const GPtrArray *groups, gboolean is_named)
{
    guint host = 0;

    for (guint i = 0; i < groups->len; i++) {
        const ToolGroup *group = g_ptr_array_index(groups, i);
        const ZpciRow *row = g_ptr_array_index(group->rows, 0);
        g_autofree char *name = is_named ? text_quote_escape(row->host) : NULL;

        if (is_named && (i == 0 || group->host != host))
            printf(_("host %s\n"), name);
        host = group->host;
        tool_groups_print(group);
    }
}

static void
tool_groups_add_json(JsonBuilder *builder, const ToolGroup *group, const GPtrArray *columns)
{
    const ZpciRow *row = g_ptr_array_index(group->rows, 0);
    g_autofree char *source = zpci_column_get_source(zpci_column_find(LIMIT), row);

    json_builder_begin_object(builder);
    tool_json_add_columns(builder, columns, row);
    json_builder_set_member_name(builder, "source");
    if (source != NULL)
        json_builder_add_string_value(builder, source);
    else
        json_builder_add_null_value(builder);
    json_builder_set_member_name(builder, "functions");
    json_builder_begin_array(builder);
    for (guint i = 0; i < group->rows->len; i++)
        json_builder_add_string_value(builder,
                                      ((const ZpciRow *)g_ptr_array_index(group->rows, i))->name);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static void
tool_groups_print_json(const GPtrArray *groups, gboolean is_named)
{
    g_autoptr(GPtrArray) columns = tool_columns_parse(SHARED, NULL, NULL);
    g_autoptr(JsonBuilder) builder = json_builder_new();

    if (is_named)
        tool_columns_add_host(columns);
    tool_json_begin_list(builder, "groups");
    for (guint i = 0; i < groups->len; i++)
        tool_groups_add_json(builder, g_ptr_array_index(groups, i), columns);
    tool_json_print_list(builder);
}

static ToolStatus
tool_groups_run(const char *root, gconstpointer values, char **arguments G_GNUC_UNUSED)
{
    const ToolGroupsOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) columns = tool_columns_parse("name," SHARED, NULL, NULL);
    g_autoptr(ZpciTable) table = NULL;
    g_autoptr(GPtrArray) groups = NULL;
    gboolean is_named = tool_hosts_are_several(&options->hosts);
    ToolStatus status;

    if (!tool_hosts_check(&options->hosts, root, &error))
        return tool_refuse(error);
    table = tool_hosts_read(&options->hosts, root, ZPCI_STATE_ANY, columns, &status, &error);
    if (table == NULL)
        return tool_fail(error);
    if (table->rows->len == 0)
        tool_hosts_explain_none(&options->hosts);
    groups = tool_groups_list(table);
    if (options->as_json)
        tool_groups_print_json(groups, is_named);
    else
        tool_groups_print_all(groups, is_named);
    return status;
}

const ToolCommand tool_groups_command = {
    .name = "groups",
    .arguments = "",
    .summary = N_("Show the function groups: their members, and the limits that these share"),
    .description = N_(
        "The machine puts functions of one kind into one group, and gives limits to the group.\n"
        "A guest that gets a function gets these limits with it. Groups from 0xf0 on are made by\n"
        "QEMU, for functions of its own: their limits are QEMU's, not those of the machine.\n"
        "libvirt-zpci-xml(7) explains each limit."),
    .options = { { entries, 0 }, { tool_hosts_entries, offsetof(ToolGroupsOptions, hosts) } },
    .options_size = sizeof(ToolGroupsOptions),
    .takes_root = TRUE,
    .minimum = 0,
    .maximum = 0,
    .run = tool_groups_run,
};
