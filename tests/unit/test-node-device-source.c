/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-source.h"

#include "expect.h"
#include "node-device-native.h"
#include "source-double.h"
#include "sysfs-tree.h"

static char *
add_to_xml(G_GNUC_UNUSED const ZpciHost *host, const char *name, char *xml, GError **error)
{
    g_autofree char *document = xml;

    if (g_strcmp0(name, "spoilt") != 0)
        return g_strconcat(document, "<!-- ", name, " -->", NULL);
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED, "It is spoilt.");
    return NULL;
}

static char **
add_to_capabilities(G_GNUC_UNUSED const ZpciHost *host, const char *name, char **capabilities)
{
    g_auto(GStrv) names = capabilities;
    g_autoptr(GStrvBuilder) all = g_strv_builder_new();

    g_strv_builder_addv(all, (const char **)names);
    g_strv_builder_add(all, name);
    return g_strv_builder_end(all);
}

static const NodeDeviceDecorator decorator = { add_to_xml, add_to_capabilities };

static void
expect_answers(NodeDeviceSource *source, const char *xml, const char *capabilities)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *document = NULL;
    g_auto(GStrv) names = NULL;

    g_assert_true(node_device_source_get_xml(source, "one", 0, &document, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(document, ==, xml);
    g_assert_true(node_device_source_get_capabilities(source, "one", &names, &error));
    g_assert_no_error(error);
    expect_strings((const char *const *)names, capabilities);
}

static void
test_what_a_decorator_adds(void)
{
    g_autoptr(NodeDeviceSource) source = &source_double_new("one", NULL, -1)->source;
    g_autoptr(NodeDeviceSource) other = NULL;

    expect_answers(source, "<device><name>one</name></device>", "pci");
    node_device_source_decorate(source, &decorator, NULL);
    expect_answers(source, "<device><name>one</name></device><!-- one -->", "pci one");
    other = node_device_source_new_for(source, NULL);
    g_assert_true(other != source);
    expect_answers(other, "<device><name>one</name></device><!-- one -->", "pci one");
}

static void
test_decorated_source_that_fails(void)
{
    g_autoptr(NodeDeviceSource) source = &source_double_new("spoilt", NULL, -1)->source;
    g_autoptr(GError) error = NULL;
    char *xml = NULL;
    char **capabilities = NULL;

    node_device_source_decorate(source, &decorator, NULL);
    g_assert_false(node_device_source_get_xml(source, "spoilt", 0, &xml, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "spoilt");
    g_assert_false(node_device_source_get_xml(source, "nobody", 0, &xml, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "does not answer");
    g_assert_false(node_device_source_get_capabilities(source, "nobody", &capabilities, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "does not answer");
    g_assert_null(xml);
    g_assert_null(capabilities);
}

/* A host does not care who asks, claims what it can do itself, and knows its kinds of devices. */
static void
test_host_is_a_source(void)
{
    static const char *const scsi[] = { "scsi_host", NULL };
    static const char *const zpci[] = { "zpci", NULL };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(NodeDeviceSource) source = NULL;
    g_autoptr(NodeDeviceSource) same = NULL;
    g_autoptr(NodeDeviceSource) any = &source_double_new("one", NULL, -1)->source;

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    host = sysfs_tree_open(tree);
    source = node_device_native_new(host);
    same = node_device_source_new_for(source, NULL);
    g_assert_true(same == source);
    g_assert_true(node_device_source_claims(source, "pci_0005_00_00_0", NODE_DEVICE_ACTION_RESET));
    g_assert_false(node_device_source_claims(source, "pci_0005_00_00_0", NODE_DEVICE_ACTION_START));
    g_assert_false(node_device_source_claims(source, "computer", NODE_DEVICE_ACTION_RESET));
    g_assert_false(node_device_source_claims(any, "one", NODE_DEVICE_ACTION_RESET));
    g_assert_true(node_device_source_may_have(source, NULL));
    g_assert_true(node_device_source_may_have(source, zpci));
    g_assert_false(node_device_source_may_have(source, scsi));
    g_assert_true(node_device_source_may_have(any, scsi));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-source/what-a-decorator-adds", test_what_a_decorator_adds);
    g_test_add_func("/node-device-source/decorated-source-that-fails",
                    test_decorated_source_that_fails);
    g_test_add_func("/node-device-source/host-is-a-source", test_host_is_a_source);
    return g_test_run();
}
