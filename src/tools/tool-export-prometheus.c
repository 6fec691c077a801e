/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>

#include "tool-export.h"

/**
 * ToolMetric:
 * @name: of the metric, with its unit
 * @help: in English, as all that Prometheus keeps
 * @column: what it shows: a number, or whether it is @word
 * @word: (nullable): the value that counts as 1, every other as 0
 * @is_milliseconds: whether the column counts them; Prometheus counts seconds
 */
typedef struct {
    const char *name;
    const char *help;
    const char *column;
    const char *word;
    gboolean is_milliseconds;
} ToolMetric;

/* What tells functions apart, and what does not change while they are bound as they are. */
static const char *const labels[] = {
    "name", "address", "fid",    "uid",     "pfgid",  "pchid", "vfn",
    "type", "port",    "vendor", "product", "driver", "iface", "disk",
};

static const ToolMetric function_metrics[] = {
    { "zpci_function_configured", "Whether the function is configured, and not in standby.",
      "state", "configured" },
    { "zpci_function_vfio", "Whether the function is bound to a driver of VFIO.", "vfio", "yes" },
    { "zpci_function_uid_unique", "Whether the machine guarantees that the UID is unique.",
      "uid_unique", "yes" },
    { "zpci_function_measurement_block_bytes", "Length of the function measurement block.",
      "fmb_length", NULL },
};

static const ToolMetric group_metrics[] = {
    { "zpci_group_simulated", "Whether QEMU made the function group.", "simulated", "yes" },
    { "zpci_group_version", "Version of the facilities of the function group.", "group_version",
      NULL },
    { "zpci_group_refresh", "Whether translations have to be refreshed.", "refresh", "yes" },
    { "zpci_group_measurement_interval_seconds", "Interval of measurement updates.", "mui", NULL,
      TRUE },
    { "zpci_group_interrupts", "Number of interrupts that a function can have.", "noi", NULL },
    { "zpci_group_store_block_bytes", "Largest block that can be stored.", "maxstbl", NULL },
    { "zpci_group_interpreted_store_block_bytes",
      "Largest block that an interpreted function can store.", "imaxstbl", NULL },
};

static void
tool_export_prometheus_begin(GString *text, const char *name, const char *help)
{
    g_string_append_printf(text, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* Any UTF-8 stands in a label as it is, but these three. */
static void
tool_export_prometheus_add_label(GString *text, const char *name, const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);

    g_string_append_printf(text, "%s=\"", name);
    for (const char *byte = valid; *byte != '\0'; byte++) {
        if (*byte == '\n')
            g_string_append(text, "\\n");
        else if (*byte == '"' || *byte == '\\')
            g_string_append_printf(text, "\\%c", *byte);
        else
            g_string_append_c(text, *byte);
    }
    g_string_append_c(text, '"');
}

/* Names and function groups are those of a host. */
static void
tool_export_prometheus_add_host(GString *text, const ZpciRow *row)
{
    if (row->host == NULL)
        return;
    tool_export_prometheus_add_label(text, "host", row->host);
    g_string_append_c(text, ',');
}

/* A label without a value is as if it were not there. */
static void
tool_export_prometheus_add_info(GString *text, const ZpciRow *row)
{
    g_string_append(text, "zpci_function_info{");
    tool_export_prometheus_add_host(text, row);
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++) {
        g_auto(GStrv) values = zpci_column_get(zpci_column_find(labels[i]), row);
        g_autofree char *value = values != NULL ? g_strjoinv(",", values) : g_strdup("");

        if (i > 0)
            g_string_append_c(text, ',');
        tool_export_prometheus_add_label(text, labels[i], value);
    }
    g_string_append(text, "} 1\n");
}

/* Returns (transfer full): as Prometheus wants it. */
static char *
tool_export_prometheus_format_value(const ToolMetric *metric, const char *value)
{
    char seconds[G_ASCII_DTOSTR_BUF_SIZE];

    if (metric->word != NULL)
        return g_strdup(g_str_equal(metric->word, value) ? "1" : "0");
    if (!metric->is_milliseconds)
        return g_strdup(value);
    return g_strdup(g_ascii_dtostr(seconds, sizeof seconds, g_ascii_strtod(value, NULL) / 1000));
}

/* @label: the column that tells whose metric it is */
static void
tool_export_prometheus_add_value(GString *text, const ToolMetric *metric, const ZpciRow *row,
                                 const char *label)
{
    g_autofree char *value = tool_export_get(row, metric->column);
    g_autofree char *owner = tool_export_get(row, label);
    g_autofree char *shown = NULL;

    if (value == NULL || owner == NULL)
        return;
    g_string_append_printf(text, "%s{", metric->name);
    tool_export_prometheus_add_host(text, row);
    tool_export_prometheus_add_label(text, label, owner);
    shown = tool_export_prometheus_format_value(metric, value);
    g_string_append_printf(text, "} %s\n", shown);
}

/* Returns (transfer full) (element-type ZpciRow): any one of each function group of a host: its
 * limits are known of all of them or of none. */
static GPtrArray *
tool_export_prometheus_list_groups(const GPtrArray *rows)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *groups = g_ptr_array_new();

    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);
        g_autofree char *group = tool_export_get(row, "pfgid");

        if (group != NULL &&
            g_hash_table_add(seen,
                             g_strconcat(group, row->host != NULL ? " " : NULL, row->host, NULL)))
            g_ptr_array_add(groups, row);
    }
    return groups;
}

static gboolean
tool_export_prometheus_write(const ToolExport *wish, GString *text, GError **error G_GNUC_UNUSED)
{
    g_autoptr(GPtrArray) groups = tool_export_prometheus_list_groups(wish->chosen);

    tool_export_prometheus_begin(text, "zpci_function_info", "What is known of a zPCI function.");
    for (guint i = 0; i < wish->chosen->len; i++)
        tool_export_prometheus_add_info(text, g_ptr_array_index(wish->chosen, i));
    for (guint m = 0; m < G_N_ELEMENTS(function_metrics); m++) {
        tool_export_prometheus_begin(text, function_metrics[m].name, function_metrics[m].help);
        for (guint i = 0; i < wish->chosen->len; i++)
            tool_export_prometheus_add_value(text, &function_metrics[m],
                                             g_ptr_array_index(wish->chosen, i), "name");
    }
    for (guint m = 0; m < G_N_ELEMENTS(group_metrics); m++) {
        tool_export_prometheus_begin(text, group_metrics[m].name, group_metrics[m].help);
        for (guint i = 0; i < groups->len; i++)
            tool_export_prometheus_add_value(text, &group_metrics[m], g_ptr_array_index(groups, i),
                                             "pfgid");
    }
    return TRUE;
}

const ToolExportFormat tool_export_prometheus_format = {
    .name = "prometheus",
    .summary = N_("metrics for the textfile collector of Prometheus's node_exporter"),
    .columns = "name,state,address,fid,uid,pfgid,pchid,vfn,type,port,uid_unique,simulated,"
               "group_version,refresh,mui,noi,maxstbl,imaxstbl,fmb_length,vendor,product,driver,"
               "vfio,iface,disk",
    .with_standby = TRUE,
    .with_hosts = TRUE,
    .write = tool_export_prometheus_write,
};
