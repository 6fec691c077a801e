/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-device.h"

void
net_device_free(NetDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->sysname);
    g_free(device->path);
    g_free(device->interface);
    g_free(device->address);
    g_free(device);
}
