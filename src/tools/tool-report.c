/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-report.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-json.h"
#include "tool.h"

/* @device: (nullable): of a function; else the finding is of the document, on @line */
typedef struct {
    char *device;
    guint line;
    ToolSeverity severity;
    char *text;
    char *hint;
} ToolFinding;

struct _ToolReport {
    const char *name;
    gboolean is_captured;
    gboolean runs;
    GPtrArray *findings;
    GPtrArray *unknown;
};

static void
tool_report_free_finding(gpointer data)
{
    ToolFinding *finding = data;

    g_free(finding->device);
    g_free(finding->text);
    g_free(finding->hint);
    g_free(finding);
}

ToolReport *
tool_report_new(const char *name, gboolean is_captured)
{
    ToolReport *report = g_new0(ToolReport, 1);

    report->name = name;
    report->is_captured = is_captured;
    report->findings = g_ptr_array_new_with_free_func(tool_report_free_finding);
    report->unknown = g_ptr_array_new();
    g_ptr_array_add(report->unknown, NULL);
    return report;
}

void
tool_report_free(ToolReport *report)
{
    if (report == NULL)
        return;
    g_ptr_array_unref(report->findings);
    g_ptr_array_unref(report->unknown);
    g_free(report);
}

void
tool_report_set_runs(ToolReport *report)
{
    report->runs = TRUE;
}

static ToolFinding *
tool_report_append(ToolReport *report, ToolSeverity severity, char *text, const char *hint)
{
    ToolFinding *finding = g_new0(ToolFinding, 1);

    finding->severity = severity;
    finding->text = text;
    finding->hint = g_strdup(hint);
    g_ptr_array_add(report->findings, finding);
    return finding;
}

void
tool_report_add(ToolReport *report, const char *device, ToolSeverity severity, char *text,
                const char *hint)
{
    tool_report_append(report, severity, text, hint)->device = g_strdup(device);
}

void
tool_report_add_finding(ToolReport *report, const ZpciFinding *finding)
{
    ToolSeverity severity =
        finding->severity == ZPCI_SEVERITY_ERROR ? TOOL_SEVERITY_ERROR : TOOL_SEVERITY_WARNING;

    tool_report_append(report, severity, g_strdup(finding->message), finding->hint)->line =
        finding->line;
}

void
tool_report_add_unknown(ToolReport *report, const char *what)
{
    if (g_strv_contains((const char *const *)report->unknown->pdata, what))
        return;
    g_ptr_array_insert(report->unknown, (int)report->unknown->len - 1, (gpointer)what);
}

gboolean
tool_report_is_good(const ToolReport *report)
{
    for (guint i = 0; i < report->findings->len; i++) {
        const ToolFinding *finding = g_ptr_array_index(report->findings, i);

        if (finding->severity == TOOL_SEVERITY_ERROR)
            return FALSE;
    }
    return TRUE;
}

/* Words of the output format, the same in every language. */
static const char *
tool_report_get_severity_name(ToolSeverity severity)
{
    static const char *const names[] = { "ok", "warning", "error" };

    return names[severity];
}

static void
tool_report_print_line(const ToolReport *report, const ToolFinding *finding, const char *kind,
                       const char *text)
{
    if (finding->device != NULL)
        printf("%s: %s: %s\n", finding->device, kind, text);
    else
        printf("%s:%u: %s: %s\n", report->name, finding->line, kind, text);
}

static const char *
tool_report_get_verdict(const ToolReport *report)
{
    if (!tool_report_is_good(report))
        return _("would not start");
    if (report->unknown->len <= 1)
        return _("would start");
    return report->is_captured ? _("would start, as far as a capture tells")
                               : _("would start, as far as is known");
}

void
tool_report_print(const ToolReport *report)
{
    g_autofree char *unknown = g_strjoinv(", ", (char **)report->unknown->pdata);

    for (guint i = 0; i < report->findings->len; i++) {
        const ToolFinding *finding = g_ptr_array_index(report->findings, i);

        tool_report_print_line(report, finding, tool_report_get_severity_name(finding->severity),
                               finding->text);
        if (finding->hint != NULL)
            tool_report_print_line(report, finding, "hint", finding->hint);
    }
    if (report->unknown->len > 1)
        printf(report->is_captured ? _("%s: not known for a captured host\n")
                                   : _("%s: not known completely\n"),
               unknown);
    if (report->runs)
        printf(_("%s: is running\n"), report->name);
    printf("%s: %s\n", report->name, tool_report_get_verdict(report));
}

static void
tool_report_add_json(JsonBuilder *builder, const ToolFinding *finding)
{
    json_builder_begin_object(builder);
    tool_json_add_text(builder, "device", finding->device);
    if (finding->device == NULL) {
        json_builder_set_member_name(builder, "line");
        json_builder_add_int_value(builder, finding->line);
    }
    tool_json_add_text(builder, "severity", tool_report_get_severity_name(finding->severity));
    tool_json_add_text(builder, "text", finding->text);
    tool_json_add_text(builder, "hint", finding->hint);
    json_builder_end_object(builder);
}

void
tool_report_print_json(const ToolReport *report)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    tool_json_add_text(builder, "domain", report->name);
    tool_json_add_text(builder, "verdict",
                       tool_report_is_good(report) ? "would start" : "would not start");
    json_builder_set_member_name(builder, "running");
    json_builder_add_boolean_value(builder, report->runs);
    json_builder_set_member_name(builder, "unknown");
    json_builder_begin_array(builder);
    for (guint i = 0; i + 1 < report->unknown->len; i++)
        json_builder_add_string_value(builder, g_ptr_array_index(report->unknown, i));
    json_builder_end_array(builder);
    json_builder_set_member_name(builder, "findings");
    json_builder_begin_array(builder);
    for (guint i = 0; i < report->findings->len; i++)
        tool_report_add_json(builder, g_ptr_array_index(report->findings, i));
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    tool_print_json(builder);
}
