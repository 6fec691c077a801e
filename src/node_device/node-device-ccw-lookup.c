/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-ccw-lookup.h"

#include "ccw-reading.h"
#include "libvirt-release.h"
#include "node-device-ccw.h"

CcwDevice *
node_device_ccw_lookup_identify(const ZpciHost *host, CcwKind kind, const char *sysname)
{
    const LibvirtRelease *release = libvirt_release_get();
    g_autoptr(CcwDevice) device = NULL;

    if (kind == CCW_KIND_GROUP && !release->knows_ccwgroups)
        return NULL;
    device = ccw_reading_identify(host, kind, sysname);
    if (device != NULL && kind == CCW_KIND_DEVICE && !release->shows_offline_ccw &&
        device->state != CCW_STATE_ONLINE)
        return NULL;
    return g_steal_pointer(&device);
}

CcwDevice *
node_device_ccw_lookup_find(const ZpciHost *host, const char *name)
{
    g_autofree char *sysname = NULL;
    CcwKind kind;

    return node_device_ccw_parse(name, &kind, &sysname)
               ? node_device_ccw_lookup_identify(host, kind, sysname)
               : NULL;
}

char *
node_device_ccw_lookup_find_at(const ZpciHost *host, const char *path)
{
    g_autofree char *sysname = g_path_get_basename(path);
    g_autoptr(CcwDevice) device = NULL;
    CcwAddress address;
    CcwKind kind;

    if (!ccw_address_parse(sysname, &address) || !ccw_reading_find_kind(host, path, &kind))
        return NULL;
    device = node_device_ccw_lookup_identify(host, kind, sysname);
    return device != NULL ? node_device_ccw_name(kind, sysname) : NULL;
}
