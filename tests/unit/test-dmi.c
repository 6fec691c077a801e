/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "dmi.h"

#include "sysfs-tree.h"

#define DMI "sys/devices/virtual/dmi/id/"

static const struct {
    DmiField field;
    const char *path;
} files[] = {
    { DMI_PRODUCT, DMI "product_name" },      { DMI_VENDOR, DMI "sys_vendor" },
    { DMI_VERSION, DMI "product_version" },   { DMI_SERIAL, DMI "product_serial" },
    { DMI_UUID, DMI "product_uuid" },         { DMI_BIOS_VENDOR, DMI "bios_vendor" },
    { DMI_BIOS_VERSION, DMI "bios_version" }, { DMI_BIOS_DATE, DMI "bios_date" },
};

static void
assert_field(const SysfsTree *tree, DmiField field, const char *expected)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *text = dmi_read(host, field);

    g_assert_cmpstr(text, ==, expected);
}

static void
test_each_field_has_its_file(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    g_assert_cmpuint(G_N_ELEMENTS(files), ==, DMI_N_FIELDS);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        sysfs_tree_write(tree, files[i].path, files[i].path, -1);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        assert_field(tree, files[i].field, files[i].path);
}

/* No IBM Z has DMI. */
static void
test_machine_without_firmware_tables_has_no_fields(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    for (guint i = 0; i < DMI_N_FIELDS; i++)
        assert_field(tree, i, NULL);
}

static void
test_control_characters_are_dropped(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    sysfs_tree_write(tree, DMI "product_name", "Stan\x1b[2Jdard\tPC\x7f\r\n", -1);
    sysfs_tree_write(tree, DMI "sys_vendor", "\x01\n", -1);
    assert_field(tree, DMI_PRODUCT, "Stan[2JdardPC");
    assert_field(tree, DMI_VENDOR, NULL);
}

static void
test_unreadable_field_is_none(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    sysfs_tree_make_directory(tree, DMI "product_serial");
    sysfs_tree_write(tree, DMI "product_uuid", "\n", -1);
    assert_field(tree, DMI_SERIAL, NULL);
    assert_field(tree, DMI_UUID, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dmi/each-field-has-its-file", test_each_field_has_its_file);
    g_test_add_func("/dmi/machine-without-firmware-tables-has-no-fields",
                    test_machine_without_firmware_tables_has_no_fields);
    g_test_add_func("/dmi/control-characters-are-dropped", test_control_characters_are_dropped);
    g_test_add_func("/dmi/unreadable-field-is-none", test_unreadable_field_is_none);
    return g_test_run();
}
