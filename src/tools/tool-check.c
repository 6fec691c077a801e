/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "libvirt-library.h"
#include "text-quote.h"
#include "tool-connection.h"
#include "tool-file.h"
#include "tool-verdict.h"
#include "tool.h"

typedef struct {
    char *uri;
    gboolean as_json;
} ToolCheckOptions;

static const GOptionEntry entries[] = {
    { "connect", 'c', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolCheckOptions, uri),
      N_("Where libvirt has the domains"), N_("URI") },
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolCheckOptions, as_json), N_("Print JSON"),
      NULL },
    G_OPTION_ENTRY_NULL,
};

/* The document for the next start. */
static char *
tool_check_read_domain(const char *uri, const char *name, gboolean *runs, gsize *size,
                       GError **error)
{
    g_autoptr(virConnect) connection = tool_connection_open(uri, TRUE, error);
    g_autoptr(virDomain) domain = NULL;
    g_autofree char *quoted = NULL;
    char *text;

    if (connection != NULL)
        domain = tool_connection_find(connection, name, error);
    if (domain == NULL) {
        quoted = text_quote(name);
        g_prefix_error(error, _("There is no file %s. "), quoted);
        return NULL;
    }
    text = tool_connection_read(domain, VIR_DOMAIN_XML_INACTIVE, error);
    if (text != NULL)
        *size = strlen(text);
    *runs = libvirt_library.virDomainIsActive(domain) == 1;
    return text;
}

static char *
tool_check_read(const char *uri, const char *argument, gboolean *runs, gsize *size, GError **error)
{
    if (strcmp(argument, "-") != 0 && !g_file_test(argument, G_FILE_TEST_EXISTS))
        return tool_check_read_domain(uri, argument, runs, size, error);
    return tool_file_read_document(argument, size, error);
}

static ToolStatus
tool_check_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolCheckOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(ToolReport) report = tool_report_new(arguments[0], root != NULL);
    ToolVerdict verdict = { root, options->uri, FALSE, report };
    gsize size = 0;
    g_autofree char *text =
        tool_check_read(options->uri, arguments[0], &verdict.runs, &size, &error);

    if (text != NULL && !tool_verdict_judge(&verdict, text, size, &error))
        g_prefix_error(&error, "%s: ", arguments[0]);
    if (error != NULL)
        return tool_refuse(error);
    if (verdict.runs)
        tool_report_set_runs(report);
    if (options->as_json)
        tool_report_print_json(report);
    else
        tool_report_print(report);
    return tool_report_is_good(report) ? TOOL_OK : TOOL_FAILED;
}

const ToolCommand tool_check_command = {
    .name = "check",
    .arguments = N_("DOMAIN|FILE"),
    .summary = N_("Tell whether a guest would start with its functions"),
    .description =
        N_("Prints a line for each function of the domain, then whether the guest would start.\n"
           "Nothing is opened or changed.\n"
           "Exit status: 0 it would start, 1 it would not, 2 it could not be checked."),
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolCheckOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = 1,
    .run = tool_check_run,
};
