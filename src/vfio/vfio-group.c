/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-group.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdint.h>

#include "names.h"
#include "system-error.h"
#include "vfio-info.h"
#include "vfio-uapi.h"
#include "zpci-error.h"

/* struct vfio_group_status. */
typedef struct {
    guint32 argsz;
    guint32 flags;
} GroupStatus;

/* Some of VFIO's calls take a number in place of the pointer. */
static int
vfio_group_call_number(const SystemCalls *calls, int fd, unsigned long request, uintptr_t number)
{
    return calls->ioctl(fd, request, (void *)number);
}

static gboolean
vfio_group_check(int group, const char *node, const SystemCalls *calls, GError **error)
{
    GroupStatus status = { .argsz = sizeof status };

    if (calls->ioctl(group, VFIO_UAPI_GROUP_GET_STATUS, &status) < 0) {
        system_error_set(error, errno, _("Reading the state of %s failed"), node);
        return FALSE;
    }
    if (!(status.flags & VFIO_UAPI_GROUP_VIABLE)) {
        g_set_error(
            error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
            _("The group %s has functions that host drivers hold; bind all of them to VFIO."),
            node);
        return FALSE;
    }
    return TRUE;
}

static gboolean
vfio_group_set_iommu(int container, const SystemCalls *calls, const char *node, GError **error)
{
    static const uintptr_t types[] = { VFIO_UAPI_TYPE1V2_IOMMU, VFIO_UAPI_TYPE1_IOMMU };

    for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
        if (vfio_group_call_number(calls, container, VFIO_UAPI_CHECK_EXTENSION, types[i]) <= 0)
            continue;
        if (vfio_group_call_number(calls, container, VFIO_UAPI_SET_IOMMU, types[i]) == 0)
            return TRUE;
        system_error_set(error, errno, _("Setting the IOMMU of %s failed"), node);
        return FALSE;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                _("This kernel offers no type 1 IOMMU for %s; load vfio_iommu_type1."), node);
    return FALSE;
}

static GByteArray *
vfio_group_read_device(int group, const char *node, const char *address, const SystemCalls *calls,
                       GError **error)
{
    int device = calls->ioctl(group, VFIO_UAPI_GROUP_GET_DEVICE_FD, (void *)address);
    GByteArray *reply;

    if (device < 0) {
        system_error_set(error, errno, _("Opening %s through %s failed"), address, node);
        return NULL;
    }
    reply = vfio_info_read(device, calls->ioctl, address, error);
    calls->close(device);
    return reply;
}

static GByteArray *
vfio_group_read_in_container(int container, int group, const char *node, const char *address,
                             const SystemCalls *calls, GError **error)
{
    if (calls->ioctl(container, VFIO_UAPI_GET_API_VERSION, NULL) != VFIO_UAPI_API_VERSION) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("This kernel speaks another version of VFIO than %u."),
                    VFIO_UAPI_API_VERSION);
        return NULL;
    }
    if (!vfio_group_check(group, node, calls, error))
        return NULL;
    if (calls->ioctl(group, VFIO_UAPI_GROUP_SET_CONTAINER, &container) < 0) {
        system_error_set(error, errno, _("Putting %s into a container failed"), node);
        return NULL;
    }
    if (!vfio_group_set_iommu(container, calls, node, error))
        return NULL;
    return vfio_group_read_device(group, node, address, calls, error);
}

GByteArray *
vfio_group_read(const char *node, const char *address, const char *dev, const SystemCalls *calls,
                GError **error)
{
    g_autofree char *container_node = g_build_filename(dev, NAME_DEV_VFIO, "vfio", NULL);
    GByteArray *reply;
    int group, container;

    /* The group first: if somebody has it, nothing else needs to be touched. */
    group = calls->open(node);
    if (group < 0) {
        system_error_set(error, errno, _("Opening %s failed"), node);
        return NULL;
    }
    container = calls->open(container_node);
    if (container < 0) {
        system_error_set(error, errno, _("Opening %s failed"), container_node);
        calls->close(group);
        return NULL;
    }
    reply = vfio_group_read_in_container(container, group, node, address, calls, error);
    calls->close(group);
    calls->close(container);
    return reply;
}
