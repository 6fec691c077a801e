/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-domain.h"

#include <glib/gi18n.h>
#include <string.h>

#include "libvirt-library.h"
#include "tool-file.h"

#define POLL_MICROSECONDS 200000

const GOptionEntry tool_domain_entries[] = {
    { "connect", 'c', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolDomainOptions, uri),
      N_("Where libvirt has the domain"), N_("URI") },
    { "live", 'l', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolDomainOptions, live),
      N_("Change the running domain"), NULL },
    { "config", 'C', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolDomainOptions, config),
      N_("Change the domain for its next start"), NULL },
    { "device-xml", 'x', 0, G_OPTION_ARG_FILENAME_ARRAY,
      TOOL_OPTION(ToolDomainOptions, device_files),
      N_("Another device, in FILE; may be given several times"), N_("FILE") },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolDomainOptions, dry_run),
      N_("Show what would be done, and do nothing"), NULL },
    G_OPTION_ENTRY_NULL,
};

static gboolean
tool_domain_read_devices(ToolDomain *domain, char **device_files, GError **error)
{
    for (char **path = device_files; path != NULL && *path != NULL; path++) {
        gsize size = 0;
        g_autofree char *text = tool_file_read_document(*path, &size, error);
        ZpciDomainDocument *device = NULL;

        if (text != NULL)
            device = zpci_domain_document_new_device(text, size, error);
        if (text != NULL && device == NULL)
            g_prefix_error(error, "%s: ", *path);
        if (device == NULL)
            return FALSE;
        g_ptr_array_add(domain->devices, device);
    }
    return TRUE;
}

gboolean
tool_domain_check_arguments(const ToolDomainOptions *options, char **names, GError **error)
{
    if (names[0] != NULL || options->device_files != NULL)
        return TRUE;
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("Name a function of the host, or give a device with --device-xml."));
    return FALSE;
}

ToolDomain *
tool_domain_open(const ToolDomainOptions *options, const char *name, GError **error)
{
    g_autoptr(ToolDomain) domain = g_new0(ToolDomain, 1);
    int active;

    domain->devices = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_domain_document_free);
    domain->dry_run = options->dry_run;
    if (!tool_domain_read_devices(domain, options->device_files, error))
        return NULL;
    domain->connection = tool_connection_open(options->uri, FALSE, error);
    if (domain->connection == NULL)
        return NULL;
    domain->domain = tool_connection_find(domain->connection, name, error);
    if (domain->domain == NULL)
        return NULL;
    active = libvirt_library.virDomainIsActive(domain->domain);
    if (active < 0) {
        tool_connection_fail(_("Asking whether the domain is running failed"), error);
        return NULL;
    }
    domain->flags = (options->live ? VIR_DOMAIN_AFFECT_LIVE : 0) |
                    (options->config ? VIR_DOMAIN_AFFECT_CONFIG : 0);
    if (domain->flags == 0)
        domain->flags = active ? VIR_DOMAIN_AFFECT_LIVE : VIR_DOMAIN_AFFECT_CONFIG;
    if (!active && (domain->flags & VIR_DOMAIN_AFFECT_LIVE) != 0) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                            _("The domain is not running; leave --live out."));
        return NULL;
    }
    return g_steal_pointer(&domain);
}

void
tool_domain_free(ToolDomain *domain)
{
    if (domain == NULL)
        return;
    if (domain->domain != NULL)
        libvirt_library.virDomainFree(domain->domain);
    if (domain->connection != NULL)
        libvirt_library.virConnectClose(domain->connection);
    g_ptr_array_unref(domain->devices);
    g_free(domain);
}

ZpciDomainDocument *
tool_domain_load(const ToolDomain *domain, guint flag, GError **error)
{
    g_autofree char *text = tool_connection_read(
        domain->domain, flag == VIR_DOMAIN_AFFECT_CONFIG ? VIR_DOMAIN_XML_INACTIVE : 0, error);

    return text != NULL ? zpci_domain_document_new(text, strlen(text), error) : NULL;
}

GPtrArray *
tool_domain_load_each(const ToolDomain *domain, GError **error)
{
    static const guint flags[] = { VIR_DOMAIN_AFFECT_LIVE, VIR_DOMAIN_AFFECT_CONFIG };
    g_autoptr(GPtrArray) documents =
        g_ptr_array_new_with_free_func((GDestroyNotify)zpci_domain_document_free);

    for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
        ZpciDomainDocument *document;

        if ((domain->flags & flags[i]) == 0)
            continue;
        document = tool_domain_load(domain, flags[i], error);
        if (document == NULL)
            return NULL;
        g_ptr_array_add(documents, document);
    }
    return g_steal_pointer(&documents);
}

char *
tool_domain_find(const GPtrArray *documents, const char *address)
{
    char *device = NULL;

    for (guint i = 0; device == NULL && i < documents->len; i++)
        device = zpci_domain_document_find(g_ptr_array_index(documents, i), address);
    return device;
}

char *
tool_domain_find_device(const GPtrArray *documents, const char *xml)
{
    g_autoptr(ZpciDomainDocument) wanted = zpci_domain_document_new_device(xml, strlen(xml), NULL);
    char *device = NULL;

    for (guint i = 0; wanted != NULL && device == NULL && i < documents->len; i++)
        device = zpci_domain_document_find_device(g_ptr_array_index(documents, i), wanted);
    return device;
}

gboolean
tool_domain_wait(const ToolDomain *domain, ToolDomainTest test, gpointer data)
{
    gint64 end = g_get_monotonic_time() + TOOL_DOMAIN_PATIENCE_SECONDS * G_USEC_PER_SEC;

    for (;;) {
        g_autoptr(GPtrArray) documents = tool_domain_load_each(domain, NULL);

        if (documents != NULL && test(documents, data))
            return TRUE;
        if (g_get_monotonic_time() > end)
            return FALSE;
        g_usleep(POLL_MICROSECONDS);
    }
}

gboolean
tool_domain_attach(const ToolDomain *domain, const char *xml, GError **error)
{
    return libvirt_library.virDomainAttachDeviceFlags(domain->domain, xml, domain->flags) == 0 ||
           tool_connection_fail(_("Attaching the device failed"), error);
}

gboolean
tool_domain_detach(const ToolDomain *domain, const char *xml, GError **error)
{
    return libvirt_library.virDomainDetachDeviceFlags(domain->domain, xml, domain->flags) == 0 ||
           tool_connection_fail(_("Detaching the device failed"), error);
}
