/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-capture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "ccw-tree.h"
#include "expect.h"
#include "kernel-script.h"
#include "libvirt-release.h"
#include "live-host.h"
#include "net-tree.h"
#include "sysfs-recorder.h"
#include "zpci-host-private.h"
#include "zpci-inventory.h"

#define PHYSICAL "0005:00:00.0"
#define VIRTUAL "0005:00:00.1"

/* Returns (transfer full): the notes. */
static char **
capture(ZpciHost *host, const char *directory, gboolean with_vfio)
{
    g_autoptr(GError) error = NULL;
    char **notes = NULL;

    g_assert_true(zpci_capture_write(host, directory, with_vfio, NULL, NULL, &notes, &error));
    g_assert_no_error(error);
    g_assert_nonnull(notes);
    return notes;
}

/* All that is said of all devices of a host. */
static char *
describe(const char *root)
{
    g_autoptr(GError) error = NULL;
    ZpciHost *host = zpci_host_open(root, &error);
    g_autoptr(ZpciInventory) inventory = NULL;
    g_auto(GStrv) names = NULL;
    GString *text = g_string_new(NULL);

    g_assert_no_error(error);
    inventory = zpci_inventory_new(host);
    names = zpci_inventory_list(inventory, NULL, ZPCI_STATE_ANY, &error);
    g_assert_no_error(error);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *xml = zpci_inventory_get_xml(inventory, names[i], &error);

        g_assert_no_error(error);
        g_string_append(text, xml);
    }
    return g_string_free(text, FALSE);
}

/* Asks an inventory of the host for all that it tells. */
static void
ask_for_all(ZpciInventory *inventory)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = zpci_inventory_list(inventory, NULL, ZPCI_STATE_ANY, &error);

    g_assert_no_error(error);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *xml = zpci_inventory_get_xml(inventory, names[i], &error);
        g_autoptr(ZpciFunction) function = NULL;
        g_autoptr(ZpciFunction) outline = NULL;

        g_assert_no_error(error);
        zpci_inventory_get_function(inventory, names[i], &function, NULL);
        zpci_inventory_get_outline(inventory, names[i], &outline, NULL);
    }
}

/* Returns (transfer full): what is at a path: the file's bytes or where the link leads; %NULL if
 * nothing is, or a directory. */
static char *
look_at(const char *root, const char *path)
{
    g_autofree char *whole = g_build_filename(root, "sys", path, NULL);
    char *found = g_file_read_link(whole, NULL);

    if (found == NULL)
        g_file_get_contents(whole, &found, NULL, NULL);
    return found;
}

static void
expect_same(const char *root, const char *copy, const char *path)
{
    g_autofree char *ours = look_at(root, path);
    g_autofree char *theirs = look_at(copy, path);

    if (g_strcmp0(ours, theirs) != 0)
        g_error("%s is read, and the capture has not the same there.", path);
}

static void
expect_same_links(const char *root, const char *copy, const char *path)
{
    g_autofree char *whole = g_build_filename(root, "sys", path, NULL);
    GDir *directory = g_dir_open(whole, 0, NULL);
    const char *name;

    if (directory == NULL)
        return;
    while ((name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *below = g_build_filename(path, name, NULL);

        expect_same(root, copy, below);
    }
    g_dir_close(directory);
}

/* Whatever is read of a host for its documents and lists, the capture has. */
static void
expect_has_all_that_is_read(const char *root, const char *copy)
{
    ZpciHost *host = zpci_host_open(root, NULL);
    g_autoptr(SysfsRecorder) recorder = sysfs_recorder_start(zpci_host_get_sysfs(host), NULL);
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(host);
    SysfsReading *reading;
    guint count = 0;

    ask_for_all(inventory);
    for (; (reading = sysfs_recorder_take(recorder)) != NULL; count++) {
        expect_same(root, copy, reading->path);
        if (reading->kind == SYSFS_READING_LIST)
            expect_same_links(root, copy, reading->path);
        sysfs_recorder_free_reading(reading);
    }
    g_assert_cmpuint(count, >, 10);
}

static void
expect_file(const char *directory, const char *path, const char *text)
{
    g_autofree char *whole = g_build_filename(directory, path, NULL);
    g_autofree char *found = NULL;

    g_assert_true(g_file_get_contents(whole, &found, NULL, NULL));
    g_assert_cmpstr(found, ==, text);
}

/* Each shipped host, written from itself, shows the same devices, byte for byte. */
static void
test_capture_shows_what_the_host_shows(void)
{
    static const char *const hosts[] = { "qemu-s390x", "qemu-s390x-states", "qemu-s390x-modern",
                                         "lpar-roce" };

    for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autoptr(SysfsTree) tree = sysfs_tree_new();
        g_autofree char *root =
            g_build_filename(g_getenv("ZPCI_SOURCE_DIR"), "tests/data/hosts", hosts[i], NULL);
        g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
        g_autoptr(ZpciHost) host = zpci_host_open(root, NULL);
        g_auto(GStrv) notes = capture(host, copy, FALSE);
        g_autofree char *ours = describe(root);
        g_autofree char *theirs = describe(copy);
        g_autofree char *ini_path = g_build_filename(root, "capture.ini", NULL);
        g_autofree char *ini = NULL;

        g_assert_cmpstr(theirs, ==, ours);
        expect_has_all_that_is_read(root, copy);
        expect_has(theirs, "<zpci ");
        g_assert_true(g_file_get_contents(ini_path, &ini, NULL, NULL));
        expect_file(copy, "capture.ini", ini);
    }
}

/* Hardware with RDMA: the interface and the other device are of one function. */
static void
add_rdma(SysfsTree *tree, const char *address, const char *name)
{
    g_autofree char *entry = g_strconcat("sys/class/infiniband/", name, NULL);
    g_autofree char *target =
        g_strdup_printf("../../devices/pci0005:00/%s/infiniband/%s", address, name);
    g_autofree char *above = g_strdup_printf("infiniband/%s/device", name);

    sysfs_tree_link(tree, entry, target);
    sysfs_tree_set_link(tree, address, above, "../../../" PHYSICAL);
    sysfs_tree_set(tree, address, "resource", "0x1 0x2 0x3");
}

/* What shipped hosts have not: types of mediated devices, VPD, network interfaces, a bridge. */
static void
test_all_that_a_function_can_have(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autofree char *ours = NULL;
    g_autofree char *theirs = NULL;
    g_auto(GStrv) notes = NULL;

    sysfs_tree_add_zpci(tree, PHYSICAL, 0xc, 5, 0xff);
    sysfs_tree_add_function(tree, VIRTUAL);
    sysfs_tree_add_virtual(tree, PHYSICAL, 0, VIRTUAL);
    sysfs_tree_set(tree, PHYSICAL, "sriov_totalvfs", "4");
    sysfs_tree_set(tree, PHYSICAL, "numa_node", "1");
    sysfs_tree_set(tree, PHYSICAL, "mdev_supported_types/a-1/name", "one");
    sysfs_tree_set(tree, PHYSICAL, "mdev_supported_types/a-1/device_api", "vfio-pci");
    sysfs_tree_set(tree, PHYSICAL, "mdev_supported_types/a-1/available_instances", "3");
    sysfs_tree_set_link(tree, PHYSICAL, "driver", "../../../bus/pci/drivers/mlx5_core");
    sysfs_tree_link(tree, "sys/bus/pci/drivers/mlx5_core/" PHYSICAL, "../../../../devices");
    sysfs_tree_set_iommu_group(tree, PHYSICAL, 7);
    sysfs_tree_add_slot(tree, 0xc, TRUE);
    sysfs_tree_add_slot(tree, 0xd, FALSE);
    sysfs_tree_write(tree, "sys/devices/virtual/dmi/id/product_name", "z16\n", -1);
    net_tree_add(tree, "devices/pci0005:00/" PHYSICAL, "eno5", "02:00:00:00:00:01");
    net_tree_set(tree, "eno5", "operstate", "up");
    net_tree_set(tree, "eno5", "speed", "25000");
    add_rdma(tree, PHYSICAL, "rocep5s0");
    host = sysfs_tree_open(tree);
    notes = capture(host, copy, FALSE);
    ours = describe(sysfs_tree_get_root(tree));
    theirs = describe(copy);
    g_assert_cmpstr(theirs, ==, ours);
    expect_has_all_that_is_read(sysfs_tree_get_root(tree), copy);
    expect_has(theirs, "<feature name='rdma'/>");
    expect_has(theirs, "<link speed='25000' state='up'/>");
    expect_has(theirs, "<type id='a-1'>");
    expect_has(theirs, "<name>net_eno5_02_00_00_00_00_01</name>");
    expect_has(theirs, "<name>zpci_0000000d</name>");
    expect_has(theirs, "<capability type='virt_functions'");
    expect_has(theirs, "<driver>");
    expect_has(theirs, "<iommuGroup number='7'>");
    expect_has(theirs, "<product>z16</product>");
}

/* All that any release of libvirt lists is there, whichever is installed where it is captured. */
static void
test_channel_devices(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autofree char *ours = NULL;
    g_autofree char *theirs = NULL;
    g_auto(GStrv) notes = NULL;

    ccw_tree_add_qeth(tree);
    ccw_tree_set(tree, "ccw", "0.0.bd02", "online", "0");
    net_tree_add(tree, "devices/qeth/0.0.bd00", "encbd00", "02:00:00:00:00:01");
    libvirt_release_set_test_number(9000000);
    notes = capture(host, copy, FALSE);
    libvirt_release_set_test_number(12008000);
    ours = describe(sysfs_tree_get_root(tree));
    theirs = describe(copy);
    libvirt_release_set_test_number(0);
    g_assert_cmpstr(theirs, ==, ours);
    expect_has_all_that_is_read(sysfs_tree_get_root(tree), copy);
    expect_has(theirs, "<parent>css_0_0_0072</parent>");
    expect_has(theirs, "<parent>ccwgroup_0_0_bd00</parent>");
    expect_has(theirs, "<state>offline</state>");
    expect_has(theirs, "<ccw_device ref='cdev2'>ccw_0_0_bd02</ccw_device>");
    expect_has(theirs, "<group_device>ccwgroup_0_0_bd00</group_device>");
}

/* The chain is that of VFIO if it may be opened, and a note if not. */
static void
test_chain_of_a_function_that_is_bound(void)
{
    for (guint with_vfio = 0; with_vfio < 2; with_vfio++) {
        g_autoptr(LiveHost) live = live_host_new();
        g_autofree char *copy = sysfs_tree_get_path(live->tree, "capture");
        g_autofree char *chain = g_build_filename(copy, "chain", LIVE_HOST_ADDRESS, NULL);
        g_autofree char *xml = NULL;
        g_auto(GStrv) notes = NULL;

        live_host_bind(live, 3600);
        if (with_vfio)
            kernel_script_add_group(KERNEL_SCRIPT_CHAIN);
        kernel_script_add_failure("clp", ENOENT);
        notes = capture(live->host, copy, with_vfio == 1);
        g_assert_cmpint(access(chain, F_OK) == 0, ==, with_vfio == 1);
        g_assert_cmpuint(g_strv_length(notes), ==, with_vfio ? 1 : 2);
        expect_has(notes[with_vfio ? 0 : 1], "CLP was not captured: ");
        if (!with_vfio)
            g_assert_true(g_str_has_prefix(notes[0], LIVE_HOST_ADDRESS ": "));
        xml = describe(copy);
        expect_has(xml, with_vfio ? "<source identity='sysfs' function='vfio' group='vfio'/>"
                                  : "<source identity='sysfs'");
    }
}

static void
test_ini_tells_of_this_machine(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autofree char *copy = sysfs_tree_get_path(live->tree, "capture");
    g_autofree char *path = g_build_filename(copy, "capture.ini", NULL);
    g_autoptr(GKeyFile) ini = g_key_file_new();
    g_autofree char *order = NULL;
    g_auto(GStrv) notes = NULL;

    kernel_script_add_failure("clp", ENOENT);
    notes = capture(live->host, copy, FALSE);
    g_assert_true(g_key_file_load_from_file(ini, path, G_KEY_FILE_NONE, NULL));
    g_assert_cmpint(g_key_file_get_integer(ini, "capture", "format", NULL), ==, 1);
    order = g_key_file_get_string(ini, "capture", "byte-order", NULL);
    g_assert_cmpstr(order, ==, G_BYTE_ORDER == G_BIG_ENDIAN ? "big" : "little");
    for (guint i = 0; i < 4; i++) {
        static const char *const keys[] = { "architecture", "kernel", "time", "origin" };

        g_assert_true(g_key_file_has_key(ini, "capture", keys[i], NULL));
    }
}

/* What was read of the host before is kept by it, and read again for the capture. */
static void
test_host_that_has_been_read(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autoptr(ZpciInventory) inventory = NULL;
    ZpciHost *host;
    g_auto(GStrv) notes = NULL;

    sysfs_tree_add_zpci(tree, PHYSICAL, 0xc, 5, 0xff);
    host = sysfs_tree_open(tree);
    inventory = zpci_inventory_new(host);
    ask_for_all(inventory);
    notes = capture(host, copy, FALSE);
    expect_has_all_that_is_read(sysfs_tree_get_root(tree), copy);
    expect_file(copy, "sys/bus/pci/devices/" PHYSICAL "/vendor", "0x1af4\n");
}

/* Without a vendor it has no document, but is a zPCI function. */
static void
test_function_without_a_vendor(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autoptr(ZpciHost) host = NULL;
    g_auto(GStrv) notes = NULL;

    sysfs_tree_add_zpci(tree, PHYSICAL, 0xc, 5, 0xff);
    sysfs_tree_unset(tree, PHYSICAL, "vendor");
    host = sysfs_tree_open(tree);
    notes = capture(host, copy, FALSE);
    expect_file(copy, "sys/bus/pci/devices/" PHYSICAL "/pfgid", "0xff\n");
}

static void
test_what_cannot_be_captured_is_a_note(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = NULL;
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autofree char *joined = NULL;
    g_auto(GStrv) notes = NULL;

    sysfs_tree_add_zpci(tree, PHYSICAL, 0xc, 5, 0xff);
    sysfs_tree_set_link(tree, PHYSICAL, "numa_node", "elsewhere");
    host = sysfs_tree_open(tree);
    notes = capture(host, copy, FALSE);
    joined = g_strjoinv("\n", notes);
    expect_has(joined, "numa_node");
    expect_file(copy, "sys/bus/pci/devices/" PHYSICAL "/uid", "0x5\n");
}

typedef struct {
    SysfsTree *tree;
    GString *told;
    gboolean destroys;
    gboolean unplugs;
} Progress;

/* Tells "ADDRESS DONE/TOTAL ". Meanwhile somebody may delete the capture and put a file there, or
 * unplug the next function. */
static void
on_progress(const char *address, guint done, guint total, gpointer data)
{
    Progress *progress = data;

    g_string_append_printf(progress->told, "%s %u/%u ", address, done, total);
    if (progress->destroys && done == 1) {
        sysfs_tree_delete(progress->tree, "capture");
        sysfs_tree_write(progress->tree, "capture", "", 0);
    }
    if (progress->unplugs && done == 1)
        sysfs_tree_remove_function(progress->tree, VIRTUAL);
}

static void
test_progress_is_told_after_each_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GString) told = g_string_new(NULL);
    Progress progress = { tree, told, FALSE, FALSE };
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) notes = NULL;

    sysfs_tree_add_function(tree, PHYSICAL);
    sysfs_tree_add_function(tree, VIRTUAL);
    host = sysfs_tree_open(tree);
    g_assert_true(zpci_capture_write(host, copy, FALSE, on_progress, &progress, &notes, &error));
    g_assert_cmpstr(told->str, ==, PHYSICAL " 1/2 " VIRTUAL " 2/2 ");
}

static void
test_function_that_vanishes_is_a_note(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GString) told = g_string_new(NULL);
    Progress progress = { tree, told, FALSE, TRUE };
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) notes = NULL;

    sysfs_tree_add_function(tree, PHYSICAL);
    sysfs_tree_add_function(tree, VIRTUAL);
    host = sysfs_tree_open(tree);
    g_assert_true(zpci_capture_write(host, copy, FALSE, on_progress, &progress, &notes, &error));
    expect_has(notes[0], VIRTUAL " vanished");
    g_assert_cmpstr(told->str, ==, PHYSICAL " 1/2 " VIRTUAL " 2/2 ");
    expect_file(copy, "sys/bus/pci/devices/" PHYSICAL "/class", "0x020000\n");
}

static void
test_capture_that_somebody_deletes(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GString) told = g_string_new(NULL);
    Progress progress = { tree, told, TRUE, FALSE };
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(GError) error = NULL;
    char **notes = NULL;

    sysfs_tree_add_function(tree, PHYSICAL);
    sysfs_tree_add_function(tree, VIRTUAL);
    host = sysfs_tree_open(tree);
    g_assert_false(zpci_capture_write(host, copy, FALSE, on_progress, &progress, &notes, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "Making the directory ");
    g_assert_null(notes);
    g_assert_cmpstr(told->str, ==, PHYSICAL " 1/2 ");
}

/* What is there already stays as it is. */
static void
test_directory_that_exists(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autofree char *copy = sysfs_tree_get_path(tree, "capture");
    g_autofree char *below = sysfs_tree_get_path(tree, "missing/capture");
    g_autoptr(GError) error = NULL;
    char **notes = NULL;

    sysfs_tree_write(tree, "capture/mine", "", 0);
    g_assert_false(zpci_capture_write(host, copy, FALSE, NULL, NULL, &notes, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "exists already");
    expect_file(copy, "mine", "");
    g_assert_false(zpci_capture_write(host, below, FALSE, NULL, NULL, &notes, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "Making the directory ");
    g_assert_null(notes);
}

/* Its name is too long for the kernel; that of capture.ini, which is written before, is not. */
static void
test_link_that_cannot_be_made(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *copy = sysfs_tree_get_long_path(
        tree, "capture", PATH_MAX - strlen("/sys/bus/pci/devices/" PHYSICAL));
    g_autoptr(ZpciHost) host = NULL;
    g_autoptr(GError) error = NULL;
    char **notes = NULL;

    sysfs_tree_add_function(tree, PHYSICAL);
    host = sysfs_tree_open(tree);
    g_assert_false(zpci_capture_write(host, copy, FALSE, NULL, NULL, &notes, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "Making the link ");
    g_assert_null(notes);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-capture/shows-what-the-host-shows",
                    test_capture_shows_what_the_host_shows);
    g_test_add_func("/zpci-capture/all-that-a-function-can-have",
                    test_all_that_a_function_can_have);
    g_test_add_func("/zpci-capture/channel-devices", test_channel_devices);
    g_test_add_func("/zpci-capture/chain-of-a-function-that-is-bound",
                    test_chain_of_a_function_that_is_bound);
    g_test_add_func("/zpci-capture/ini-tells-of-this-machine", test_ini_tells_of_this_machine);
    g_test_add_func("/zpci-capture/host-that-has-been-read", test_host_that_has_been_read);
    g_test_add_func("/zpci-capture/function-without-a-vendor", test_function_without_a_vendor);
    g_test_add_func("/zpci-capture/what-cannot-be-captured-is-a-note",
                    test_what_cannot_be_captured_is_a_note);
    g_test_add_func("/zpci-capture/progress-is-told-after-each-function",
                    test_progress_is_told_after_each_function);
    g_test_add_func("/zpci-capture/function-that-vanishes-is-a-note",
                    test_function_that_vanishes_is_a_note);
    g_test_add_func("/zpci-capture/that-somebody-deletes", test_capture_that_somebody_deletes);
    g_test_add_func("/zpci-capture/directory-that-exists", test_directory_that_exists);
    g_test_add_func("/zpci-capture/link-that-cannot-be-made", test_link_that_cannot_be_made);
    return g_test_run();
}
