/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-family.h"

#include "expect.h"
#include "sysfs-tree.h"

#define DMI "sys/devices/virtual/dmi/id/"

/* libvirt always writes uuid, and both lines of firmware. */
static void
test_machine_without_firmware_tables_looks_as_libvirt_shows_it(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *text = node_device_system_family.get_xml(host, "computer", NULL);

    g_assert_cmpstr(text, ==,
                    "<device>\n"
                    "  <name>computer</name>\n"
                    "  <capability type='system'>\n"
                    "    <hardware>\n"
                    "      <uuid>00000000-0000-0000-0000-000000000000</uuid>\n"
                    "    </hardware>\n"
                    "    <firmware>\n"
                    "    </firmware>\n"
                    "  </capability>\n"
                    "</device>\n");
}

static void
test_firmware_tables_fill_all_elements(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *text = NULL;

    sysfs_tree_write(tree, DMI "product_name", "Standard PC\n", -1);
    sysfs_tree_write(tree, DMI "sys_vendor", "R&D <QEMU>\n", -1);
    sysfs_tree_write(tree, DMI "product_version", "pc-7.2\n", -1);
    sysfs_tree_write(tree, DMI "product_serial", "1234\n", -1);
    sysfs_tree_write(tree, DMI "product_uuid", "a1b2c3d4-0000-4000-8000-0123456789ab\n", -1);
    sysfs_tree_write(tree, DMI "bios_vendor", "SeaBIOS\n", -1);
    sysfs_tree_write(tree, DMI "bios_version", "1.16.2\n", -1);
    sysfs_tree_write(tree, DMI "bios_date", "04/01/2014\n", -1);
    text = node_device_system_family.get_xml(host, "computer", NULL);
    g_assert_cmpstr(text, ==,
                    "<device>\n"
                    "  <name>computer</name>\n"
                    "  <capability type='system'>\n"
                    "    <product>Standard PC</product>\n"
                    "    <hardware>\n"
                    "      <vendor>R&amp;D &lt;QEMU&gt;</vendor>\n"
                    "      <version>pc-7.2</version>\n"
                    "      <serial>1234</serial>\n"
                    "      <uuid>a1b2c3d4-0000-4000-8000-0123456789ab</uuid>\n"
                    "    </hardware>\n"
                    "    <firmware>\n"
                    "      <vendor>SeaBIOS</vendor>\n"
                    "      <version>1.16.2</version>\n"
                    "      <release_date>04/01/2014</release_date>\n"
                    "    </firmware>\n"
                    "  </capability>\n"
                    "</device>\n");
}

/* Firmware writes what it likes; a document has the form of a UUID or none. */
static void
test_uuid_has_the_form_of_one(void)
{
    static const struct {
        const char *text;
        const char *uuid;
    } cases[] = {
        { "A1B2C3D4-0000-4000-8000-0123456789AB\n", "a1b2c3d4-0000-4000-8000-0123456789ab" },
        { "Not Settable\n", "00000000-0000-0000-0000-000000000000" },
        { "a1b2c3d4-0000-4000-8000-0123456789abc\n", "00000000-0000-0000-0000-000000000000" },
    };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *element = g_strdup_printf("<uuid>%s</uuid>", cases[i].uuid);
        g_autofree char *text = NULL;

        sysfs_tree_write(tree, DMI "product_uuid", cases[i].text, -1);
        text = node_device_system_family.get_xml(host, "computer", NULL);
        expect_has(text, element);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-system/machine-without-firmware-tables-looks-as-libvirt-shows-it",
                    test_machine_without_firmware_tables_looks_as_libvirt_shows_it);
    g_test_add_func("/node-device-system/firmware-tables-fill-all-elements",
                    test_firmware_tables_fill_all_elements);
    g_test_add_func("/node-device-system/uuid-has-the-form-of-one", test_uuid_has_the_form_of_one);
    return g_test_run();
}
