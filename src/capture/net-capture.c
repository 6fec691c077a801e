/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>

#include "ccw-address.h"
#include "names.h"
#include "net-reading.h"
#include "pci-address.h"
#include "zpci-capture-private.h"

/* What no reader reads, or not always, for people and other programs. */
static const char *const links[] = { NAME_NET_DEVICE, NAME_SUBSYSTEM };

static gboolean
net_capture_is_of_hardware(const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    PciAddress address;
    CcwAddress channel;

    for (guint i = 0; steps[i] != NULL; i++) {
        if (pci_address_parse(steps[i], &address, NULL) || ccw_address_parse(steps[i], &channel))
            return TRUE;
    }
    return FALSE;
}

static gboolean
net_capture_copy(CaptureWriter *writer, const NetDevice *device, GError **error)
{
    const char *path = device->path + strlen("/" NAME_SYS "/");
    g_autoptr(NetDevice) read = net_reading_identify(writer->reader, device->sysname);

    if (read != NULL)
        net_reading_complete(writer->reader, read, NULL);
    capture_writer_want(writer, SYSFS_READING_FILE, path, NAME_NET_SPEED);
    for (guint i = 0; i < G_N_ELEMENTS(links); i++)
        capture_writer_want(writer, SYSFS_READING_LINK, path, links[i]);
    return capture_writer_copy_readings(writer, error);
}

/* Others are not asked through the reader, so they are not captured. */
gboolean
net_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error)
{
    g_autoptr(GPtrArray) sysnames = net_reading_list(host, NULL);

    for (guint i = 0; sysnames != NULL && i < sysnames->len; i++) {
        g_autoptr(NetDevice) device = net_reading_identify(host, g_ptr_array_index(sysnames, i));

        if (device != NULL && net_capture_is_of_hardware(device->path) &&
            !net_capture_copy(writer, device, error))
            return FALSE;
    }
    return TRUE;
}
