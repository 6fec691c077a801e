/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "text-quote.h"
#include "tool-columns.h"
#include "tool-json.h"
#include "tool-name.h"
#include "tool.h"
#include "zpci-statistics.h"

typedef struct {
    gboolean as_json;
    int interval;
    int rounds;
} ToolStatOptions;

static const GOptionEntry entries[] = {
    { "interval", 'i', 0, G_OPTION_ARG_INT, TOOL_OPTION(ToolStatOptions, interval),
      N_("Print again every so many seconds, with rates per second"), N_("SECONDS") },
    { "count", 'c', 0, G_OPTION_ARG_INT, TOOL_OPTION(ToolStatOptions, rounds),
      N_("End after so many times"), N_("NUMBER") },
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolStatOptions, as_json),
      N_("Print a JSON object each time"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* @last: (nullable): what was read the time before, at @time */
typedef struct {
    const ZpciRow *row;
    ZpciStatistics *last;
    gint64 time;
} ToolStat;

/* Returns: what happened a second, -1 if that is not known, as the first time. */
static double
tool_stat_get_rate(const ToolStat *stat, const ZpciCounter *counter, guint index, gint64 time)
{
    const ZpciCounter *before;

    if (stat->last == NULL || index >= stat->last->counters->len || time <= stat->time)
        return -1;
    before = g_ptr_array_index(stat->last->counters, index);
    /* Measuring may have begun anew. */
    if (!g_str_equal(before->name, counter->name) || counter->value < before->value)
        return -1;
    return (double)(counter->value - before->value) * G_USEC_PER_SEC / (double)(time - stat->time);
}

static void
tool_stat_print_text(const ToolStat *stat, const ZpciStatistics *statistics, gint64 time)
{
    puts(stat->row->name);
    for (guint i = 0; i < statistics->counters->len; i++) {
        const ZpciCounter *counter = g_ptr_array_index(statistics->counters, i);
        g_autofree char *name = text_quote_escape(counter->name);
        double rate = tool_stat_get_rate(stat, counter, i, time);

        printf("  %-24s %20" G_GUINT64_FORMAT, name, counter->value);
        if (rate >= 0)
            printf(" %14.1f/s", rate);
        puts("");
    }
}

static void
tool_stat_add_counter(JsonBuilder *builder, const ZpciCounter *counter, double rate)
{
    json_builder_begin_object(builder);
    tool_json_add_text(builder, "name", counter->name);
    json_builder_set_member_name(builder, "value");
    json_builder_add_int_value(builder, (gint64)counter->value);
    if (rate >= 0) {
        json_builder_set_member_name(builder, "rate");
        json_builder_add_double_value(builder, rate);
    }
    json_builder_end_object(builder);
}

static void
tool_stat_add(JsonBuilder *builder, const ToolStat *stat, const ZpciStatistics *statistics,
              gint64 time)
{
    json_builder_begin_object(builder);
    tool_json_add_column(builder, "fid", stat->row);
    tool_json_add_column(builder, "name", stat->row);
    json_builder_set_member_name(builder, "update_ms");
    json_builder_add_int_value(builder, (gint64)statistics->update_ms);
    json_builder_set_member_name(builder, "samples");
    json_builder_add_int_value(builder, (gint64)statistics->samples);
    json_builder_set_member_name(builder, "counters");
    json_builder_begin_array(builder);
    for (guint i = 0; i < statistics->counters->len; i++) {
        const ZpciCounter *counter = g_ptr_array_index(statistics->counters, i);

        tool_stat_add_counter(builder, counter, tool_stat_get_rate(stat, counter, i, time));
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static gboolean
tool_stat_look(const ZpciHost *host, ToolStat *stat, JsonBuilder *builder, GError **error)
{
    gint64 time = g_get_monotonic_time();
    ZpciStatistics *statistics;

    if (stat->row->address == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("%s is in standby."),
                    stat->row->name);
        return FALSE;
    }
    statistics = zpci_statistics_read(host, stat->row->address, error);
    if (statistics == NULL) {
        g_prefix_error(error, "%s: ", stat->row->name);
        return FALSE;
    }
    if (builder != NULL)
        tool_stat_add(builder, stat, statistics, time);
    else
        tool_stat_print_text(stat, statistics, time);
    zpci_statistics_free(stat->last);
    stat->last = statistics;
    stat->time = time;
    return TRUE;
}

static gboolean
tool_stat_look_each(const ZpciHost *host, GArray *stats, const ToolStatOptions *options,
                    GError **error)
{
    g_autoptr(JsonBuilder) builder = options->as_json ? json_builder_new() : NULL;
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *text = NULL;

    if (builder != NULL) {
        tool_json_begin_list(builder, "functions");
    }
    for (guint i = 0; i < stats->len; i++) {
        if (!tool_stat_look(host, &g_array_index(stats, ToolStat, i), builder, error))
            return FALSE;
    }
    if (builder == NULL)
        return TRUE;
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    text = json_to_string(root, options->interval == 0);
    puts(text);
    return TRUE;
}

static void
tool_stat_clear(gpointer data)
{
    zpci_statistics_free(((ToolStat *)data)->last);
}

static ToolStatus
tool_stat_watch(const ZpciHost *host, const ZpciTable *table, const ToolStatOptions *options)
{
    g_autoptr(GArray) stats = g_array_new(FALSE, TRUE, sizeof(ToolStat));
    g_autoptr(GError) error = NULL;

    g_array_set_clear_func(stats, tool_stat_clear);
    for (guint i = 0; i < table->rows->len; i++) {
        ToolStat stat = { .row = g_ptr_array_index(table->rows, i) };

        g_array_append_val(stats, stat);
    }
    for (int round = 1; tool_stat_look_each(host, stats, options, &error); round++) {
        if (options->interval == 0 || round == options->rounds || fflush(stdout) != 0)
            return TOOL_OK;
        g_usleep((gulong)options->interval * G_USEC_PER_SEC);
    }
    return tool_fail(error);
}

static ToolStatus
tool_stat_run(const char *root, gconstpointer data, char **arguments)
{
    const ToolStatOptions *options = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(GPtrArray) columns = tool_columns_parse("name,fid,address", NULL, NULL);
    g_autoptr(ZpciTable) table = NULL;
    g_auto(GStrv) names = NULL;

    if (options->interval < 0 || options->rounds < 0) {
        fprintf(stderr, "virt-zpci: %s\n", _("--interval and --count are positive numbers."));
        return TOOL_USAGE;
    }
    host = zpci_host_open(root, &error);
    if (host != NULL)
        inventory = tool_open_inventory(root, &error);
    if (inventory != NULL)
        names = tool_name_resolve_each(inventory, arguments, &error);
    if (names != NULL)
        table = zpci_table_read(inventory, names, ZPCI_STATE_ANY, columns, &error);
    return table != NULL ? tool_stat_watch(host, table, options) : tool_fail(error);
}

const ToolCommand tool_stat_command = {
    .name = "stat",
    .arguments = N_("NAME…"),
    .summary = N_("Show the counters of functions: loads, stores, bytes, packets"),
    .description =
        N_("The counters are those of the function measurement block and of Linux, as debugfs has\n"
           "them for root. Nothing is written to it: a function that is not measured stays so.\n"
           "With --interval, it goes on until Ctrl-C."),
    .describe = tool_name_describe,
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolStatOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_stat_run,
};
