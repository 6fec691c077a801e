/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-domain.h"
#include "tool-request.h"
#include "tool.h"

/* @names: as they were given; @addresses: of the functions; @elements: the devices to be detached
 */
typedef struct {
    char **names;
    GPtrArray *addresses;
    GPtrArray *elements;
    guint count;
} ToolDetachment;

/* A function that has gone from the host can still be in a domain, under its address. */
static char *
tool_detach_resolve(ZpciInventory *inventory, const char *text, GError **error)
{
    g_autoptr(GError) problem = NULL;
    char *address = tool_request_resolve(inventory, text, &problem);

    if (address == NULL)
        address = tool_request_format_address(text);
    if (address == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return address;
}

static gboolean
tool_detach_resolve_each(const char *root, ToolDetachment *detachment, GError **error)
{
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, error);

    if (inventory == NULL)
        return FALSE;
    for (char **name = detachment->names; *name != NULL; name++) {
        char *address = tool_detach_resolve(inventory, *name, error);

        if (address == NULL)
            return FALSE;
        g_ptr_array_add(detachment->addresses, address);
    }
    return TRUE;
}

static gboolean
tool_detach_find_each(const ToolDomain *domain, ToolDetachment *detachment, GError **error)
{
    g_autoptr(GPtrArray) documents = tool_domain_load_each(domain, error);

    for (guint i = 0; documents != NULL && i < detachment->addresses->len; i++) {
        const char *address = g_ptr_array_index(detachment->addresses, i);
        char *element = tool_domain_find(documents, address);

        if (element == NULL) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                        _("The domain does not have the function %s."), address);
            return FALSE;
        }
        g_ptr_array_add(detachment->elements, element);
    }
    return documents != NULL;
}

/* libvirt tells devices apart by their addresses, so one with numbers is taken as libvirt has it;
 * one without is taken as it was given. */
static gboolean
tool_detach_add_devices(const ToolDomain *domain, ToolDetachment *detachment, GError **error)
{
    g_autoptr(GPtrArray) documents = tool_domain_load_each(domain, error);

    for (guint i = 0; documents != NULL && i < domain->devices->len; i++) {
        g_autofree char *given =
            zpci_domain_document_format(g_ptr_array_index(domain->devices, i), error);
        char *element;

        if (given == NULL)
            return FALSE;
        element = tool_domain_find_device(documents, given);
        g_ptr_array_add(detachment->elements, element != NULL ? element : g_steal_pointer(&given));
    }
    return documents != NULL;
}

static const char *
tool_detach_get_name(const ToolDetachment *detachment, guint index)
{
    return index < detachment->addresses->len ? detachment->names[index] : _("the other device");
}

static void
tool_detach_undo(const ToolDomain *domain, const ToolDetachment *detachment, guint count)
{
    for (guint i = count; i > 0; i--) {
        g_autoptr(GError) problem = NULL;

        if (!tool_domain_attach(domain, g_ptr_array_index(detachment->elements, i - 1), &problem))
            fprintf(stderr, _("virt-zpci: %s stays detached. %s\n"),
                    tool_detach_get_name(detachment, i - 1), problem->message);
    }
}

/* Whether the domain has none of the devices (any more). */
static gboolean
tool_detach_is_done(const GPtrArray *documents, gpointer data)
{
    const ToolDetachment *detachment = data;

    for (guint i = 0; i < detachment->count; i++) {
        g_autofree char *device =
            i < detachment->addresses->len
                ? tool_domain_find(documents, g_ptr_array_index(detachment->addresses, i))
                : tool_domain_find_device(documents, g_ptr_array_index(detachment->elements, i));

        if (device != NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
tool_detach_each(const ToolDomain *domain, ToolDetachment *detachment, GError **error)
{
    for (guint i = 0; i < detachment->elements->len; i++) {
        detachment->count = i;
        if (tool_domain_detach(domain, g_ptr_array_index(detachment->elements, i), error))
            continue;
        g_prefix_error(error, "%s: ", tool_detach_get_name(detachment, i));
        if (tool_domain_wait(domain, tool_detach_is_done, detachment))
            tool_detach_undo(domain, detachment, i);
        return FALSE;
    }
    detachment->count = detachment->elements->len;
    if (tool_domain_wait(domain, tool_detach_is_done, detachment))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                _("The guest has been asked to let go of the devices, but has not done so for %d "
                  "seconds; they will be detached when it does."),
                TOOL_DOMAIN_PATIENCE_SECONDS);
    return FALSE;
}

static ToolStatus
tool_detach_run(const char *root, gconstpointer options, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ToolDomain) domain = NULL;
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) elements = g_ptr_array_new_with_free_func(g_free);
    ToolDetachment detachment = { arguments + 1, addresses, elements, 0 };

    if (!tool_domain_check_arguments(options, arguments + 1, &error))
        return tool_refuse(error);
    if (tool_detach_resolve_each(root, &detachment, &error))
        domain = tool_domain_open(options, arguments[0], &error);
    if (domain == NULL || !tool_detach_find_each(domain, &detachment, &error) ||
        !tool_detach_add_devices(domain, &detachment, &error) ||
        (!domain->dry_run && !tool_detach_each(domain, &detachment, &error)))
        return tool_fail(error);
    for (guint i = 0; i < elements->len; i++)
        fputs(g_ptr_array_index(elements, i), stdout);
    return TOOL_OK;
}

const ToolCommand tool_detach_command = {
    .name = "detach",
    .arguments = N_("DOMAIN [NAME…]"),
    .summary = N_("Take functions from a guest"),
    .description = N_(
        "Detaches functions of this host from a domain of libvirt, all of them or none, and\n"
        "prints the devices as libvirt had them. Without --live and --config, the running domain\n"
        "is changed if it runs, else the one for its next start. NAME is as for dumpxml."),
    .options = { { tool_domain_entries, 0 } },
    .options_size = sizeof(ToolDomainOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_detach_run,
};
