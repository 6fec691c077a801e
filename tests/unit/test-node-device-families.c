/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-families.h"

#include <string.h>

#include "ccw-tree.h"
#include "expect.h"
#include "libvirt-release.h"
#include "net-tree.h"
#include "sysfs-tree.h"

static SysfsTree *
make_tree(void)
{
    static const char *const members[] = { "0.0.bd00", "0.0.0070", NULL };
    SysfsTree *tree = sysfs_tree_new();

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    sysfs_tree_add_slot(tree, 0xc, TRUE);
    sysfs_tree_add_slot(tree, 0x100, FALSE);
    net_tree_add(tree, "devices/pci0005:00/0005:00:00.0", "eno5", "02:00:00:00:00:01");
    ccw_tree_add_subchannel(tree, "0.0.0070", "io_subchannel");
    ccw_tree_add_device(tree, "0.0.0070", "0.0.bd00", "qeth");
    ccw_tree_add_group(tree, "0.0.bd00", "qeth_layer3", members);
    libvirt_release_set_test_number(12008000);
    return tree;
}

static void
test_each_device_has_one_family(void)
{
    static const struct {
        const char *name;
        const char *capability;
    } cases[] = {
        { "computer", "system" },
        { "pci_0005_00_00_0", "pci" },
        { "net_eno5_02_00_00_00_00_01", "net" },
        { "css_0_0_0070", "css" },
        { "ccw_0_0_bd00", "ccw" },
        { "ccwgroup_0_0_bd00", "ccwgroup" },
        { "zpci_00000100", "zpci" },
    };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        const NodeDeviceFamily *found = node_device_families_find(host, cases[i].name, &error);
        guint count = 0;

        g_assert_no_error(error);
        g_assert_cmpstr(found->capability, ==, cases[i].capability);
        g_assert_true(node_device_families_choose(host, cases[i].name, NULL) == found);
        for (guint k = 0; k < NODE_DEVICE_FAMILIES; k++)
            count += node_device_families[k]->has(host, cases[i].name) ? 1 : 0;
        g_assert_cmpuint(count, ==, 1);
    }
}

/* What is listed is there, by exactly that name. */
static void
test_each_family_has_what_it_lists(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;

        g_assert_true(node_device_families[i]->list(host, names, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(names->len, ==, 1);
        g_assert_true(node_device_families[i]->has(host, g_ptr_array_index(names, 0)));
    }
}

static void
test_names_that_are_nobodys(void)
{
    static const char *const names[] = {
        "",
        "Computer",
        "pci_0005_00_00_0 ",
        "pci_0005_00_00_1",
        "pci_5_0_0_0",
        "PCI_0005_00_00_0",
        "net_eno5",
        "zpci_0000000c",
        "zpci_100",
        "../0005:00:00.0",
        "pci_0005_00_00_0/..",
        "ccw_0_0_0070",
    };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *quoted = g_strdup_printf("There is no node device '%s'.", names[i]);
        const NodeDeviceFamily *family;

        g_test_message("'%s'", names[i]);
        g_assert_null(node_device_families_find(host, names[i], &error));
        expect_error(&error, ZPCI_ERROR_NOT_FOUND, quoted);
        family = node_device_families_choose(host, names[i], &error);
        if (family != NULL)
            g_assert_null(family->get_xml(host, names[i], &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-families/each-device-has-one", test_each_device_has_one_family);
    g_test_add_func("/node-device-families/each-has-what-it-lists",
                    test_each_family_has_what_it_lists);
    g_test_add_func("/node-device-families/names-that-are-nobodys", test_names_that_are_nobodys);
    return g_test_run();
}
