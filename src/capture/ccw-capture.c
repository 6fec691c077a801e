/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>

#include "ccw-reading.h"
#include "names.h"
#include "zpci-capture-private.h"

static gboolean
ccw_capture_copy(CaptureWriter *writer, const CcwDevice *device, GError **error)
{
    const char *path = device->path + strlen("/" NAME_SYS "/");
    g_autoptr(CcwDevice) read = ccw_reading_identify(writer->reader, device->kind, device->sysname);

    if (read != NULL)
        ccw_reading_complete(writer->reader, read, NULL);
    /* What no reader reads of all of them, for people and other programs. */
    capture_writer_want(writer, SYSFS_READING_FILE, path, NAME_UEVENT);
    capture_writer_want(writer, SYSFS_READING_LINK, path, NAME_SUBSYSTEM);
    return capture_writer_copy_readings(writer, error);
}

static gboolean
ccw_capture_write_kind(const ZpciHost *host, CaptureWriter *writer, CcwKind kind, GError **error)
{
    g_autoptr(GPtrArray) sysnames = ccw_reading_list(host, kind, NULL);

    for (guint i = 0; sysnames != NULL && i < sysnames->len; i++) {
        g_autoptr(CcwDevice) device =
            ccw_reading_identify(host, kind, g_ptr_array_index(sysnames, i));

        if (device != NULL && !ccw_capture_copy(writer, device, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
ccw_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error)
{
    return ccw_capture_write_kind(host, writer, CCW_KIND_SUBCHANNEL, error) &&
           ccw_capture_write_kind(host, writer, CCW_KIND_DEVICE, error) &&
           ccw_capture_write_kind(host, writer, CCW_KIND_GROUP, error);
}
