/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-overlay.h"

#include <string.h>

#include "zpci-error.h"
#include "zpci-function-private.h"

/* Nothing like what libvirt would write: the overlay must not care. */
#define HEAD \
    "<device>\n  <name>pci_0005_00_00_0</name>\n  <odd  a=\"1\" />\n  <capability type='pci'>\n"
#define BODY "    <vendor id='0x1'>A &amp; B\n  &lt;/capability></vendor>\n"
#define TAIL "  </capability>\n</device>\n"

static char *
overlay(const char *xml, GError **error)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(ZpciFunction) function = NULL;

    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, 5);
    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0xc);
    zpci_facts_set(&facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_SYSFS, 0xff);
    function = zpci_function_new(&facts);
    return node_device_overlay_add(xml, function, error);
}

static void
test_zpci_is_added_and_nothing_else_changes(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = overlay(HEAD BODY TAIL, &error);
    gsize before = strlen(HEAD BODY);

    g_assert_no_error(error);
    g_assert_cmpint(strncmp(xml, HEAD BODY, before), ==, 0);
    g_assert_true(
        g_str_has_prefix(xml + before, "    <zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'>\n"));
    g_assert_true(g_str_has_suffix(xml, "    </zpci>\n" TAIL));
}

static void
test_other_documents_stay_as_they_are(void)
{
    static const char *const documents[] = {
        "<device><capability type='net'/></device>",
        "<device><parent><capability type='pci'/></parent></device>",
        "<domain><capability type='pci'/></domain>",
        HEAD "    <zpci uid='0x0001'/>\n" TAIL,
    };

    for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autofree char *xml = overlay(documents[i], NULL);

        g_assert_cmpstr(xml, ==, documents[i]);
    }
}

static void
test_what_is_no_document_is_refused(void)
{
    static const char *const documents[] = {
        "",
        "device",
        "<device>",
        "<!DOCTYPE device [<!ENTITY a 'b'>]><device>&a;</device>",
    };

    for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(overlay(documents[i], &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-overlay/zpci-is-added-and-nothing-else-changes",
                    test_zpci_is_added_and_nothing_else_changes);
    g_test_add_func("/node-device-overlay/other-documents-stay-as-they-are",
                    test_other_documents_stay_as_they_are);
    g_test_add_func("/node-device-overlay/what-is-no-document-is-refused",
                    test_what_is_no_document_is_refused);
    return g_test_run();
}
