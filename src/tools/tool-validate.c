/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-file.h"
#include "tool-host-state.h"
#include "tool-json.h"
#include "tool.h"

typedef struct {
    gboolean with_host;
    gboolean as_json;
    char *uri;
} ToolValidateOptions;

static const GOptionEntry entries[] = {
    { "host", 'H', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolValidateOptions, with_host),
      N_("Ask this host too: whether functions are there, bound and free"), NULL },
    { "connect", 'c', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolValidateOptions, uri),
      N_("Where libvirt has the other domains"), N_("URI") },
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolValidateOptions, as_json),
      N_("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
};

static void
tool_validate_print_findings(const char *path, const GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        const ZpciFinding *finding = g_ptr_array_index(findings, i);

        printf("%s:%u: %s: %s\n", path, finding->line, zpci_finding_get_severity_name(finding),
               finding->message);
        if (finding->hint != NULL)
            printf("%s:%u: hint: %s\n", path, finding->line, finding->hint);
    }
}

static void
tool_validate_add_finding(JsonBuilder *builder, const ZpciFinding *finding)
{
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "line");
    json_builder_add_int_value(builder, finding->line);
    tool_json_add_text(builder, "severity", zpci_finding_get_severity_name(finding));
    tool_json_add_text(builder, "element", finding->element);
    tool_json_add_text(builder, "message", finding->message);
    tool_json_add_text(builder, "hint", finding->hint);
    json_builder_end_object(builder);
}

/* @findings is NULL if the document could not be judged. */
static void
tool_validate_add_file(JsonBuilder *builder, const char *path, const GPtrArray *findings,
                       const GError *error)
{
    json_builder_begin_object(builder);
    tool_json_add_text(builder, "file", path);
    if (error != NULL)
        tool_json_add_text(builder, "error", error->message);
    json_builder_set_member_name(builder, "findings");
    json_builder_begin_array(builder);
    for (guint i = 0; findings != NULL && i < findings->len; i++)
        tool_validate_add_finding(builder, g_ptr_array_index(findings, i));
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static ToolStatus
tool_validate_file(const char *path, ToolHostState *host, JsonBuilder *builder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) findings = NULL;
    gsize size = 0;
    g_autofree char *document = tool_file_read_document(path, &size, &error);

    if (document == NULL) {
        tool_fail(error);
    } else if (!zpci_validation_run(document, size, host != NULL ? tool_host_state_look_up : NULL,
                                    host, &findings, &error)) {
        fprintf(stderr, "virt-zpci: %s: %s\n", path, error->message);
    }
    if (builder != NULL)
        tool_validate_add_file(builder, path, findings, error);
    else if (findings != NULL)
        tool_validate_print_findings(path, findings);
    if (findings == NULL)
        return TOOL_USAGE;
    return findings->len == 0 ? TOOL_OK : TOOL_FAILED;
}

static ToolStatus
tool_validate_files(char **paths, ToolHostState *host, gboolean as_json)
{
    g_autoptr(JsonBuilder) builder = as_json ? json_builder_new() : NULL;
    ToolStatus worst = TOOL_OK;

    if (builder != NULL)
        json_builder_begin_array(builder);
    for (; *paths != NULL; paths++) {
        ToolStatus status = tool_validate_file(*paths, host, builder);

        worst = MAX(worst, status);
    }
    if (builder != NULL) {
        json_builder_end_array(builder);
        tool_print_json(builder);
    }
    return worst;
}

static ToolStatus
tool_validate_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolValidateOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(ToolHostState) host = NULL;

    if (options->uri != NULL && !options->with_host) {
        fprintf(stderr, "virt-zpci: %s\n", _("--connect needs --host."));
        return TOOL_USAGE;
    }
    if (options->with_host) {
        host = tool_host_state_new(root, options->uri, &error);
        if (host == NULL)
            return tool_refuse(error);
    }
    return tool_validate_files(arguments, host, options->as_json);
}

const ToolCommand tool_validate_command = {
    .name = "validate",
    .arguments = N_("FILE…"),
    .summary = N_("Check node device, domain and hostdev documents"),
    .description =
        N_("Prints FILE:LINE: error: TEXT (or warning) for each fault, then a hint. FILE may be -\n"
           "for standard input. --root and --connect have an effect only with --host.\n"
           "Exit status: 0 no fault, 1 faults found, 2 a file could not be judged."),
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolValidateOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_validate_run,
};
