/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "block-device.h"

#include "busy-host.h"
#include "expect.h"

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* @expected: "NAME[=NUMBER][<LOWER]" of each, joined by blanks, in the order of their names */
static void
assert_devices(const BusyHost *busy, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) devices =
        block_device_list(busy_host_get_sysfs(busy), BUSY_HOST_PATH, &error);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    g_assert_no_error(error);
    for (guint i = 0; i < devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(devices, i);

        g_ptr_array_add(texts, g_strconcat(device->name, device->number != NULL ? "=" : "",
                                           device->number != NULL ? device->number : "",
                                           device->lower != NULL ? "<" : "", device->lower, NULL));
    }
    g_ptr_array_sort(texts, compare_texts);
    g_ptr_array_add(texts, NULL);
    expect_strings((const char *const *)texts->pdata, expected);
}

static void
test_disk_and_partition(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    assert_devices(busy, "");
    busy_host_add_disk(busy);
    busy_host_add_upper(busy, "sda", "8:0", "sdb");
    assert_devices(busy, "vda1=253:1 vda=253:0");
}

static void
test_what_is_built_upon_them(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_disk(busy);
    busy_host_add_upper(busy, "md0", "9:0", "vda1");
    busy_host_add_upper(busy, "dm-0", "252:0", "md0");
    busy_host_set(busy, "devices/virtual/block/md0/md0p1/dev", "259:0");
    sysfs_tree_link(busy->tree, "sys/class/block/md0p1", "../../devices/virtual/block/md0/md0p1");
    assert_devices(busy, "dm-0=252:0<md0 md0=9:0<vda1 md0p1=259:0<vda1 vda1=253:1 vda=253:0");
}

static void
test_circle_of_holders(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_disk(busy);
    busy_host_add_upper(busy, "dm-0", "252:0", "vda");
    sysfs_tree_link(busy->tree, "sys/class/block/dm-0/holders/vda", "nowhere");
    assert_devices(busy, "dm-0=252:0<vda vda1=253:1 vda=253:0");
}

/* The disk belongs to no function; the function's path to it has no number. */
static void
test_nvme_disk_with_several_paths(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_class(busy, "class/block", "nvme/nvme0/nvme0c1n2");
    assert_devices(busy, "nvme0c1n2");
    busy_host_set(busy, "devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n2/dev", "259:4");
    busy_host_set(busy, "devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n2/nvme0n2p1/dev",
                  "259:5");
    sysfs_tree_link(busy->tree, "sys/class/block/nvme0n2",
                    "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n2");
    sysfs_tree_link(busy->tree, "sys/class/block/nvme0n2p1",
                    "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n2/nvme0n2p1");
    assert_devices(busy, "nvme0c1n2 nvme0n2=259:4 nvme0n2p1=259:5");
}

/* A number that cannot be read is not a number that is not there. */
static void
test_what_cannot_be_read(void)
{
    static const char *const places[] = { "vda/dev", "vda/holders", "vda/vda1/dm/name" };

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(BusyHost) busy = busy_host_new();
        g_autoptr(GError) error = NULL;
        g_autofree char *path =
            g_build_filename("sys", BUSY_HOST_PATH, "virtio0/block", places[i], NULL);

        busy_host_add_disk(busy);
        if (i == 0)
            sysfs_tree_delete(busy->tree, path);
        if (i == 1)
            sysfs_tree_link(busy->tree, path, "holders");
        else
            sysfs_tree_make_directory(busy->tree, path);
        g_assert_null(block_device_list(busy_host_get_sysfs(busy), BUSY_HOST_PATH, &error));
        g_assert_nonnull(error);
        expect_error(&error, ZPCI_ERROR_UNREADABLE, "failed");
    }
}

static void
test_names(void)
{
    BlockDevice plain = { .name = (char *)"cciss!c0d0" };
    BlockDevice mapped = { .name = (char *)"dm-0", .mapped = (char *)"vg-root" };
    g_autofree char *node = block_device_get_node(&plain);
    g_autofree char *name = block_device_format(&plain);
    g_autofree char *both = block_device_format(&mapped);

    g_assert_cmpstr(node, ==, "cciss/c0d0");
    g_assert_cmpstr(name, ==, "cciss!c0d0");
    g_assert_cmpstr(both, ==, "dm-0 ('vg-root')");
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/block-device/disk-and-partition", test_disk_and_partition);
    g_test_add_func("/block-device/what-is-built-upon-them", test_what_is_built_upon_them);
    g_test_add_func("/block-device/circle-of-holders", test_circle_of_holders);
    g_test_add_func("/block-device/nvme-disk-with-several-paths",
                    test_nvme_disk_with_several_paths);
    g_test_add_func("/block-device/what-cannot-be-read", test_what_cannot_be_read);
    g_test_add_func("/block-device/names", test_names);
    return g_test_run();
}
