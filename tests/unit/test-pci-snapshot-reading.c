/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-snapshot-reading.h"

#include <stdio.h>

#include "expect.h"
#include "pci-reading.h"
#include "sysfs-tree.h"
#include "vpd-builder.h"

#define ADDRESS "0005:00:00.0"
#define EXPRESS 0x40
#define LINK_STATUS (EXPRESS + 18)

/* Writes into a file that is there, which leaves its directory as it was, as the kernel does when
 * an attribute changes. */
static void
overwrite(const SysfsTree *tree, const char *attribute, gsize offset, const void *bytes, gsize size)
{
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, attribute);
    g_autofree char *full = sysfs_tree_get_path(tree, path);
    FILE *file = fopen(full, "r+");

    g_assert_nonnull(file);
    g_assert_cmpint(fseek(file, (long)offset, SEEK_SET), ==, 0);
    g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
    g_assert_cmpint(fclose(file), ==, 0);
}

/* An endpoint with a link of 8 GT/s on 4 lanes. */
static void
add_config(SysfsTree *tree)
{
    guint8 config[PCI_CONFIG_SIZE] = {
        [0x06] = 0x10, [0x34] = EXPRESS, [EXPRESS] = 0x10, [EXPRESS + 2] = 2, [LINK_STATUS] = 0x43
    };
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, "config");

    sysfs_tree_write(tree, path, config, sizeof config);
}

static void
add_vpd(SysfsTree *tree, const char *name)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(name, "PN=1", NULL);
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, "vpd");

    sysfs_tree_write(tree, path, bytes->data, bytes->len);
}

static SysfsTree *
make_tree(void)
{
    SysfsTree *tree = sysfs_tree_new();

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    sysfs_tree_set(tree, ADDRESS, "uid_is_unique", "1");
    sysfs_tree_set(tree, ADDRESS, "numa_node", "0");
    add_config(tree);
    add_vpd(tree, "Card A");
    return tree;
}

static PciDevice *
read_device(const ZpciHost *host)
{
    g_autoptr(GError) error = NULL;
    PciAddress address = sysfs_tree_parse(ADDRESS);
    PciDevice *device = pci_reading_read(host, &address, &error);

    g_assert_no_error(error);
    return device;
}

static guint64
get_fact(const PciDevice *device, ZpciFact fact)
{
    guint64 value = G_MAXUINT64;

    g_assert_nonnull(device->zpci);
    g_assert_true(zpci_function_get(device->zpci, fact, &value));
    return value;
}

/* The files say something else by now, and nobody looks into them. */
static void
test_what_cannot_change_is_read_once(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(PciDevice) first = read_device(host);
    g_autoptr(PciDevice) second = NULL;

    overwrite(tree, "vendor", 0, "0xffff", 6);
    overwrite(tree, "class", 0, "0x0f0f0f", 8);
    overwrite(tree, "function_id", 0, "0x0000000f", 10);
    overwrite(tree, "config", 0x0e, "\1", 1);
    overwrite(tree, "vpd", 3, "Card B", 6);
    second = read_device(host);
    g_assert_cmphex(second->vendor, ==, first->vendor);
    g_assert_cmphex(second->class_code, ==, first->class_code);
    g_assert_cmphex(get_fact(second, ZPCI_FACT_FID), ==, 0xc);
    g_assert_cmpint(second->config.header, ==, PCI_HEADER_ENDPOINT);
    g_assert_cmpstr(second->vpd->name, ==, "Card A");
}

static void
test_what_can_change_is_read_each_time(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(PciDevice) first = read_device(host);
    g_autoptr(PciDevice) second = NULL;

    g_assert_cmpuint(get_fact(first, ZPCI_FACT_UID_UNIQUE), ==, 1);
    g_assert_cmpuint(first->config.status.speed, ==, 3);
    overwrite(tree, "uid_is_unique", 0, "0", 1);
    overwrite(tree, "numa_node", 0, "1", 1);
    overwrite(tree, "config", LINK_STATUS, "\x21", 1);
    second = read_device(host);
    g_assert_cmpuint(get_fact(second, ZPCI_FACT_UID_UNIQUE), ==, 0);
    g_assert_cmpint(second->numa_node, ==, 1);
    g_assert_cmpuint(second->config.status.speed, ==, 1);
    g_assert_cmpuint(second->config.status.width, ==, 2);
    g_assert_cmpint(second->config.status.port, ==, first->config.status.port);
}

/* On Z a look at configuration space is an instruction to the function, which a guest may own. */
static void
test_link_of_a_function_of_vfio_is_left_alone(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(PciDevice) first = NULL;
    g_autoptr(PciDevice) second = NULL;

    sysfs_tree_set_link(tree, ADDRESS, "driver", "../../../bus/pci/drivers/vfio-pci");
    first = read_device(host);
    overwrite(tree, "config", LINK_STATUS, "\x21", 1);
    second = read_device(host);
    g_assert_cmpuint(second->config.status.speed, ==, first->config.status.speed);
}

static void
test_another_function_at_the_same_address_is_another(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(PciDevice) first = read_device(host);
    g_autoptr(PciDevice) second = NULL;

    sysfs_tree_remove_function(tree, ADDRESS);
    sysfs_tree_add_zpci(tree, ADDRESS, 0xd, 5, 0xff);
    second = read_device(host);
    g_assert_cmphex(get_fact(second, ZPCI_FACT_FID), ==, 0xd);
    g_assert_nonnull(first->vpd);
    g_assert_null(second->vpd);
    g_assert_false(second->config.has_link);
}

static void
test_what_could_not_be_read_is_tried_again(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(PciDevice) first = NULL;
    g_autoptr(PciDevice) second = NULL;

    sysfs_tree_set(tree, ADDRESS, "class", "0x0200zz");
    sysfs_tree_set(tree, ADDRESS, "pchid", "0x01zz");
    host = sysfs_tree_open(tree);
    first = read_device(host);
    g_assert_cmpint(first->class_code, ==, PCI_DEVICE_UNKNOWN);
    overwrite(tree, "class", 0, "0x020000", 8);
    overwrite(tree, "pchid", 0, "0x01c0", 6);
    second = read_device(host);
    g_assert_cmphex(second->class_code, ==, 0x020000);
    g_assert_cmphex(get_fact(second, ZPCI_FACT_PCHID), ==, 0x1c0);
}

/* Lists want facts of all functions, and VPD can take a tenth of a second for each. */
static void
test_who_wants_facts_reads_no_vital_product_data(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(ZpciFunction) function = NULL;
    g_autoptr(PciDevice) device = NULL;
    g_autoptr(GError) error = NULL;
    PciAddress address = sysfs_tree_parse(ADDRESS);

    g_assert_true(pci_reading_read_function(host, &address, FALSE, &function, NULL, &error));
    g_assert_no_error(error);
    overwrite(tree, "vpd", 3, "Card B", 6);
    overwrite(tree, "function_id", 0, "0x0000000f", 10);
    g_test_expect_message("zpci-host", G_LOG_LEVEL_DEBUG, "*is shown without VPD*");
    device = read_device(host);
    g_test_assert_expected_messages();
    g_assert_cmphex(get_fact(device, ZPCI_FACT_FID), ==, 0xc);
}

static void
test_function_without_ids_is_an_error_each_time(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    PciAddress address = sysfs_tree_parse(ADDRESS);
    g_autoptr(PciDevice) device = NULL;

    sysfs_tree_set(tree, ADDRESS, "vendor", "0x1zzz");
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(pci_reading_read(host, &address, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, "The attribute vendor is damaged");
    }
    overwrite(tree, "vendor", 0, "0x1af4", 6);
    device = read_device(host);
    g_assert_cmphex(device->vendor, ==, 0x1af4);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-snapshot-reading/read-once", test_what_cannot_change_is_read_once);
    g_test_add_func("/pci-snapshot-reading/read-each-time", test_what_can_change_is_read_each_time);
    g_test_add_func("/pci-snapshot-reading/vfio", test_link_of_a_function_of_vfio_is_left_alone);
    g_test_add_func("/pci-snapshot-reading/another-life",
                    test_another_function_at_the_same_address_is_another);
    g_test_add_func("/pci-snapshot-reading/incomplete", test_what_could_not_be_read_is_tried_again);
    g_test_add_func("/pci-snapshot-reading/facts-only",
                    test_who_wants_facts_reads_no_vital_product_data);
    g_test_add_func("/pci-snapshot-reading/no-ids",
                    test_function_without_ids_is_an_error_each_time);
    return g_test_run();
}
