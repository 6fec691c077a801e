/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-capture-private.h"

#include "block-device.h"
#include "busy-host.h"
#include "class-device.h"
#include "zpci-capture.h"
#include "zpci-host-private.h"

#define DISKS "class/block"

/* Returns (transfer full): the names of the devices, each behind a blank. */
static char *
list_devices(const ZpciHost *host)
{
    int sysfs = zpci_host_get_sysfs(host);
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) index = class_device_index(sysfs, DISKS, &error);
    g_autoptr(GPtrArray) devices = NULL;
    GString *text = g_string_new(NULL);

    g_assert_no_error(error);
    g_assert_true(g_hash_table_contains(index, BUSY_HOST_ADDRESS));
    devices = block_device_list_upon(sysfs, g_hash_table_lookup(index, BUSY_HOST_ADDRESS), &error);
    g_assert_no_error(error);
    for (guint i = 0; i < devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(devices, i);

        if (device->lower == NULL)
            g_string_append_printf(text, " %s %s", device->name, device->number);
    }
    return g_string_free(text, FALSE);
}

/* A disk and its partition are there as on the machine; what is built upon it is not ours. */
static void
test_disk(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autofree char *root = sysfs_tree_get_path(busy->tree, "captured");
    g_autofree char *number = g_build_filename(root, "sys", DISKS, "vda1", "partition", NULL);
    g_autofree char *theirs = NULL;
    g_autofree char *ours = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) notes = NULL;
    ZpciHost *origin;
    ZpciHost *host;

    busy_host_add_disk(busy);
    busy_host_set(busy, DISKS "/vda1/partition", "1");
    busy_host_add_upper(busy, "md0", "9:0", "vda");
    origin = sysfs_tree_open(busy->tree);
    g_assert_true(zpci_capture_write(origin, root, FALSE, NULL, NULL, &notes, &error));
    g_assert_no_error(error);
    host = zpci_host_open(root, &error);
    g_assert_no_error(error);
    theirs = list_devices(busy->host);
    ours = list_devices(host);
    g_assert_cmpstr(ours, ==, " vda 253:0 vda1 253:1");
    g_assert_cmpstr(ours, ==, theirs);
    g_assert_true(g_file_test(number, G_FILE_TEST_EXISTS));
    zpci_host_free(host);
    zpci_host_free(origin);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/block-capture/disk", test_disk);
    return g_test_run();
}
