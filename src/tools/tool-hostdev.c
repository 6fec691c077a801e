/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "tool-connection.h"
#include "tool-file.h"
#include "tool-request.h"
#include "tool.h"

/* Of one that libvirt gives, what it is called in the head of a diff. */
#define DOMAIN_FILE "%s.xml"

typedef struct {
    ToolRequestOptions request;
    char *domain_file;
    char *domain_name;
    char *uri;
    gboolean as_diff;
} ToolHostdevOptions;

static const GOptionEntry entries[] = {
    { "domain-xml", 'x', 0, G_OPTION_ARG_FILENAME, TOOL_OPTION(ToolHostdevOptions, domain_file),
      N_("Print the domain in FILE, with the functions added"), N_("FILE") },
    { "domain", 'd', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolHostdevOptions, domain_name),
      N_("Print this domain of libvirt, with the functions added"), N_("NAME") },
    { "connect", 'c', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolHostdevOptions, uri),
      N_("Where libvirt has the domain"), N_("URI") },
    { "diff", 'n', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolHostdevOptions, as_diff),
      N_("Print only what changes in the domain"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* Alone, nothing else has numbers. */
static ToolStatus
tool_hostdev_print_elements(ToolRequest *request)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (zpci_hostdev_assign(request->hostdevs, set, request->policy, &error))
        text = zpci_hostdev_format(request->hostdevs, &error);
    if (text == NULL)
        return tool_fail(error);
    tool_request_print_notes(request);
    fputs(text, stdout);
    return TOOL_OK;
}

/* The document for the next start, with its secrets: whoever defines it again must not lose them.
 */
static char *
tool_hostdev_read_domain(const ToolHostdevOptions *options, const ToolRequest *request, gsize *size,
                         GError **error)
{
    g_autoptr(virConnect) connection = tool_connection_open(options->uri, FALSE, error);
    g_autoptr(virDomain) domain = NULL;
    char *text;

    if (connection == NULL || !tool_request_check_connection(request, connection, error))
        return NULL;
    domain = tool_connection_find(connection, options->domain_name, error);
    if (domain == NULL)
        return NULL;
    text = tool_connection_read(domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE, error);
    if (text != NULL)
        *size = strlen(text);
    return text;
}

static ToolStatus
tool_hostdev_print_domain(const ToolHostdevOptions *options, ToolRequest *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciDomainDocument) document = NULL;
    g_autofree char *name = options->domain_file != NULL
                                ? g_strdup(options->domain_file)
                                : g_strdup_printf(DOMAIN_FILE, options->domain_name);
    g_autofree char *text = NULL;
    g_autofree char *result = NULL;
    gsize size = 0;

    text = options->domain_file != NULL
               ? tool_file_read_document(options->domain_file, &size, &error)
               : tool_hostdev_read_domain(options, request, &size, &error);
    if (text != NULL)
        document = zpci_domain_document_new(text, size, &error);
    if (document == NULL && text != NULL)
        g_prefix_error(&error, "%s: ",
                       options->domain_file != NULL ? options->domain_file : options->domain_name);
    if (document != NULL &&
        zpci_domain_document_add(document, request->hostdevs, request->policy, &error))
        result = options->as_diff ? zpci_domain_document_diff(document, name, &error)
                                  : zpci_domain_document_format(document, &error);
    if (result == NULL)
        return tool_fail(error);
    tool_request_print_notes(request);
    fputs(result, stdout);
    return TOOL_OK;
}

static ToolStatus
tool_hostdev_run(const char *root, gconstpointer values, char **arguments)
{
    g_autoptr(GError) error = NULL;
    const ToolHostdevOptions *options = values;
    g_autoptr(ToolRequest) request = NULL;
    gboolean for_domain = options->domain_file != NULL || options->domain_name != NULL;

    if (options->domain_file != NULL && options->domain_name != NULL) {
        fprintf(stderr, "virt-zpci: %s\n", _("--domain-xml and --domain exclude each other."));
        return TOOL_USAGE;
    }
    if ((options->uri != NULL && options->domain_name == NULL) ||
        (options->as_diff && !for_domain)) {
        fprintf(stderr, "virt-zpci: %s\n",
                _("--connect needs --domain, and --diff needs --domain or --domain-xml."));
        return TOOL_USAGE;
    }
    request = tool_request_new(&options->request, arguments, &error);
    if (request == NULL)
        return tool_refuse(error);
    if (!tool_request_resolve_each(request, root, arguments, &error))
        return tool_fail(error);
    return for_domain ? tool_hostdev_print_domain(options, request)
                      : tool_hostdev_print_elements(request);
}

const ToolCommand tool_hostdev_command = {
    .name = "hostdev",
    .arguments = N_("NAME…"),
    .summary = N_("Write the XML that gives functions to a guest"),
    .description = N_(
        "Prints <hostdev> elements for functions of this host, or a whole domain with them added.\n"
        "Devices with a PCI address, and functions, get the UID and FID that they lack. All else\n"
        "in the domain stays as it is. NAME is as for dumpxml."),
    .options = { { entries, 0 }, { tool_request_entries, offsetof(ToolHostdevOptions, request) } },
    .options_size = sizeof(ToolHostdevOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_hostdev_run,
};
