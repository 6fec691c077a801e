/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-cdev.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "names.h"
#include "system-error.h"
#include "vfio-info.h"
#include "vfio-uapi.h"

/* struct vfio_device_bind_iommufd. */
typedef struct {
    guint32 argsz;
    guint32 flags;
    gint32 iommufd;
    guint32 out_devid;
} BindIommufd;

static gboolean
vfio_cdev_bind(int device, int iommufd, const char *node, const SystemCalls *calls, GError **error)
{
    BindIommufd bind = { .argsz = sizeof bind, .iommufd = iommufd };
    int number;

    if (calls->ioctl(device, VFIO_UAPI_DEVICE_BIND_IOMMUFD, &bind) == 0)
        return TRUE;
    /* The kernel answers a second bind with EINVAL. */
    number = errno == EINVAL ? EBUSY : errno;
    system_error_set(error, number, _("Binding %s to an iommufd failed"), node);
    return FALSE;
}

GByteArray *
vfio_cdev_read(const char *node, const char *address, const char *dev, const SystemCalls *calls,
               GError **error)
{
    g_autofree char *iommu_node = g_build_filename(dev, NAME_DEV_IOMMU, NULL);
    GByteArray *reply = NULL;
    int device, iommufd;

    device = calls->open(node);
    if (device < 0) {
        system_error_set(error, errno, _("Opening %s failed"), node);
        return NULL;
    }
    iommufd = calls->open(iommu_node);
    if (iommufd < 0) {
        system_error_set(error, errno, _("Opening %s failed"), iommu_node);
        calls->close(device);
        return NULL;
    }
    if (vfio_cdev_bind(device, iommufd, node, calls, error))
        reply = vfio_info_read(device, calls->ioctl, address, error);
    calls->close(device);
    calls->close(iommufd);
    return reply;
}
