/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-stamp.h"

#include <sys/stat.h>

#include "expect.h"
#include "pci-reading.h"
#include "sysfs-tree.h"
#include "zpci-host-private.h"

#define ADDRESS "0005:00:00.0"
#define GROUP 7

#define NANOSECONDS G_GINT64_CONSTANT(1000000000)

/* When a file changed cannot be set, so the clock is. */
static gint64 clock_now;

static gint64
read_clock(void)
{
    return clock_now;
}

/* A zPCI function of this machine, with the tree in the place of its sysfs. */
static ZpciHost *
open_files(SysfsTree *tree)
{
    ZpciHost *host;

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    sysfs_tree_set(tree, ADDRESS, "numa_node", "0");
    sysfs_tree_set(tree, ADDRESS, "config", "0");
    sysfs_tree_set(tree, ADDRESS, "function_handle", "0x80020000");
    sysfs_tree_set_iommu_group(tree, ADDRESS, GROUP);
    host = sysfs_tree_open_files(tree, read_clock);
    sysfs_tree_write(tree, "dev/null", "", 0);
    clock_now = G_MAXINT64;
    return host;
}

static gboolean
holds(const ZpciHost *host, const char *stamp)
{
    PciAddress address = sysfs_tree_parse(ADDRESS);

    return pci_stamp_holds(host, &address, stamp);
}

/* Returns (transfer full) (nullable): the stamp for which a document would be kept. */
static char *
keep_stamp(const ZpciHost *host)
{
    PciAddress address = sysfs_tree_parse(ADDRESS);
    g_autoptr(GError) error = NULL;
    g_autoptr(PciDevice) device = pci_reading_read(host, &address, &error);

    g_assert_no_error(error);
    return g_strdup(device->stamp);
}

static void
rewrite(SysfsTree *tree, const char *attribute, const char *text)
{
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, attribute);

    sysfs_tree_rewrite(tree, path, text);
}

/* Each of these is a change behind the reader's back. */

static void
change_number(SysfsTree *tree)
{
    rewrite(tree, "numa_node", "1\n");
}

static void
change_link_status(SysfsTree *tree)
{
    rewrite(tree, "config", "1\n");
}

static void
change_handle(SysfsTree *tree)
{
    rewrite(tree, "function_handle", "0x80020001\n");
}

static void
add_uid_checking(SysfsTree *tree)
{
    sysfs_tree_set(tree, ADDRESS, "uid_is_unique", "1");
}

static void
add_driver(SysfsTree *tree)
{
    sysfs_tree_set_link(tree, ADDRESS, "driver", "../../../bus/pci/drivers/nvme");
}

static void
add_member(SysfsTree *tree)
{
    sysfs_tree_add_function(tree, "0006:00:00.0");
    sysfs_tree_set_iommu_group(tree, "0006:00:00.0", GROUP);
}

static void
add_clp(SysfsTree *tree)
{
    sysfs_tree_write(tree, "dev/clp", "", 0);
}

static void
add_group(SysfsTree *tree)
{
    sysfs_tree_write(tree, "dev/vfio/7", "", 0);
}

static void
add_vfio_child(SysfsTree *tree)
{
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, "vfio-dev/vfio0");

    sysfs_tree_make_directory(tree, path);
}

static void
replace_function(SysfsTree *tree)
{
    sysfs_tree_remove_function(tree, ADDRESS);
    sysfs_tree_add_function(tree, ADDRESS);
}

static void
test_each_change_is_another_stamp(void)
{
    static void (*const changes[])(SysfsTree *) = {
        change_number, change_link_status, change_handle,  add_uid_checking, add_driver, add_member,
        add_clp,       add_group,          add_vfio_child, replace_function,
    };

    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(SysfsTree) tree = sysfs_tree_new();
        g_autoptr(ZpciHost) host = open_files(tree);
        g_autofree char *kept = keep_stamp(host);

        g_assert_nonnull(kept);
        g_assert_true(holds(host, kept));
        sysfs_tree_wait(tree);
        changes[i](tree);
        g_assert_false(holds(host, kept));
    }
}

/* What changes in a directory that is there already. */
static void
test_another_node_of_vfio_is_another_stamp(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_files(tree);
    g_autofree char *kept = NULL;

    sysfs_tree_write(tree, "dev/vfio/vfio", "", 0);
    kept = keep_stamp(host);
    g_assert_nonnull(kept);
    g_assert_true(holds(host, kept));
    sysfs_tree_wait(tree);
    add_group(tree);
    g_assert_false(holds(host, kept));
}

/* What is told by CLP or a chain comes without a change of any file. */
static void
test_what_can_be_asked_has_no_stamp(void)
{
    static void (*const ways[])(SysfsTree *) = { add_clp, add_group, add_vfio_child };

    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autoptr(SysfsTree) tree = sysfs_tree_new();
        g_autoptr(ZpciHost) host = open_files(tree);
        g_autofree char *kept = NULL;

        ways[i](tree);
        kept = keep_stamp(host);
        g_assert_null(kept);
    }
}

/* Returns: when the newest of all that a document is made of changed, in nanoseconds. */
static gint64
find_newest(const SysfsTree *tree)
{
    static const char *const attributes[] = {
        ".", "numa_node", "config", "function_handle", "uid_is_unique", "iommu_group/devices"
    };
    gint64 newest = 0;

    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++) {
        g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, attributes[i]);
        g_autofree char *full = sysfs_tree_get_path(tree, path);
        struct stat status;

        if (stat(full, &status) == 0)
            newest = MAX(newest, status.st_ctim.tv_sec * NANOSECONDS + status.st_ctim.tv_nsec);
    }
    return newest;
}

/* It may change once more in the same tick of its clock, and nothing would tell. */
static void
test_what_changed_within_two_seconds_has_no_stamp(void)
{
    static void (*const changes[])(SysfsTree *) = { change_number, change_link_status,
                                                    change_handle, add_uid_checking,
                                                    add_driver,    add_member };

    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(SysfsTree) tree = sysfs_tree_new();
        g_autoptr(ZpciHost) host = open_files(tree);
        g_autofree char *early = NULL;
        g_autofree char *kept = NULL;

        sysfs_tree_wait(tree);
        changes[i](tree);
        clock_now = find_newest(tree) + 2 * NANOSECONDS - 1;
        early = keep_stamp(host);
        g_assert_null(early);
        clock_now++;
        kept = keep_stamp(host);
        g_assert_nonnull(kept);
    }
}

static void
test_mediated_devices_have_no_stamp(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_files(tree);
    g_autofree char *kept = NULL;

    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a/device_api", "vfio-pci");
    sysfs_tree_set(tree, ADDRESS, "mdev_supported_types/a/available_instances", "1");
    kept = keep_stamp(host);
    g_assert_null(kept);
}

static void
test_what_could_not_be_read_has_no_stamp(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_files(tree);
    g_autofree char *kept = NULL;

    sysfs_tree_set(tree, ADDRESS, "class", "damaged");
    kept = keep_stamp(host);
    g_assert_null(kept);
}

static void
test_captures_and_absent_functions_have_no_stamp(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = open_files(tree);
    g_autoptr(ZpciHost) capture = sysfs_tree_open(tree);
    g_autofree char *kept = NULL;
    g_autofree char *stamp = NULL;

    zpci_host_set_test_files(capture, read_clock);
    kept = keep_stamp(host);
    g_assert_true(holds(host, kept));
    g_assert_false(holds(capture, kept));
    stamp = keep_stamp(capture);
    g_assert_null(stamp);
    sysfs_tree_remove_function(tree, ADDRESS);
    g_assert_false(holds(host, kept));
}

/* The machine itself: what the kernel counts goes up only. */
static void
test_the_kernel_counts_events(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciHost) host = zpci_host_open(NULL, &error);
    char before[ZPCI_HOST_EVENTS_SIZE];
    char after[ZPCI_HOST_EVENTS_SIZE];

    g_assert_no_error(error);
    g_assert_true(zpci_host_is_kernel(host));
    g_assert_true(zpci_host_is_at_hand(host));
    g_assert_true(zpci_host_read_events(host, before));
    g_assert_true(zpci_host_read_events(host, after));
    g_assert_cmpuint(g_ascii_strtoull(after, NULL, 10), >=, g_ascii_strtoull(before, NULL, 10));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-stamp/change", test_each_change_is_another_stamp);
    g_test_add_func("/pci-stamp/node", test_another_node_of_vfio_is_another_stamp);
    g_test_add_func("/pci-stamp/asked", test_what_can_be_asked_has_no_stamp);
    g_test_add_func("/pci-stamp/young", test_what_changed_within_two_seconds_has_no_stamp);
    g_test_add_func("/pci-stamp/mediated", test_mediated_devices_have_no_stamp);
    g_test_add_func("/pci-stamp/unreadable", test_what_could_not_be_read_has_no_stamp);
    g_test_add_func("/pci-stamp/capture", test_captures_and_absent_functions_have_no_stamp);
    g_test_add_func("/pci-stamp/kernel", test_the_kernel_counts_events);
    return g_test_run();
}
