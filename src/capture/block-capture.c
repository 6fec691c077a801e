/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "block-device.h"
#include "class-device.h"
#include "names.h"
#include "sysfs.h"
#include "zpci-capture-private.h"
#include "zpci-host-private.h"

/* Others are not asked through the reader, so they are not captured. Whether one is a partition is
 * told by a file that nobody reads. */
static void
block_capture_ask(CaptureWriter *writer, const GPtrArray *names)
{
    int reader = zpci_host_get_sysfs(writer->reader);
    char address[PCI_ADDRESS_TEXT_SIZE];

    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = g_build_filename(NAME_CLASS_BLOCK, name, NULL);

        class_device_find_function(reader, NAME_CLASS_BLOCK, name, address);
        capture_writer_want(writer, SYSFS_READING_FILE, path, NAME_BLOCK_PARTITION);
    }
    g_ptr_array_unref(block_device_list_upon(reader, names, NULL));
}

gboolean
block_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error)
{
    g_autoptr(GHashTable) index =
        class_device_index(zpci_host_get_sysfs(host), NAME_CLASS_BLOCK, NULL);
    GHashTableIter iter;
    gpointer names;

    if (index == NULL)
        return TRUE;
    g_hash_table_iter_init(&iter, index);
    while (g_hash_table_iter_next(&iter, NULL, &names))
        block_capture_ask(writer, names);
    return capture_writer_copy_readings(writer, error);
}
