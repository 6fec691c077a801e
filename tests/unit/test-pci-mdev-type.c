/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-mdev-type.h"

#include <fcntl.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"

#define FUNCTION "sys/devices/pci0005:00/0005:00:00.0"
#define TYPES FUNCTION "/mdev_supported_types/"

/* @name and @available: (nullable). */
static void
add_type(SysfsTree *tree, const char *id, const char *name, const char *api, const char *available)
{
    const char *const attributes[][2] = { { "name", name },
                                          { "device_api", api },
                                          { "available_instances", available } };

    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
        g_autofree char *path = g_build_filename(TYPES, id, attributes[i][0], NULL);

        if (attributes[i][1] != NULL)
            sysfs_tree_write(tree, path, attributes[i][1], -1);
    }
}

static GPtrArray *
list(const SysfsTree *tree)
{
    g_autofree char *path = sysfs_tree_get_path(tree, FUNCTION);
    int directory = open(path, O_RDONLY | O_DIRECTORY);
    GPtrArray *types;

    g_assert_cmpint(directory, >=, 0);
    types = pci_mdev_type_list(directory);
    close(directory);
    g_ptr_array_sort(types, pci_mdev_type_compare);
    return types;
}

static void
assert_types(const SysfsTree *tree, const char *expected)
{
    g_autoptr(GPtrArray) types = list(tree);
    g_autoptr(GString) joined = g_string_new(NULL);

    for (guint i = 0; i < types->len; i++) {
        const PciMdevType *type = g_ptr_array_index(types, i);

        g_string_append_printf(joined, "%s%s '%s' %s %u", i > 0 ? "; " : "", type->id,
                               type->name != NULL ? type->name : "-", type->device_api,
                               type->available);
    }
    g_assert_cmpstr(joined->str, ==, expected);
}

static void
test_function_without_types_has_none(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    sysfs_tree_make_directory(tree, FUNCTION);
    assert_types(tree, "");
    sysfs_tree_make_directory(tree, TYPES);
    assert_types(tree, "");
    sysfs_tree_delete(tree, TYPES);
    sysfs_tree_write(tree, FUNCTION "/mdev_supported_types", "", 0);
    assert_types(tree, "");
}

static void
test_types_have_name_api_and_number(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    add_type(tree, "nvidia-35", "GRID M60-0B\n", "vfio-pci\n", "16\n");
    add_type(tree, "i915-GVTg_V5_4", NULL, "vfio-pci\n", "0\n");
    add_type(tree, "most", "\n", "vfio-ccw\n", "4294967295\n");
    assert_types(tree, "i915-GVTg_V5_4 '-' vfio-pci 0; most '' vfio-ccw 4294967295; "
                       "nvidia-35 'GRID M60-0B' vfio-pci 16");
}

static void
test_damaged_types_are_left_out(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    add_type(tree, "good", "a\n", "vfio-pci\n", "1\n");
    add_type(tree, "no-api", "a\n", NULL, "1\n");
    add_type(tree, "no-number", "a\n", "vfio-pci\n", NULL);
    add_type(tree, "negative", "a\n", "vfio-pci\n", "-1\n");
    add_type(tree, "too-many", "a\n", "vfio-pci\n", "4294967296\n");
    sysfs_tree_write(tree, TYPES "no-directory", "", 0);
    sysfs_tree_make_directory(tree, TYPES "api-is-directory/device_api");
    assert_types(tree, "good 'a' vfio-pci 1");
}

static void
test_list_has_an_end(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GPtrArray) types = NULL;

    for (guint i = 0; i <= PCI_MDEV_TYPE_MAX; i++) {
        g_autofree char *id = g_strdup_printf("type-%u", i);

        add_type(tree, id, NULL, "vfio-pci\n", "1\n");
    }
    types = list(tree);
    g_assert_cmpuint(types->len, ==, PCI_MDEV_TYPE_MAX);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-mdev-type/function-without-types-has-none",
                    test_function_without_types_has_none);
    g_test_add_func("/pci-mdev-type/types-have-name-api-and-number",
                    test_types_have_name_api_and_number);
    g_test_add_func("/pci-mdev-type/damaged-types-are-left-out", test_damaged_types_are_left_out);
    g_test_add_func("/pci-mdev-type/list-has-an-end", test_list_has_an_end);
    return g_test_run();
}
