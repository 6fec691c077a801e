/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-capture.h"

#include <string.h>

#include "names.h"
#include "net-reading.h"
#include "pci-address.h"
#include "sysfs.h"

static const char *const files[] = { NAME_UEVENT, NAME_NET_ADDRESS, NAME_NET_OPERSTATE };
static const char *const links[] = { NAME_NET_DEVICE, NAME_SUBSYSTEM };

static gboolean
net_capture_is_of_function(const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    PciAddress address;

    for (guint i = 0; steps[i] != NULL; i++) {
        if (pci_address_parse(steps[i], &address, NULL))
            return TRUE;
    }
    return FALSE;
}

/* Most drivers give an error for a link that is down, which is worth no note. */
static gboolean
net_capture_copy_speed(CaptureWriter *writer, const char *path, GError **error)
{
    g_autofree char *speed = g_build_filename(path, NAME_NET_SPEED, NULL);
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    return sysfs_read_text(writer->sysfs, speed, text, NULL) != SYSFS_READ ||
           capture_writer_copy_file(writer, speed, SYSFS_ATTRIBUTE_MAX, error);
}

static gboolean
net_capture_copy(CaptureWriter *writer, const NetDevice *device, GError **error)
{
    const char *path = device->path + strlen("/" NAME_SYS "/");
    g_autofree char *entry = g_build_filename(NAME_CLASS_NET, device->sysname, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *file = g_build_filename(path, files[i], NULL);

        if (!capture_writer_copy_file(writer, file, SYSFS_ATTRIBUTE_MAX, error))
            return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(links); i++) {
        g_autofree char *link = g_build_filename(path, links[i], NULL);

        if (!capture_writer_copy_link(writer, link, error))
            return FALSE;
    }
    return net_capture_copy_speed(writer, path, error) &&
           capture_writer_copy_link(writer, entry, error);
}

gboolean
net_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error)
{
    g_autoptr(GPtrArray) sysnames = net_reading_list(host, NULL);

    for (guint i = 0; sysnames != NULL && i < sysnames->len; i++) {
        g_autoptr(NetDevice) device = net_reading_identify(host, g_ptr_array_index(sysnames, i));

        if (device != NULL && net_capture_is_of_function(device->path) &&
            !net_capture_copy(writer, device, error))
            return FALSE;
    }
    return TRUE;
}
