/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-connection.h"

#include <glib/gi18n.h>

#include "libvirt-library.h"
#include "libvirt-release.h"
#include "text-quote.h"
#include "zpci-error.h"

/* libvirt prints errors to standard error unless somebody else takes them. */
static void
tool_connection_ignore(void *data G_GNUC_UNUSED, virErrorPtr problem G_GNUC_UNUSED)
{
}

gboolean
tool_connection_fail(const char *what, GError **error)
{
    const virError *problem = libvirt_library.virGetLastError();
    ZpciError code = ZPCI_ERROR_UNREADABLE;

    if (problem != NULL && problem->code == VIR_ERR_NO_DOMAIN)
        code = ZPCI_ERROR_NOT_FOUND;
    g_set_error(error, ZPCI_ERROR, (int)code, "%s: %s", what,
                problem != NULL ? problem->message : _("The cause is not known."));
    return FALSE;
}

virConnect *
tool_connection_open(const char *uri, gboolean read_only, GError **error)
{
    virConnect *connection;

    if (!libvirt_library_load(error))
        return NULL;
    libvirt_library.virSetErrorFunc(NULL, tool_connection_ignore);
    connection = libvirt_library.virConnectOpenAuth(uri, *libvirt_library.virConnectAuthPtrDefault,
                                                    read_only ? VIR_CONNECT_RO : 0);
    if (connection == NULL)
        tool_connection_fail(_("Connecting to libvirt failed"), error);
    return connection;
}

void
tool_connection_close(virConnect *connection)
{
    libvirt_library.virConnectClose(connection);
}

void
tool_connection_free_domain(virDomain *domain)
{
    libvirt_library.virDomainFree(domain);
}

/* Of what is no UUID, libvirt says that only, not that there is no such domain. */
static gboolean
tool_connection_knows_none(void)
{
    int code = libvirt_library.virGetLastErrorCode();

    return code == VIR_ERR_NO_DOMAIN || code == VIR_ERR_INVALID_ARG;
}

virDomain *
tool_connection_find(virConnect *connection, const char *name, GError **error)
{
    virDomain *domain = libvirt_library.virDomainLookupByName(connection, name);
    gboolean is_no_name =
        domain == NULL && libvirt_library.virGetLastErrorCode() == VIR_ERR_NO_DOMAIN;
    g_autofree char *quoted = text_quote(name);
    g_autofree char *what = NULL;
    char *uri = NULL;

    if (is_no_name)
        domain = libvirt_library.virDomainLookupByUUIDString(connection, name);
    if (domain != NULL)
        return domain;
    if (is_no_name && tool_connection_knows_none()) {
        uri = libvirt_library.virConnectGetURI(connection);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("libvirt has no domain with the name or UUID %s at %s."), quoted,
                    uri != NULL ? uri : "-");
        free(uri);
        return NULL;
    }
    what = g_strdup_printf(_("Looking up the domain %s failed"), quoted);
    tool_connection_fail(what, error);
    return NULL;
}

/* Its own number, not that of the client's library, which may be that of another machine. */
gboolean
tool_connection_check_iommufd(virConnect *connection, GError **error)
{
    unsigned long number = 0;
    g_autofree char *release = NULL;
    char *uri;

    if (libvirt_library.virConnectGetLibVersion(connection, &number) < 0)
        return tool_connection_fail(_("Asking libvirt for its release failed"), error);
    if (libvirt_release_find(number)->passes_by_iommufd)
        return TRUE;
    release = libvirt_release_format(number);
    uri = libvirt_library.virConnectGetURI(connection);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                _("The libvirt at %s is of release %s, which does not know iommufd; leave it out, "
                  "or use libvirt 12.1.0 or later there."),
                uri != NULL ? uri : "-", release);
    free(uri);
    return FALSE;
}

char *
tool_connection_read(virDomain *domain, guint flags, GError **error)
{
    char *text = libvirt_library.virDomainGetXMLDesc(domain, flags);
    char *copy = g_strdup(text);

    if (text == NULL)
        tool_connection_fail(_("Reading the domain's document failed"), error);
    free(text);
    return copy;
}
