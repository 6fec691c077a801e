/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-family.h"

#include "ccw-tree.h"
#include "expect.h"
#include "libvirt-release.h"
#include "zpci-error.h"

static void
assert_list(const ZpciHost *host, const NodeDeviceFamily *family, const char *expected)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    g_assert_true(family->list(host, names, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < names->len; i++)
        g_assert_true(family->has(host, g_ptr_array_index(names, i)));
    g_ptr_array_add(names, NULL);
    expect_strings((const char *const *)names->pdata, expected);
}

static void
test_lists_are_those_of_the_release(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    ccw_tree_add_qeth(tree);
    ccw_tree_set(tree, "ccw", "0.0.bd01", "online", "0");
    host = sysfs_tree_open(tree);
    libvirt_release_set_test_number(9000000);
    assert_list(host, &node_device_ccw_family_css, "css_0_0_0070 css_0_0_0071 css_0_0_0072");
    assert_list(host, &node_device_ccw_family_ccw, "ccw_0_0_bd00 ccw_0_0_bd02");
    assert_list(host, &node_device_ccw_family_ccwgroup, "");
    g_assert_false(node_device_ccw_family_ccw.has(host, "ccw_0_0_bd01"));
    g_assert_false(node_device_ccw_family_ccw.has_nested(host, "ccw_0_0_bd00", "ccwgroup_member"));
    libvirt_release_set_test_number(11000000);
    assert_list(host, &node_device_ccw_family_ccw, "ccw_0_0_bd00 ccw_0_0_bd01 ccw_0_0_bd02");
    assert_list(host, &node_device_ccw_family_ccwgroup, "");
    libvirt_release_set_test_number(11003000);
    assert_list(host, &node_device_ccw_family_ccwgroup, "ccwgroup_0_0_bd00");
    g_assert_true(node_device_ccw_family_ccw.has_nested(host, "ccw_0_0_bd00", "ccwgroup_member"));
    g_assert_false(node_device_ccw_family_css.has_nested(host, "css_0_0_0070", "mdev_types"));
}

static void
test_only_the_whole_name_is_one(void)
{
    static const char *const wrong[] = { "",
                                         "ccw",
                                         "ccw_",
                                         "ccw_0_0_bd0",
                                         "ccw_0_0_BD00",
                                         "ccw_0.0.bd00",
                                         "ccw_0_0_bd00_",
                                         "css_0_0_0070",
                                         "ccwgroup_0_0_bd00",
                                         "ccw_0_0_bd03" };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    ccw_tree_add_qeth(tree);
    host = sysfs_tree_open(tree);
    libvirt_release_set_test_number(12008000);
    g_assert_true(node_device_ccw_family_ccw.has(host, "ccw_0_0_bd00"));
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(node_device_ccw_family_ccw.has(host, wrong[i]));
}

static void
test_documents_and_parents(void)
{
    static const struct {
        const NodeDeviceFamily *family;
        const char *name;
        const char *parent;
        const char *part;
    } cases[] = {
        { &node_device_ccw_family_css, "css_0_0_0070", "computer", "<devno>0xbd00</devno>" },
        { &node_device_ccw_family_ccw, "ccw_0_0_bd00", "css_0_0_0070",
          "<group_device>ccwgroup_0_0_bd00</group_device>" },
        { &node_device_ccw_family_ccwgroup, "ccwgroup_0_0_bd00", "computer",
          "<ccw_device ref='cdev1'>ccw_0_0_bd01</ccw_device>" },
    };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    ccw_tree_add_qeth(tree);
    host = sysfs_tree_open(tree);
    libvirt_release_set_test_number(12008000);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *parent = cases[i].family->get_parent(host, cases[i].name);
        g_autofree char *xml = cases[i].family->get_xml(host, cases[i].name, &error);
        g_autofree char *element = g_strdup_printf("<parent>%s</parent>", cases[i].parent);

        g_assert_no_error(error);
        g_assert_cmpstr(parent, ==, cases[i].parent);
        expect_has(xml, element);
        expect_has(xml, cases[i].part);
    }
}

static void
test_events_are_of_their_bus(void)
{
    static const struct {
        const NodeDeviceFamily *family;
        UdevEvent event;
        const char *key;
        gboolean there;
    } cases[] = {
        { &node_device_ccw_family_ccw, { "ccw", "0.0.bd00", NULL, FALSE }, "ccw_0_0_bd00", TRUE },
        { &node_device_ccw_family_ccw, { "ccw", "0.0.bd00", NULL, TRUE }, "ccw_0_0_bd00", FALSE },
        { &node_device_ccw_family_css, { "css", "defunct", NULL, FALSE }, "css_defunct", FALSE },
        { &node_device_ccw_family_ccwgroup,
          { "ccwgroup", "0.0.bd00", NULL, FALSE },
          "ccwgroup_0_0_bd00",
          TRUE },
    };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;

    ccw_tree_add_qeth(tree);
    host = sysfs_tree_open(tree);
    libvirt_release_set_test_number(12008000);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *key = NULL;
        g_autofree char *name = NULL;

        g_assert_true(cases[i].family->observe(host, &cases[i].event, &key, &name));
        g_assert_cmpstr(key, ==, cases[i].key);
        g_assert_cmpstr(name, ==, cases[i].there ? cases[i].key : NULL);
    }
}

static void
test_document_of_what_has_gone(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;

    g_assert_null(node_device_ccw_family_ccw.get_xml(host, "ccw_0_0_bd00", &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-ccw-family/lists-are-those-of-the-release",
                    test_lists_are_those_of_the_release);
    g_test_add_func("/node-device-ccw-family/only-the-whole-name-is-one",
                    test_only_the_whole_name_is_one);
    g_test_add_func("/node-device-ccw-family/documents-and-parents", test_documents_and_parents);
    g_test_add_func("/node-device-ccw-family/events-are-of-their-bus",
                    test_events_are_of_their_bus);
    g_test_add_func("/node-device-ccw-family/document-of-what-has-gone",
                    test_document_of_what_has_gone);
    return g_test_run();
}
