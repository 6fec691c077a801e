/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-domain.h"
#include "tool-request.h"
#include "tool.h"

typedef struct {
    ToolDomainOptions domain;
    ToolRequestOptions request;
} ToolAttachOptions;

static gboolean
tool_attach_collect(const GPtrArray *documents, ZpciAddressSet *set, GError **error)
{
    for (guint i = 0; i < documents->len; i++) {
        if (!zpci_domain_document_collect(g_ptr_array_index(documents, i), set, error))
            return FALSE;
    }
    return TRUE;
}

/* The numbers have to be free in each of the domain's documents. Functions leave the devices the
 * numbers that those ask for, and the devices leave the functions theirs. */
static gboolean
tool_attach_assign(ToolRequest *request, const ToolDomain *domain, const GPtrArray *documents,
                   GError **error)
{
    g_autoptr(ZpciAddressSet) for_functions = zpci_address_set_new();
    g_autoptr(ZpciAddressSet) for_devices = zpci_address_set_new();

    if (!tool_attach_collect(documents, for_functions, error) ||
        !tool_attach_collect(domain->devices, for_functions, error) ||
        !zpci_hostdev_assign(request->hostdevs, for_functions, request->policy, error) ||
        !tool_attach_collect(documents, for_devices, error))
        return FALSE;
    for (guint i = 0; i < request->hostdevs->len; i++) {
        const ZpciAddressRequest *assigned =
            zpci_hostdev_get_request(g_ptr_array_index(request->hostdevs, i));
        guint16 uid;
        guint32 fid;

        if (zpci_address_request_get_uid(assigned, &uid))
            zpci_address_set_add_uid(for_devices, uid, 0);
        if (zpci_address_request_get_fid(assigned, &fid))
            zpci_address_set_add_fid(for_devices, fid, 0);
    }
    for (guint i = 0; i < domain->devices->len; i++) {
        if (!zpci_domain_document_complete(g_ptr_array_index(domain->devices, i), for_devices,
                                           error))
            return FALSE;
    }
    return TRUE;
}

/* (transfer full) (element-type ZpciHostdev): copies, whose notes nobody reads. */
static GPtrArray *
tool_attach_copy_each(const ToolRequest *request)
{
    GPtrArray *copies = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_hostdev_unref);

    for (guint i = 0; i < request->hostdevs->len; i++)
        g_ptr_array_add(copies, zpci_hostdev_copy(g_ptr_array_index(request->hostdevs, i)));
    return copies;
}

/* Other devices may have it in their documents. */
static gboolean
tool_attach_check_connection(const ToolRequest *request, const ToolDomain *domain, GError **error)
{
    if (!tool_request_check_connection(request, domain->connection, error))
        return FALSE;
    for (guint i = 0; i < domain->devices->len; i++) {
        g_auto(GStrv) by_iommufd =
            zpci_domain_document_list_by_iommufd(g_ptr_array_index(domain->devices, i));

        if (by_iommufd[0] != NULL && !tool_connection_check_iommufd(domain->connection, error))
            return FALSE;
    }
    return TRUE;
}

/* What libvirt would have afterwards has to be valid before it is asked. */
static gboolean
tool_attach_check(ToolRequest *request, const GPtrArray *documents, GError **error)
{
    for (guint i = 0; i < documents->len; i++) {
        ZpciDomainDocument *document = g_ptr_array_index(documents, i);
        g_autoptr(GPtrArray) copies = tool_attach_copy_each(request);
        g_autofree char *text = NULL;

        if (zpci_domain_document_add(document, copies, request->policy, error))
            text = zpci_domain_document_format(document, error);
        if (text == NULL)
            return FALSE;
    }
    return TRUE;
}

static char *
tool_attach_format_one(ZpciHostdev *hostdev, GError **error)
{
    g_autoptr(GPtrArray) alone = g_ptr_array_new();

    g_ptr_array_add(alone, hostdev);
    return zpci_hostdev_format(alone, error);
}

static char **
tool_attach_format(const ToolRequest *request, const ToolDomain *domain, GError **error)
{
    guint n_hostdevs = request->hostdevs->len;
    g_auto(GStrv) elements = g_new0(char *, (gsize)n_hostdevs + domain->devices->len + 1);

    for (guint i = 0; i < n_hostdevs + domain->devices->len; i++) {
        elements[i] = i < n_hostdevs
                          ? tool_attach_format_one(g_ptr_array_index(request->hostdevs, i), error)
                          : zpci_domain_document_format(
                                g_ptr_array_index(domain->devices, i - n_hostdevs), error);
        if (elements[i] == NULL)
            return NULL;
    }
    return g_steal_pointer(&elements);
}

/* What an element is called in a message. */
static const char *
tool_attach_get_name(const ToolRequest *request, guint index)
{
    return index < request->names->len ? g_ptr_array_index(request->names, index)
                                       : _("the other device");
}

/* Elements that are taken back, and how many of them. */
typedef struct {
    char **elements;
    guint count;
} ToolAttachUndo;

static gboolean
tool_attach_is_undone(const GPtrArray *documents, gpointer data)
{
    const ToolAttachUndo *undo = data;

    for (guint i = 0; i < undo->count; i++) {
        g_autofree char *device = tool_domain_find_device(documents, undo->elements[i]);

        if (device != NULL)
            return FALSE;
    }
    return TRUE;
}

/* The last one first. One that cannot be taken back is named: it is there now. */
static void
tool_attach_undo(const ToolDomain *domain, const ToolRequest *request, char **elements, guint count)
{
    ToolAttachUndo undo = { elements, count };
    g_autoptr(GPtrArray) documents = tool_domain_load_each(domain, NULL);

    for (guint i = count; i > 0; i--) {
        g_autoptr(GError) problem = NULL;
        g_autofree char *device =
            documents != NULL ? tool_domain_find_device(documents, elements[i - 1]) : NULL;

        if (!tool_domain_detach(domain, device != NULL ? device : elements[i - 1], &problem))
            fprintf(stderr, _("virt-zpci: %s stays attached. %s\n"),
                    tool_attach_get_name(request, i - 1), problem->message);
    }
    if (count > 0 && !tool_domain_wait(domain, tool_attach_is_undone, &undo))
        fprintf(stderr, "virt-zpci: %s\n",
                _("The guest has not let go of the devices that were attached before."));
}

static gboolean
tool_attach_each(const ToolDomain *domain, const ToolRequest *request, char **elements,
                 GError **error)
{
    for (guint i = 0; elements[i] != NULL; i++) {
        if (tool_domain_attach(domain, elements[i], error))
            continue;
        g_prefix_error(error, "%s: ", tool_attach_get_name(request, i));
        tool_attach_undo(domain, request, elements, i);
        return FALSE;
    }
    return TRUE;
}

/* What libvirt made of it. */
static gboolean
tool_attach_show(const ToolDomain *domain, const ToolRequest *request, char **elements,
                 GError **error)
{
    g_autoptr(GPtrArray) documents = tool_domain_load_each(domain, error);

    for (guint i = 0; documents != NULL && elements[i] != NULL; i++) {
        g_autofree char *device = tool_domain_find_device(documents, elements[i]);

        /* Another device may have no numbers to find it by. */
        if (device == NULL && i < request->hostdevs->len) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                        _("libvirt says that it has attached %s, but the domain does not have it."),
                        tool_attach_get_name(request, i));
            return FALSE;
        }
        fputs(device != NULL ? device : elements[i], stdout);
    }
    return documents != NULL;
}

static gboolean
tool_attach_do(ToolRequest *request, const ToolDomainOptions *options, const char *root,
               char **arguments, GError **error)
{
    g_autoptr(ToolDomain) domain = NULL;
    g_autoptr(GPtrArray) documents = NULL;
    g_auto(GStrv) elements = NULL;

    if (!tool_request_resolve_each(request, root, arguments + 1, error))
        return FALSE;
    domain = tool_domain_open(options, arguments[0], error);
    if (domain == NULL || !tool_attach_check_connection(request, domain, error))
        return FALSE;
    documents = tool_domain_load_each(domain, error);
    if (documents == NULL || !tool_attach_assign(request, domain, documents, error) ||
        !tool_attach_check(request, documents, error))
        return FALSE;
    elements = tool_attach_format(request, domain, error);
    if (elements == NULL)
        return FALSE;
    tool_request_print_notes(request);
    if (!domain->dry_run)
        return tool_attach_each(domain, request, elements, error) &&
               tool_attach_show(domain, request, elements, error);
    for (guint i = 0; elements[i] != NULL; i++)
        fputs(elements[i], stdout);
    return TRUE;
}

static ToolStatus
tool_attach_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolAttachOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(ToolRequest) request = NULL;

    if (tool_domain_check_arguments(&options->domain, arguments + 1, &error))
        request = tool_request_new(&options->request, arguments + 1, &error);
    if (request == NULL)
        return tool_refuse(error);
    return tool_attach_do(request, &options->domain, root, arguments, &error) ? TOOL_OK
                                                                              : tool_fail(error);
}

const ToolCommand tool_attach_command = {
    .name = "attach",
    .arguments = N_("DOMAIN [NAME…]"),
    .summary = N_("Give functions to a guest"),
    .description = N_(
        "Attaches functions of this host to a domain of libvirt, all of them or none, and prints\n"
        "the devices as libvirt has them then. Without --live and --config, the running domain\n"
        "is changed if it runs, else the one for its next start. NAME is as for dumpxml."),
    .options = { { tool_domain_entries, offsetof(ToolAttachOptions, domain) },
                 { tool_request_entries, offsetof(ToolAttachOptions, request) } },
    .options_size = sizeof(ToolAttachOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_attach_run,
};
