/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "ccw-device.h"

#include "pci-mdev-type.h"

static void
ccw_device_free_member(gpointer data)
{
    CcwMember *member = data;

    g_free(member->reference);
    g_free(member->sysname);
    g_free(member);
}

CcwDevice *
ccw_device_new(CcwKind kind, const char *sysname, const CcwAddress *address)
{
    CcwDevice *device = g_new0(CcwDevice, 1);

    device->kind = kind;
    device->sysname = g_strdup(sysname);
    device->address = *address;
    device->mdev_types = g_ptr_array_new_with_free_func((GDestroyNotify)pci_mdev_type_free);
    device->members = g_ptr_array_new_with_free_func(ccw_device_free_member);
    return device;
}

void
ccw_device_add_member(CcwDevice *device, const char *reference, const char *sysname)
{
    CcwMember *member = g_new(CcwMember, 1);

    member->reference = g_strdup(reference);
    member->sysname = g_strdup(sysname);
    g_ptr_array_add(device->members, member);
}

void
ccw_device_free(CcwDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->sysname);
    g_free(device->path);
    g_free(device->driver);
    g_free(device->channel);
    g_ptr_array_unref(device->mdev_types);
    g_free(device->group);
    g_free(device->card_type);
    g_free(device->chpid);
    g_ptr_array_unref(device->members);
    g_free(device);
}
