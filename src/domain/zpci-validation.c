/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-validation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "xml-document.h"
#include "xml-node.h"
#include "zpci-error.h"
#include "zpci-finding-private.h"
#include "zpci-schema-private.h"
#include "zpci-validation-private.h"

static void
zpci_validation_check_meaning(xmlDoc *document, ZpciHostLookup look_up, gpointer data,
                              GPtrArray *findings)
{
    g_autoptr(GArray) devices = zpci_guest_device_list(document);
    g_autofree char *architecture = zpci_guest_device_get_architecture(document);
    g_autofree char *name = zpci_guest_device_get_name(document);
    ZpciMeaning meaning = {
        document, devices, architecture, name, look_up, data, findings,
    };

    if (strcmp((const char *)xmlDocGetRootElement(document)->name, "device") == 0) {
        zpci_validation_function_check(&meaning);
        return;
    }
    zpci_validation_number_check(&meaning);
    zpci_validation_address_check(&meaning);
    zpci_validation_source_check(&meaning);
    zpci_validation_number_spell_out(&meaning);
    zpci_validation_iommufd_check(&meaning);
}

/* Where the meaning of an element is wrong, the schema's complaint says less. A warning is about
 * something else. */
static void
zpci_validation_merge(GPtrArray *findings, GPtrArray *of_schema)
{
    guint n_meaning = findings->len;

    for (guint i = 0; i < of_schema->len; i++) {
        ZpciFinding *finding = g_ptr_array_index(of_schema, i);
        gboolean known = FALSE;

        for (guint k = 0; k < n_meaning && !known; k++) {
            const ZpciFinding *of_meaning = g_ptr_array_index(findings, k);

            known = of_meaning->severity == ZPCI_SEVERITY_ERROR &&
                    zpci_finding_is_at_same_place(of_meaning, finding);
        }
        if (!known && findings->len < ZPCI_VALIDATION_MAX_FINDINGS) {
            g_ptr_array_add(findings, finding);
            of_schema->pdata[i] = NULL;
        }
    }
    g_ptr_array_sort(findings, zpci_finding_compare);
}

static gboolean
zpci_validation_check(xmlDoc *document, gsize size, ZpciHostLookup look_up, gpointer data,
                      GPtrArray *findings, GError **error)
{
    g_autoptr(GPtrArray) of_schema = g_ptr_array_new_with_free_func(zpci_finding_free);

    zpci_validation_check_meaning(document, look_up, data, findings);
    if (!zpci_schema_check(document, size, of_schema, error))
        return FALSE;
    zpci_validation_merge(findings, of_schema);
    return TRUE;
}

/* Devices one after the other, as our own hostdev command prints them, are no document; with an
 * element around them, on the same lines, they are. */
static xmlDoc *
zpci_validation_parse(const char *document, gsize size, GPtrArray *findings)
{
    static const char *const devices[] = { "<hostdev", "<interface" };
    xmlDoc *parsed = xml_document_parse(document, size, findings);
    g_autoptr(GPtrArray) ignored = g_ptr_array_new_with_free_func(zpci_finding_free);
    g_autoptr(GString) text = NULL;

    for (guint i = 0; parsed == NULL && i < G_N_ELEMENTS(devices); i++) {
        if (size < strlen(devices[i]) || memcmp(document, devices[i], strlen(devices[i])) != 0)
            continue;
        text = g_string_new("<devices>");
        g_string_append_len(text, document, (gssize)size);
        g_string_append(text, "</devices>");
        parsed = xml_document_parse(text->str, text->len, ignored);
        if (parsed != NULL)
            g_ptr_array_set_size(findings, 0);
        break;
    }
    return parsed;
}

gboolean
zpci_validation_run(const char *document, gsize size, ZpciHostLookup look_up, gpointer data,
                    GPtrArray **findings, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(zpci_finding_free);
    g_autoptr(xmlDoc) parsed = NULL;

    if (size > XML_DOCUMENT_MAX) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The document is larger than %d bytes and is not validated."),
                    XML_DOCUMENT_MAX);
        return FALSE;
    }
    parsed = zpci_validation_parse(document, size, found);
    if (parsed != NULL && !zpci_validation_check(parsed, size, look_up, data, found, error))
        return FALSE;
    *findings = g_steal_pointer(&found);
    return TRUE;
}
