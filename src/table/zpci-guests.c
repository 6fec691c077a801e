/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guests.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "libvirt-library.h"
#include "patient-call.h"
#include "text-quote.h"
#include "zpci-domain-document.h"
#include "zpci-error.h"

/* By itself libvirt writes each error to the standard error, too. */
static void
zpci_guests_ignore(void *data G_GNUC_UNUSED, virErrorPtr problem G_GNUC_UNUSED)
{
}

/* Returns: FALSE, for its caller. */
static gboolean
zpci_guests_fail(const char *what, GError **error)
{
    g_autofree char *words = text_quote_escape(libvirt_library.virGetLastErrorMessage());

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE, "%s: %s", what, words);
    return FALSE;
}

virConnect *
zpci_guests_connect(const char *uri, GError **error)
{
    virConnect *connection;

    if (!libvirt_library_load(error))
        return NULL;
    libvirt_library.virSetErrorFunc(NULL, zpci_guests_ignore);
    connection = libvirt_library.virConnectOpenReadOnly(uri);
    if (connection == NULL)
        zpci_guests_fail(_("Connecting to libvirt failed"), error);
    return connection;
}

/* A domain that went meanwhile, or is of another architecture, has none of our functions. */
static void
zpci_guests_add_domain(GHashTable *guests, virDomain *domain)
{
    char *text = libvirt_library.virDomainGetXMLDesc(domain, 0);
    g_autoptr(ZpciDomainDocument) document =
        text != NULL ? zpci_domain_document_new(text, strlen(text), NULL) : NULL;
    g_auto(GStrv) sources =
        document != NULL ? zpci_domain_document_list_sources(document) : g_new0(char *, 1);

    for (guint i = 0; sources[i] != NULL; i++)
        g_hash_table_insert(guests, g_strdup(sources[i]),
                            g_strdup(libvirt_library.virDomainGetName(domain)));
    free(text);
}

GHashTable *
zpci_guests_list(virConnect *connection, GError **error)
{
    GHashTable *guests;
    virDomain **domains = NULL;
    int count = libvirt_library.virConnectListAllDomains(connection, &domains,
                                                         VIR_CONNECT_LIST_DOMAINS_ACTIVE);

    if (count < 0) {
        zpci_guests_fail(_("libvirt does not list its guests"), error);
        return NULL;
    }
    guests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int i = 0; i < count; i++) {
        zpci_guests_add_domain(guests, domains[i]);
        libvirt_library.virDomainFree(domains[i]);
    }
    free(domains);
    return guests;
}

static void *
zpci_guests_ask(gpointer data, GError **error)
{
    virConnect *connection = zpci_guests_connect(data, error);
    GHashTable *guests;

    if (connection == NULL)
        return NULL;
    guests = zpci_guests_list(connection, error);
    libvirt_library.virConnectClose(connection);
    return guests;
}

GHashTable *
zpci_guests_read(const char *uri, guint milliseconds, GError **error)
{
    g_autoptr(PatientCall) call = patient_call_start(zpci_guests_ask, g_strdup(uri), g_free,
                                                     (GDestroyNotify)g_hash_table_unref);

    if (patient_call_wait(call,
                          g_get_monotonic_time() + (gint64)milliseconds * G_TIME_SPAN_MILLISECOND))
        return patient_call_take(call, error);
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                        _("libvirt does not list its guests: it does not answer."));
    return NULL;
}
