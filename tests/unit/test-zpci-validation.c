/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-validation.h"

#include <string.h>

#include "expect.h"

#define HOSTDEV(attributes, domain)                                                        \
    "<hostdev mode='subsystem' type='pci' " attributes "><source><address domain='" domain \
    "' bus='0x00' slot='0x00' function='0x0'/></source></hostdev>\n"

static GPtrArray *
validate(const char *text, ZpciHostLookup look_up, gpointer data)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *findings = NULL;

    zpci_validation_run(text, strlen(text), look_up, data, &findings, &error);
    g_assert_no_error(error);
    return findings;
}

/* Knows 0005:00:00.0 only, and notes what it is asked for. */
static gboolean
look_up(const char *address, const char *domain, ZpciHostState *state, gpointer data)
{
    g_string_append_printf(data, "%s by %s\n", address, domain != NULL ? domain : "nobody");
    if (!g_str_equal(address, "0005:00:00.0"))
        return FALSE;
    state->driver = "mlx5_core";
    state->holder = "other";
    return TRUE;
}

static void
test_host_is_asked_for_each_function(void)
{
    g_autoptr(GString) asked = g_string_new(NULL);
    g_autoptr(GPtrArray) findings = validate(
        HOSTDEV("managed='no'", "0x0005") HOSTDEV("managed='yes'", "0x0006"), look_up, asked);
    const ZpciFinding *finding;

    g_assert_cmpstr(asked->str, ==, "0005:00:00.0 by nobody\n0006:00:00.0 by nobody\n");
    g_assert_cmpuint(findings->len, ==, 3);
    finding = g_ptr_array_index(findings, 0);
    g_assert_cmpint(finding->severity, ==, ZPCI_SEVERITY_ERROR);
    expect_has(finding->message, "mlx5_core");
    finding = g_ptr_array_index(findings, 1);
    g_assert_cmpint(finding->severity, ==, ZPCI_SEVERITY_WARNING);
    g_assert_cmpstr(zpci_finding_get_severity_name(finding), ==, "warning");
    expect_has(finding->message, "'other'");
    finding = g_ptr_array_index(findings, 2);
    g_assert_cmpuint(finding->line, ==, 2);
    expect_has(finding->message, "0006:00:00.0");
}

static void
test_name_of_the_domain_is_told(void)
{
    g_autoptr(GString) asked = g_string_new(NULL);
    g_autoptr(GPtrArray) findings =
        validate("<domain type='kvm'><name>guest</name><memory>1</memory><os><type>hvm</type></os>"
                 "<devices>" HOSTDEV("managed='yes'", "0x0006") "</devices></domain>",
                 look_up, asked);

    g_assert_cmpstr(asked->str, ==, "0006:00:00.0 by guest\n");
    g_assert_cmpuint(findings->len, ==, 1);
}

static void
test_meaning_says_more_than_the_schema(void)
{
    g_autoptr(GPtrArray) findings =
        validate("<hostdev mode='subsystem' type='pci'><source><address/></source>\n"
                 "<address type='pci'><zpci uid='010'/></address>\n<nonsense/></hostdev>",
                 NULL, NULL);
    const ZpciFinding *finding;

    g_assert_cmpuint(findings->len, >, 1);
    finding = g_ptr_array_index(findings, 0);
    g_assert_cmpuint(finding->line, ==, 2);
    expect_has(finding->message, "octal");
    g_assert_nonnull(finding->hint);
}

static void
test_what_cannot_be_judged(void)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *findings = NULL;

    g_assert_false(zpci_validation_run("<network/>", 10, NULL, NULL, &findings, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "'network'");
    g_assert_null(findings);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-validation/host-is-asked-for-each-function",
                    test_host_is_asked_for_each_function);
    g_test_add_func("/zpci-validation/name-of-the-domain-is-told", test_name_of_the_domain_is_told);
    g_test_add_func("/zpci-validation/meaning-says-more-than-the-schema",
                    test_meaning_says_more_than_the_schema);
    g_test_add_func("/zpci-validation/what-cannot-be-judged", test_what_cannot_be_judged);
    return g_test_run();
}
