/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "block-use.h"

#include <errno.h>

#include "block-device.h"
#include "busy-host.h"
#include "expect.h"

#define MOUNTS "proc/self/mountinfo"
#define SWAPS_HEAD "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

static gboolean
check(const BusyHost *busy, GError **error)
{
    int sysfs = busy_host_get_sysfs(busy);
    g_autofree char *proc = busy_host_get_path(busy, "proc");
    g_autofree char *dev = busy_host_get_path(busy, "dev");
    g_autoptr(GPtrArray) devices = block_device_list(sysfs, BUSY_HOST_PATH, error);

    return devices != NULL && block_use_check(sysfs, proc, devices, BUSY_HOST_ADDRESS, error) &&
           block_use_check_claims(busy_host_get_calls(), sysfs, dev, devices, BUSY_HOST_ADDRESS,
                                  error);
}

static void
assert_free(const BusyHost *busy)
{
    g_autoptr(GError) error = NULL;

    check(busy, &error);
    g_assert_no_error(error);
}

static void
assert_used(const BusyHost *busy, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(check(busy, &error));
    expect_has(error->message, BUSY_HOST_ADDRESS);
    expect_error(&error, ZPCI_ERROR_IN_USE, part);
}

static BusyHost *
host_with_disk(void)
{
    BusyHost *busy = busy_host_new();

    busy_host_add_disk(busy);
    return busy;
}

static void
test_disk_that_nobody_uses(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    sysfs_tree_write(busy->tree, MOUNTS,
                     "22 1 253:10 / / rw shared:1 - ext4 /dev/vdb rw\n"
                     "23 22 0:5 / /dev/vda rw - tmpfs tmpfs rw\n"
                     "24 22 0:40 / /x rw shared:2 - nfs server:/dev/vda rw\n",
                     -1);
    sysfs_tree_write(busy->tree, "proc/swaps", SWAPS_HEAD "/dev/vdb2 partition 1 0 -2\n", -1);
    assert_free(busy);
}

static void
test_mounted_disk(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    sysfs_tree_write(busy->tree, MOUNTS,
                     "22 1 0:21 / / rw - rootfs rootfs rw\n"
                     "40 22 253:0 /data /srv/a\\040b rw,noatime shared:3 master:1 - ext4 x rw\n",
                     -1);
    assert_used(busy, "block device vda is mounted on '/srv/a b'");
}

/* The last line may lack its end. */
static void
test_mounted_partition(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    sysfs_tree_write(busy->tree, MOUNTS, "40 22 253:1 / /srv rw - ext4 /dev/root rw", -1);
    assert_used(busy, "vda1 is mounted on '/srv'");
}

static void
test_mounted_logical_volume(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    busy_host_add_upper(busy, "dm-0", "252:0", "vda1");
    busy_host_set(busy, "devices/virtual/block/dm-0/dm/name", "vg-home");
    sysfs_tree_write(busy->tree, MOUNTS, "40 22 252:0 / /data rw - xfs /dev/dm-0 rw\n", -1);
    assert_used(busy, "dm-0 ('vg-home') is mounted on '/data'");
}

static void
test_holder_that_is_not_mounted(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    busy_host_add_upper(busy, "md0", "9:0", "vda1");
    assert_used(busy, "block device vda1 is a part of md0");
}

/* btrfs is mounted from a device number of its own. */
static void
test_btrfs_by_its_source(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    sysfs_tree_write(busy->tree, MOUNTS, "40 22 0:44 /@ / rw shared:1 - btrfs /dev/vda1 rw\n", -1);
    assert_used(busy, "vda1 is mounted on '/'");
    sysfs_tree_write(busy->tree, MOUNTS, "40 22 0:44 /@ / rw - btrfs /dev/vda12 rw\n", -1);
    assert_free(busy);
}

static void
test_btrfs_of_several_devices(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    sysfs_tree_link(busy->tree, "sys/fs/btrfs/0-1-2/devices/vdb", "nowhere");
    assert_free(busy);
    sysfs_tree_link(busy->tree, "sys/fs/btrfs/0-1-2/devices/vda", "nowhere");
    assert_used(busy, "vda belongs to a mounted btrfs");
}

static void
test_swap(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    sysfs_tree_write(busy->tree, "proc/swaps",
                     SWAPS_HEAD "/dev/vda1                 partition\t1 0 -2\n", -1);
    assert_used(busy, "vda1 is a swap area");
}

static void
test_swap_on_a_logical_volume(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    busy_host_add_upper(busy, "dm-0", "252:0", "vda1");
    busy_host_set(busy, "devices/virtual/block/dm-0/dm/name", "vg-swap");
    sysfs_tree_write(busy->tree, "proc/swaps", SWAPS_HEAD "/dev/mapper/vg-swap partition\t1\n", -1);
    assert_used(busy, "dm-0 ('vg-swap') is a swap area");
}

/* Lines that no kernel writes say nothing, and break nothing. */
static void
test_damaged_lists(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    sysfs_tree_write(busy->tree, MOUNTS,
                     "\n40\n40 22 253:0\n40 22 0:9 / / rw\n40 22 0:9 / / rw -\n"
                     "40 22 0:9 / / rw - btrfs\n40 22 0:9 / / rw x x x\n",
                     -1);
    sysfs_tree_write(busy->tree, "proc/swaps", "\n\t\n \n/dev/\n\\\n", -1);
    assert_free(busy);
}

static void
test_no_list_of_mounts_is_no_answer(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();
    g_autoptr(GError) error = NULL;

    sysfs_tree_delete(busy->tree, MOUNTS);
    g_assert_false(check(busy, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "mountinfo");
    sysfs_tree_delete(busy->tree, "proc");
    g_assert_false(check(busy, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "proc");
}

static void
test_claim_of_somebody_in_the_kernel(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();

    busy_host_set_claim(busy, EBUSY);
    assert_used(busy, "the kernel holds its block device vda");
}

/* The kernel found no claim, and then nothing behind the node. */
static void
test_device_without_a_medium_is_claimed_by_nobody(void)
{
    static const int numbers[] = { ENXIO, ENODEV, ENOMEDIUM };
    g_autoptr(BusyHost) busy = host_with_disk();

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        busy_host_set_claim(busy, numbers[i]);
        assert_free(busy);
    }
}

static void
test_claim_that_cannot_be_asked_for_is_no_answer(void)
{
    static const struct {
        int number;
        ZpciError code;
    } cases[] = {
        { EACCES, ZPCI_ERROR_NO_PERMISSION }, { EPERM, ZPCI_ERROR_NO_PERMISSION },
        { EIO, ZPCI_ERROR_UNREADABLE },       { ENOMEM, ZPCI_ERROR_UNREADABLE },
        { EMFILE, ZPCI_ERROR_UNREADABLE },    { ENOTBLK, ZPCI_ERROR_UNREADABLE },
        { ENOENT, ZPCI_ERROR_NOT_FOUND },
    };
    g_autoptr(BusyHost) busy = host_with_disk();
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        busy_host_set_claim(busy, cases[i].number);
        g_assert_false(check(busy, &error));
        expect_error(&error, cases[i].code, "who has the block device");
    }
}

/* A path of a multipath disk has no number, and so no node. */
static void
test_device_that_needs_no_node(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_class(busy, "class/block", "nvme/nvme0/nvme0c1n2");
    busy_host_set_claim(busy, ENOENT);
    assert_free(busy);
}

static void
test_device_that_has_gone_meanwhile(void)
{
    g_autoptr(BusyHost) busy = host_with_disk();
    g_autofree char *dev = busy_host_get_path(busy, "dev");
    int sysfs = busy_host_get_sysfs(busy);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) devices = block_device_list(sysfs, BUSY_HOST_PATH, &error);

    sysfs_tree_delete(busy->tree, "sys/class/block");
    busy_host_set_claim(busy, ENOENT);
    block_use_check_claims(busy_host_get_calls(), sysfs, dev, devices, BUSY_HOST_ADDRESS, &error);
    g_assert_no_error(error);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/block-use/disk-that-nobody-uses", test_disk_that_nobody_uses);
    g_test_add_func("/block-use/mounted-disk", test_mounted_disk);
    g_test_add_func("/block-use/mounted-partition", test_mounted_partition);
    g_test_add_func("/block-use/mounted-logical-volume", test_mounted_logical_volume);
    g_test_add_func("/block-use/holder-that-is-not-mounted", test_holder_that_is_not_mounted);
    g_test_add_func("/block-use/btrfs-by-its-source", test_btrfs_by_its_source);
    g_test_add_func("/block-use/btrfs-of-several-devices", test_btrfs_of_several_devices);
    g_test_add_func("/block-use/swap", test_swap);
    g_test_add_func("/block-use/swap-on-a-logical-volume", test_swap_on_a_logical_volume);
    g_test_add_func("/block-use/damaged-lists", test_damaged_lists);
    g_test_add_func("/block-use/no-list-of-mounts-is-no-answer",
                    test_no_list_of_mounts_is_no_answer);
    g_test_add_func("/block-use/claim-of-somebody-in-the-kernel",
                    test_claim_of_somebody_in_the_kernel);
    g_test_add_func("/block-use/device-without-a-medium-is-claimed-by-nobody",
                    test_device_without_a_medium_is_claimed_by_nobody);
    g_test_add_func("/block-use/claim-that-cannot-be-asked-for-is-no-answer",
                    test_claim_that_cannot_be_asked_for_is_no_answer);
    g_test_add_func("/block-use/device-that-needs-no-node", test_device_that_needs_no_node);
    g_test_add_func("/block-use/device-that-has-gone-meanwhile",
                    test_device_that_has_gone_meanwhile);
    return g_test_run();
}
