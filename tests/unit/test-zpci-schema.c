/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-schema.h"

#include <glib/gstdio.h>
#include <string.h>

#include "zpci-error.h"
#include "zpci-fact.h"

#define DEVICE_START                                                       \
    "<device>\n"                                                           \
    "<name>pci_0005_00_00_0</name>\n"                                      \
    "<capability type='pci'>\n"                                            \
    "<domain>5</domain><bus>0</bus><slot>0</slot><function>0</function>\n" \
    "<product id='0x1000'/><vendor id='0x1af4'/>\n"
#define DEVICE_END "</capability></device>\n"
/* The line on which what stands between the two begins. */
#define DEVICE_LINE 6

#define ZPCI_START "<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'>"
#define ZPCI_END "</zpci>"

static GPtrArray *
validate(const char *document)
{
    GPtrArray *findings = NULL;
    GError *error = NULL;
    gboolean judged = zpci_schema_validate(document, strlen(document), &findings, &error);

    g_assert_no_error(error);
    g_assert_true(judged);
    return findings;
}

static GPtrArray *
validate_device(const char *zpci)
{
    g_autofree char *document = g_strconcat(DEVICE_START, zpci, DEVICE_END, NULL);

    return validate(document);
}

static const ZpciFinding *
only_finding(GPtrArray *findings)
{
    g_assert_cmpuint(findings->len, ==, 1);
    return g_ptr_array_index(findings, 0);
}

static void
assert_valid(const char *zpci)
{
    g_autoptr(GPtrArray) findings = validate_device(zpci);

    if (findings->len > 0) {
        const ZpciFinding *finding = g_ptr_array_index(findings, 0);

        g_error("%s: %s", zpci, finding->message);
    }
}

static void
assert_not_judged(const char *document, gsize size, ZpciError code)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *findings = NULL;

    g_assert_false(zpci_schema_validate(document, size, &findings, &error));
    g_assert_error(error, ZPCI_ERROR, (int)code);
    g_assert_null(findings);
}

/* One attribute or text alone, but where the schema asks for a companion or forbids the number. */
static char *
write_fact(ZpciFact fact, guint64 number)
{
    const ZpciFactInfo *info = zpci_fact_get_info(fact);
    g_autofree char *value = zpci_fact_format(fact, number);

    if (*info->element == '\0')
        return g_strdup_printf(
            "<zpci uid='%s' fid='%s' pfgid='%s'/>", fact == ZPCI_FACT_UID ? value : "0x0005",
            fact == ZPCI_FACT_FID ? value : "0x0000000c", fact == ZPCI_FACT_PFGID ? value : "0xff");
    if (g_str_equal(info->element, "dma"))
        return g_strdup_printf(ZPCI_START "<dma start='%s' end='%s'/>" ZPCI_END, value, value);
    if (*info->name == '\0')
        return g_strdup_printf(ZPCI_START "<%s>%s</%s>" ZPCI_END, info->element, value,
                               info->element);
    return g_strdup_printf(ZPCI_START "<%s %s='%s'/>" ZPCI_END, info->element, info->name, value);
}

static void
test_every_fact_fits(void)
{
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    for (guint i = 0; i < n_facts; i++) {
        const ZpciFactInfo *info = zpci_fact_get_info(facts[i]);
        guint64 largest = G_MAXUINT64 >> (64 - 8 * info->width);
        g_autofree char *smallest_text = NULL;
        g_autofree char *largest_text = NULL;

        if (info->element == NULL)
            continue;
        smallest_text = write_fact(facts[i], 0);
        largest_text = write_fact(facts[i], largest);
        assert_valid(smallest_text);
        assert_valid(largest_text);
    }
}

static void
test_every_type_fits(void)
{
    for (guint pft = 0; pft <= G_MAXUINT8; pft++) {
        const char *name = zpci_pft_get_name(pft);
        g_autofree char *text = g_strdup_printf(ZPCI_START "<function type='%s'/>" ZPCI_END, name);

        if (name != NULL)
            assert_valid(text);
    }
}

static void
test_every_source_fits(void)
{
    static const char *const elements[] = { "function", "group" };

    assert_valid(ZPCI_START "<source identity='sysfs'/>" ZPCI_END);
    for (guint source = ZPCI_SOURCE_SYSFS; source <= ZPCI_SOURCE_VFIO; source++) {
        for (guint i = 0; i < G_N_ELEMENTS(elements); i++) {
            g_autofree char *text = g_strdup_printf(ZPCI_START "<source %s='%s'/>" ZPCI_END,
                                                    elements[i], zpci_source_get_name(source));

            assert_valid(text);
        }
    }
}

static void
test_finding_names_line_and_element(void)
{
    g_autoptr(GPtrArray) findings = validate_device(ZPCI_START "\n<group mui='70000'/>" ZPCI_END);
    const ZpciFinding *finding = only_finding(findings);

    g_assert_cmpuint(finding->line, ==, DEVICE_LINE + 1);
    g_assert_cmpstr(finding->element, ==, "group");
    g_assert_nonnull(strstr(finding->message, "mui"));
    g_assert_nonnull(strstr(finding->message, "70000"));
}

static void
test_two_faults_are_two_findings(void)
{
    g_autoptr(GPtrArray) findings =
        validate_device(ZPCI_START "\n<function port='256'/>\n<pfip>0</pfip>" ZPCI_END);
    const ZpciFinding *finding;

    g_assert_cmpuint(findings->len, ==, 2);
    finding = g_ptr_array_index(findings, 0);
    g_assert_cmpuint(finding->line, ==, DEVICE_LINE + 1);
    g_assert_cmpstr(finding->element, ==, "function");
    finding = g_ptr_array_index(findings, 1);
    g_assert_cmpuint(finding->line, ==, DEVICE_LINE + 2);
    g_assert_cmpstr(finding->element, ==, "pfip");
}

/* Foreign text must not reach a terminal as it is. */
static void
test_value_is_quoted(void)
{
    g_autoptr(GPtrArray) findings =
        validate_device("<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'"
                        " x='a&#10;b'/>");

    g_assert_null(strchr(only_finding(findings)->message, '\n'));
}

static char *
write_domain(guint n_devices, const char *device)
{
    GString *text = g_string_new("<domain type='kvm'>\n<name>guest</name>\n<memory>512</memory>\n"
                                 "<os><type arch='s390x'>hvm</type></os>\n<devices>\n");

    for (guint i = 0; i < n_devices; i++)
        g_string_append(text, device);
    g_string_append(text, "</devices>\n</domain>\n");
    return g_string_free(text, FALSE);
}

#define DOMAIN_DEVICE(uid)                                                 \
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend>\n" \
    "<address type='pci'><zpci uid='" uid "'/></address></rng>\n"

static void
test_findings_are_bounded(void)
{
    g_autofree char *document = write_domain(40, DOMAIN_DEVICE("0x0000"));
    g_autoptr(GPtrArray) findings = validate(document);

    g_assert_cmpuint(findings->len, ==, ZPCI_SCHEMA_MAX_FINDINGS);
    for (guint i = 0; i < findings->len; i++) {
        const ZpciFinding *finding = g_ptr_array_index(findings, i);

        g_assert_cmpstr(finding->element, ==, "zpci");
        g_assert_cmpuint(finding->line, ==, 7 + 2 * i);
    }
}

/* The search for the fault is bounded, so here the place may be coarse, but there is a finding. */
static void
test_large_document_is_judged(void)
{
    const guint n_devices = 5000;
    g_autofree char *good = write_domain(n_devices, DOMAIN_DEVICE("0x0001"));
    g_autofree char *bad = write_domain(n_devices, DOMAIN_DEVICE("0x0000"));
    g_autoptr(GPtrArray) none = validate(good);
    g_autoptr(GPtrArray) some = validate(bad);

    g_assert_cmpuint(strlen(good), >, 512 * 1024);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpuint(some->len, >, 0);
}

static void
test_lines_beyond_16_bits(void)
{
    g_autofree char *newlines = g_strnfill(70000, '\n');
    g_autofree char *zpci = g_strconcat(newlines, "<zpci/>", NULL);
    g_autoptr(GPtrArray) findings = validate_device(zpci);

    g_assert_cmpuint(only_finding(findings)->line, ==, DEVICE_LINE + 70000);
}

static void
test_not_well_formed(void)
{
    static const char *const documents[] = { "<device>\n<name>\n</device>", "<device>\n&none;",
                                             "no document" };

    for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autoptr(GPtrArray) findings = validate(documents[i]);
        const ZpciFinding *finding = only_finding(findings);

        g_assert_null(finding->element);
        g_assert_nonnull(strstr(finding->message, "not well-formed: "));
    }
}

static void
test_empty(void)
{
    static const char *const documents[] = { "", " \n\t\n" };

    for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
        g_autoptr(GPtrArray) findings = validate(documents[i]);
        const ZpciFinding *finding = only_finding(findings);

        g_assert_cmpstr(finding->message, ==, "The document is empty.");
        g_assert_cmpuint(finding->line, ==, 1);
    }
}

static void
test_not_well_formed_names_line_and_cause(void)
{
    g_autoptr(GPtrArray) findings = validate("<device>\n<name>\n</device>");

    g_assert_cmpuint(only_finding(findings)->line, ==, 3);
    g_assert_nonnull(strstr(only_finding(findings)->message, "mismatch"));
}

static void
assert_doctype_refused(const char *document, guint line)
{
    g_autoptr(GPtrArray) findings = validate(document);
    const ZpciFinding *finding = only_finding(findings);

    g_assert_nonnull(strstr(finding->message, "DOCTYPE"));
    g_assert_cmpuint(finding->line, ==, line);
}

static void
test_document_type_is_refused(void)
{
    assert_doctype_refused("<!DOCTYPE device>\n" DEVICE_START DEVICE_END, 1);
    assert_doctype_refused(
        "<?xml version='1.0'?>\n<!DOCTYPE device SYSTEM 'http://example.org/x'>\n"
        "<device/>",
        2);
    assert_doctype_refused("<!DOCTYPE device [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>\n"
                           "<device><name>&e;</name></device>",
                           1);
}

/* Ten levels of ten: 10 GiB of text if any of it was expanded. */
static void
test_entity_bomb_is_harmless(void)
{
    g_autoptr(GString) text = g_string_new("<!DOCTYPE device [<!ENTITY e0 'zzzzzzzzzz'>");

    for (guint level = 1; level < 10; level++) {
        g_string_append_printf(text, "<!ENTITY e%u '", level);
        for (guint i = 0; i < 10; i++)
            g_string_append_printf(text, "&e%u;", level - 1);
        g_string_append_printf(text, "'>");
    }
    /* In newer GLib g_string_append() is inline and allows for no string at all. */
    g_string_append_printf(text, "]>\n<device><name x='&e9;'>&e9;</name></device>");
    assert_doctype_refused(text->str, 1);
}

static void
test_unknown_root(void)
{
    assert_not_judged("<network/>", strlen("<network/>"), ZPCI_ERROR_INVALID_ARGUMENT);
    assert_not_judged("<zpci/>", strlen("<zpci/>"), ZPCI_ERROR_INVALID_ARGUMENT);
}

static void
test_too_large(void)
{
    g_autofree char *text = g_strnfill(ZPCI_SCHEMA_MAX_DOCUMENT + 1, ' ');

    assert_not_judged(text, ZPCI_SCHEMA_MAX_DOCUMENT + 1, ZPCI_ERROR_INVALID_ARGUMENT);
}

/* Runs with a schema directory of its own, that has @nodedev as nodedev.rng if that is not NULL. */
static void
assert_schema_problem(const char *nodedev, ZpciError code)
{
    g_autofree char *old = g_strdup(g_getenv("LIBVIRT_ZPCI_SCHEMA_DIR"));
    g_autofree char *directory = g_dir_make_tmp("zpci-schema-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "nodedev.rng", NULL);

    g_assert_nonnull(old);
    if (nodedev != NULL)
        g_assert_true(g_file_set_contents(path, nodedev, -1, NULL));
    g_setenv("LIBVIRT_ZPCI_SCHEMA_DIR", directory, TRUE);
    assert_not_judged("<device/>", strlen("<device/>"), code);
    g_setenv("LIBVIRT_ZPCI_SCHEMA_DIR", old, TRUE);

    if (nodedev != NULL)
        g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

static void
test_schema_missing(void)
{
    assert_schema_problem(NULL, ZPCI_ERROR_NOT_FOUND);
}

static void
test_schema_broken(void)
{
    assert_schema_problem("<grammar", ZPCI_ERROR_UNREADABLE);
    assert_schema_problem("<grammar xmlns='http://relaxng.org/ns/structure/1.0'>"
                          "<include href='not-there.rng'/></grammar>",
                          ZPCI_ERROR_UNREADABLE);
}

static void *
validate_often(void *data G_GNUC_UNUSED)
{
    for (guint i = 0; i < 20; i++) {
        g_autoptr(GPtrArray) findings = validate_device(ZPCI_START "<pfip>0</pfip>" ZPCI_END);

        g_assert_cmpstr(only_finding(findings)->element, ==, "pfip");
    }
    return NULL;
}

static void
test_threads(void)
{
    GThread *threads[4];

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("validate", validate_often, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-schema/threads", test_threads);
    g_test_add_func("/zpci-schema/fits/facts", test_every_fact_fits);
    g_test_add_func("/zpci-schema/fits/types", test_every_type_fits);
    g_test_add_func("/zpci-schema/fits/sources", test_every_source_fits);
    g_test_add_func("/zpci-schema/finding/line", test_finding_names_line_and_element);
    g_test_add_func("/zpci-schema/finding/two", test_two_faults_are_two_findings);
    g_test_add_func("/zpci-schema/finding/quoted", test_value_is_quoted);
    g_test_add_func("/zpci-schema/finding/bounded", test_findings_are_bounded);
    g_test_add_func("/zpci-schema/finding/large", test_large_document_is_judged);
    g_test_add_func("/zpci-schema/finding/far", test_lines_beyond_16_bits);
    g_test_add_func("/zpci-schema/syntax/broken", test_not_well_formed);
    g_test_add_func("/zpci-schema/syntax/empty", test_empty);
    g_test_add_func("/zpci-schema/syntax/line", test_not_well_formed_names_line_and_cause);
    g_test_add_func("/zpci-schema/syntax/doctype", test_document_type_is_refused);
    g_test_add_func("/zpci-schema/syntax/bomb", test_entity_bomb_is_harmless);
    g_test_add_func("/zpci-schema/refused/root", test_unknown_root);
    g_test_add_func("/zpci-schema/refused/large", test_too_large);
    g_test_add_func("/zpci-schema/schema/missing", test_schema_missing);
    g_test_add_func("/zpci-schema/schema/broken", test_schema_broken);
    return g_test_run();
}
