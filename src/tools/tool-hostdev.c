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

static char *domain_file;
static char *domain_name;
static char *uri;
static gboolean as_diff;

static const GOptionEntry entries[] = {
    { "domain-xml", 'x', 0, G_OPTION_ARG_FILENAME, &domain_file,
      N_("Print the domain in FILE, with the functions added"), N_("FILE") },
    { "domain", 'd', 0, G_OPTION_ARG_STRING, &domain_name,
      N_("Print this domain of libvirt, with the functions added"), N_("NAME") },
    { "connect", 'c', 0, G_OPTION_ARG_STRING, &uri, N_("Where libvirt has the domain"), N_("URI") },
    { "diff", 'n', 0, G_OPTION_ARG_NONE, &as_diff, N_("Print only what changes in the domain"),
      NULL },
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
tool_hostdev_read_domain(gsize *size, GError **error)
{
    g_autoptr(virConnect) connection = tool_connection_open(uri, FALSE, error);
    g_autoptr(virDomain) domain = NULL;
    char *text;

    if (connection == NULL)
        return NULL;
    domain = tool_connection_find(connection, domain_name, error);
    if (domain == NULL)
        return NULL;
    text = tool_connection_read(domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE, error);
    if (text != NULL)
        *size = strlen(text);
    return text;
}

static ToolStatus
tool_hostdev_print_domain(ToolRequest *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciDomainDocument) document = NULL;
    g_autofree char *name =
        domain_file != NULL ? g_strdup(domain_file) : g_strdup_printf(DOMAIN_FILE, domain_name);
    g_autofree char *text = NULL;
    g_autofree char *result = NULL;
    gsize size = 0;

    text = domain_file != NULL ? tool_file_read_document(domain_file, &size, &error)
                               : tool_hostdev_read_domain(&size, &error);
    if (text != NULL)
        document = zpci_domain_document_new(text, size, &error);
    if (document == NULL && text != NULL)
        g_prefix_error(&error, "%s: ", domain_file != NULL ? domain_file : domain_name);
    if (document != NULL &&
        zpci_domain_document_add(document, request->hostdevs, request->policy, &error))
        result = as_diff ? zpci_domain_document_diff(document, name, &error)
                         : zpci_domain_document_format(document, &error);
    if (result == NULL)
        return tool_fail(error);
    tool_request_print_notes(request);
    fputs(result, stdout);
    return TOOL_OK;
}

static ToolStatus
tool_hostdev_run(const char *root, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ToolRequest) request = NULL;
    gboolean for_domain = domain_file != NULL || domain_name != NULL;

    if (domain_file != NULL && domain_name != NULL) {
        fprintf(stderr, "virt-zpci: %s\n", _("--domain-xml and --domain exclude each other."));
        return TOOL_USAGE;
    }
    if ((uri != NULL && domain_name == NULL) || (as_diff && !for_domain)) {
        fprintf(stderr, "virt-zpci: %s\n",
                _("--connect needs --domain, and --diff needs --domain or --domain-xml."));
        return TOOL_USAGE;
    }
    request = tool_request_new(arguments, &error);
    if (request == NULL)
        return tool_refuse(error);
    if (!tool_request_resolve_each(request, root, arguments, &error))
        return tool_fail(error);
    return for_domain ? tool_hostdev_print_domain(request) : tool_hostdev_print_elements(request);
}

const ToolCommand tool_hostdev_command = {
    .name = "hostdev",
    .arguments = N_("NAME…"),
    .summary = N_("Write what gives functions to a guest"),
    .description = N_(
        "Prints <hostdev> elements for functions of this host, or a whole domain that has them;\n"
        "all else in the domain stays as it is, but devices with a PCI address, and functions,\n"
        "get the UID and FID that they lack. NAME is as for dumpxml."),
    .entries = entries,
    .shared_entries = tool_request_entries,
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_hostdev_run,
};
