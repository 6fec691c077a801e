/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-info.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "system-error.h"
#include "vfio-uapi.h"
#include "zpci-error.h"

static gboolean
vfio_info_field(const ByteReader *reply, gsize offset, const char *name, guint32 *value,
                GError **error)
{
    guint64 number;

    if (!byte_reader_number(reply, offset, sizeof *value, name, &number, error))
        return FALSE;
    *value = (guint32)number;
    return TRUE;
}

static gboolean
vfio_info_check_size(const ByteReader *reply, guint32 argsz, GError **error)
{
    if (argsz < VFIO_UAPI_INFO_SIZE_WITHOUT_CAPS) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("argsz at offset 0 is %u, smaller than the %u bytes of the fixed part."),
                    argsz, VFIO_UAPI_INFO_SIZE_WITHOUT_CAPS);
        return FALSE;
    }
    if (argsz > reply->size) {
        g_set_error(
            error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
            _("argsz at offset 0 is %u, but the reply ends at offset %zu; it was cut off, or "
              "read into a buffer that was too small."),
            argsz, reply->size);
        return FALSE;
    }
    return TRUE;
}

static gboolean
vfio_info_read_cap_offset(const ByteReader *reply, VfioInfo *info, GError **error)
{
    if (!(info->flags & VFIO_UAPI_FLAG_CAPS))
        return TRUE;
    if (!vfio_info_field(reply, VFIO_UAPI_INFO_CAP_OFFSET, "cap_offset", &info->cap_offset, error))
        return FALSE;
    if (info->cap_offset == 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("cap_offset at offset %u is 0 although the flags promise capabilities; the "
                      "reply was read into a buffer that was too small."),
                    VFIO_UAPI_INFO_CAP_OFFSET);
        return FALSE;
    }
    return TRUE;
}

gboolean
vfio_info_parse(const ByteReader *reply, VfioInfo *info, GError **error)
{
    VfioInfo parsed = { 0 };
    ByteReader fixed;

    if (!vfio_info_field(reply, VFIO_UAPI_INFO_ARGSZ, "argsz", &parsed.argsz, error) ||
        !vfio_info_check_size(reply, parsed.argsz, error))
        return FALSE;

    fixed = (ByteReader){ reply->data, parsed.argsz, reply->byte_order };
    if (!vfio_info_field(&fixed, VFIO_UAPI_INFO_FLAGS, "flags", &parsed.flags, error) ||
        !vfio_info_field(&fixed, VFIO_UAPI_INFO_NUM_REGIONS, "num_regions", &parsed.num_regions,
                         error) ||
        !vfio_info_field(&fixed, VFIO_UAPI_INFO_NUM_IRQS, "num_irqs", &parsed.num_irqs, error) ||
        !vfio_info_read_cap_offset(&fixed, &parsed, error))
        return FALSE;
    *info = parsed;
    return TRUE;
}

/* One call: @reply is set to @size zero bytes with argsz in front, and filled by the kernel. */
static gboolean
vfio_info_ask(int fd, SystemIoctl call, GByteArray *reply, guint32 size, guint32 *needed)
{
    g_byte_array_set_size(reply, size);
    memset(reply->data, 0, size);
    memcpy(reply->data + VFIO_UAPI_INFO_ARGSZ, &size, sizeof size);
    if (call(fd, VFIO_UAPI_DEVICE_GET_INFO, reply->data) < 0)
        return FALSE;
    memcpy(needed, reply->data + VFIO_UAPI_INFO_ARGSZ, sizeof *needed);
    return TRUE;
}

GByteArray *
vfio_info_read(int fd, SystemIoctl call, const char *device, GError **error)
{
    g_autoptr(GByteArray) reply = g_byte_array_new();
    guint32 size = VFIO_UAPI_INFO_SIZE;

    for (guint try = 0; try < VFIO_INFO_MAX_TRIES; try++) {
        guint32 needed;

        if (!vfio_info_ask(fd, call, reply, size, &needed)) {
            system_error_set(error, errno, _("VFIO_DEVICE_GET_INFO of %s failed"), device);
            return NULL;
        }
        if (needed <= size)
            return g_steal_pointer(&reply);
        if (needed > VFIO_INFO_MAX_SIZE) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                        _("VFIO_DEVICE_GET_INFO of %s asks for %u bytes; at most %u are accepted."),
                        device, needed, VFIO_INFO_MAX_SIZE);
            return NULL;
        }
        size = needed;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("VFIO_DEVICE_GET_INFO of %s asked for more bytes %u times in a row."), device,
                VFIO_INFO_MAX_TRIES);
    return NULL;
}
