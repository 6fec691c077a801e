/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-overlay.h"

#include <string.h>

#include "expect.h"
#include "kernel-script.h"
#include "live-host.h"
#include "sysfs-tree.h"
#include "zpci-error.h"
#include "zpci-function-private.h"
#include "zpci-host-private.h"

#define ADDRESS "0005:00:00.0"
#define NAME "pci_0005_00_00_0"

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

static void
expect_added(const ZpciHost *host, const char *name, const char *capabilities, const char *expected)
{
    g_auto(GStrv) names =
        node_device_overlay.add_to_capabilities(host, name, g_strsplit(capabilities, " ", 0));

    expect_strings((const char *const *)names, expected);
}

/* What the host knows of the device is added, if that is a zPCI function. */
static void
test_decorator_asks_the_host(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *added = NULL;
    g_autofree char *plain = NULL;
    g_autofree char *absent = NULL;

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    sysfs_tree_add_function(tree, "0000:00:01.0");
    host = sysfs_tree_open(tree);
    expect_added(host, "pci_0005_00_00_0", "pci", "pci zpci");
    expect_added(host, "pci_0005_00_00_0", "pci zpci vpd", "pci zpci vpd");
    expect_added(host, "pci_0000_00_01_0", "pci", "pci");
    expect_added(host, "pci_0006_00_00_0", "pci", "pci");
    expect_added(host, "computer", "system", "system");

    added = node_device_overlay.add_to_xml(host, "pci_0005_00_00_0", g_strdup(HEAD TAIL), &error);
    g_assert_no_error(error);
    expect_has(added, "<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'");
    plain = node_device_overlay.add_to_xml(host, "pci_0000_00_01_0", g_strdup(HEAD TAIL), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(plain, ==, HEAD TAIL);
    absent = node_device_overlay.add_to_xml(host, "pci_0006_00_00_0", g_strdup(HEAD TAIL), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(absent, ==, HEAD TAIL);
    g_assert_null(node_device_overlay.add_to_xml(host, "pci_0005_00_00_0", g_strdup("<"), &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "not well-formed");
}

static char *
decorate(const ZpciHost *host, const char *xml)
{
    g_autoptr(GError) error = NULL;
    char *more = node_device_overlay.add_to_xml(host, NAME, g_strdup(xml), &error);

    g_assert_no_error(error);
    return more;
}

/* @expected: (nullable): what is at hand for this document of the other daemon. */
static void
expect_kept(const ZpciHost *host, const char *xml, const char *expected)
{
    g_autofree char *kept = node_device_overlay_find_kept(host, NAME, xml);

    g_assert_cmpstr(kept, ==, expected);
}

/* It is as new as if it had just been made. */
static void
test_kept_until_either_side_changes(void)
{
    static const char *const numbers[][2] = { { "uid_is_unique", "0\n" }, { "numa_node", "1\n" } };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autofree char *first = NULL;
    g_autofree char *other = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    sysfs_tree_set(tree, ADDRESS, "uid_is_unique", "1\n");
    sysfs_tree_set(tree, ADDRESS, "numa_node", "0\n");
    host = sysfs_tree_open_files(tree, sysfs_tree_read_late_clock);
    expect_kept(host, HEAD TAIL, NULL);
    first = decorate(host, HEAD TAIL);
    expect_has(first, "<zpci uid='0x0005'");
    expect_kept(host, HEAD TAIL, first);
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_autoptr(ZpciHost) fresh_host = NULL;
        g_autofree char *again = NULL;
        g_autofree char *fresh = NULL;

        sysfs_tree_set(tree, ADDRESS, numbers[i][0], numbers[i][1]);
        expect_kept(host, HEAD TAIL, NULL);
        again = decorate(host, HEAD TAIL);
        expect_kept(host, HEAD TAIL, again);
        fresh_host = sysfs_tree_open_files(tree, sysfs_tree_read_late_clock);
        fresh = decorate(fresh_host, HEAD TAIL);
        g_assert_cmpstr(again, ==, fresh);
    }
    expect_kept(host, HEAD BODY TAIL, NULL);
    other = decorate(host, HEAD BODY TAIL);
    expect_kept(host, HEAD BODY TAIL, other);
    expect_kept(host, HEAD TAIL, NULL);
    sysfs_tree_remove_function(tree, ADDRESS);
    expect_kept(host, HEAD BODY TAIL, NULL);
}

/* Nothing tells of a change in a capture; a document without end would be kept without end. */
static void
test_not_kept(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) capture = NULL;
    g_autoptr(ZpciHost) host = NULL;
    g_autofree char *blanks = g_strnfill(70000, ' ');
    g_autofree char *long_one = g_strconcat(HEAD, blanks, TAIL, NULL);
    g_autofree char *decorated = NULL;
    g_autofree char *captured = NULL;

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    capture = sysfs_tree_open(tree);
    captured = decorate(capture, HEAD TAIL);
    expect_kept(capture, HEAD TAIL, NULL);
    host = sysfs_tree_open_files(tree, sysfs_tree_read_late_clock);
    decorated = decorate(host, long_one);
    expect_has(decorated, "<zpci ");
    expect_kept(host, long_one, NULL);
    g_assert_null(node_device_overlay_find_kept(host, "computer", HEAD TAIL));
}

/* A document of another daemon is one of ours in that, too: a function that VFIO has is opened,
 * once. */
static void
test_reads_the_chain(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    live_host_bind(live, 60);
    kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
    first = decorate(live->host, HEAD TAIL);
    expect_has(first, "function='vfio'");
    second = decorate(live->host, HEAD TAIL);
    g_assert_cmpstr(second, ==, first);
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
    g_test_add_func("/node-device-overlay/decorator-asks-the-host", test_decorator_asks_the_host);
    g_test_add_func("/node-device-overlay/kept-until-either-side-changes",
                    test_kept_until_either_side_changes);
    g_test_add_func("/node-device-overlay/not-kept", test_not_kept);
    g_test_add_func("/node-device-overlay/reads-the-chain", test_reads_the_chain);
    return g_test_run();
}
