/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>

#include "ccw-reading.h"
#include "node-device-ccw-lookup.h"
#include "node-device-ccw.h"
#include "node-device-family.h"
#include "node-device-mdev-types.h"
#include "node-device-name.h"
#include "node-device-parent.h"

#define CAPABILITY_MEMBER "ccwgroup_member"

static gboolean
node_device_ccw_family_list(const ZpciHost *host, CcwKind kind, GPtrArray *names, GError **error)
{
    g_autoptr(GPtrArray) sysnames = ccw_reading_list(host, kind, error);

    if (sysnames == NULL)
        return FALSE;
    for (guint i = 0; i < sysnames->len; i++) {
        const char *sysname = g_ptr_array_index(sysnames, i);
        g_autoptr(CcwDevice) device = node_device_ccw_lookup_identify(host, kind, sysname);

        if (device != NULL)
            g_ptr_array_add(names, node_device_ccw_name(kind, sysname));
    }
    return TRUE;
}

static gboolean
node_device_ccw_family_has(const ZpciHost *host, CcwKind kind, const char *name)
{
    g_autoptr(CcwDevice) device = node_device_ccw_lookup_find(host, name);

    return device != NULL && device->kind == kind;
}

static gboolean
node_device_ccw_family_list_css(const ZpciHost *host, GPtrArray *names, GError **error)
{
    return node_device_ccw_family_list(host, CCW_KIND_SUBCHANNEL, names, error);
}

static gboolean
node_device_ccw_family_list_ccw(const ZpciHost *host, GPtrArray *names, GError **error)
{
    return node_device_ccw_family_list(host, CCW_KIND_DEVICE, names, error);
}

static gboolean
node_device_ccw_family_list_ccwgroup(const ZpciHost *host, GPtrArray *names, GError **error)
{
    return node_device_ccw_family_list(host, CCW_KIND_GROUP, names, error);
}

static gboolean
node_device_ccw_family_has_css(const ZpciHost *host, const char *name)
{
    return node_device_ccw_family_has(host, CCW_KIND_SUBCHANNEL, name);
}

static gboolean
node_device_ccw_family_has_ccw(const ZpciHost *host, const char *name)
{
    return node_device_ccw_family_has(host, CCW_KIND_DEVICE, name);
}

static gboolean
node_device_ccw_family_has_ccwgroup(const ZpciHost *host, const char *name)
{
    return node_device_ccw_family_has(host, CCW_KIND_GROUP, name);
}

static gboolean
node_device_ccw_family_has_nested(const ZpciHost *host, const char *name, const char *capability)
{
    g_autoptr(CcwDevice) device = node_device_ccw_lookup_find(host, name);

    if (device == NULL)
        return FALSE;
    if (strcmp(capability, NODE_DEVICE_MDEV_TYPES) == 0)
        return ccw_reading_has_mdev_types(host, device);
    return strcmp(capability, CAPABILITY_MEMBER) == 0 && libvirt_release_get()->knows_ccwgroups &&
           ccw_reading_has_group(host, device);
}

static char *
node_device_ccw_family_get_xml(const ZpciHost *host, const char *name, GError **error)
{
    g_autoptr(CcwDevice) device = node_device_ccw_lookup_find(host, name);
    g_autofree char *parent = NULL;

    if (device == NULL)
        return node_device_name_miss(name, error);
    if (!ccw_reading_complete(host, device, error))
        return NULL;
    parent = node_device_parent_find(host, device->path);
    return node_device_ccw_format(device, parent, libvirt_release_get());
}

static char *
node_device_ccw_family_get_parent(const ZpciHost *host, const char *name)
{
    g_autoptr(CcwDevice) device = node_device_ccw_lookup_find(host, name);

    return node_device_parent_find(host, device != NULL ? device->path : "");
}

/* Names of udev are those of sysfs. */
static gboolean
node_device_ccw_family_observe(const ZpciHost *host, const UdevEvent *event, char **key,
                               char **name)
{
    g_autofree char *joined = g_strjoin("_", event->subsystem, event->name, NULL);
    g_autoptr(CcwDevice) device = NULL;

    g_strdelimit(joined, ".", '_');
    if (!event->removed)
        device = node_device_ccw_lookup_find(host, joined);
    *key = g_steal_pointer(&joined);
    *name = device != NULL ? g_strdup(*key) : NULL;
    return TRUE;
}

static const char *const nested_css[] = { NODE_DEVICE_MDEV_TYPES, NULL };
static const char *const nested_ccw[] = { CAPABILITY_MEMBER, NULL };
static const char *const nested_ccwgroup[] = { NULL };
static const char *const subsystems_css[] = { "css", NULL };
static const char *const subsystems_ccw[] = { "ccw", NULL };
static const char *const subsystems_ccwgroup[] = { "ccwgroup", NULL };

const NodeDeviceFamily node_device_ccw_family_css = {
    .capability = "css",
    .nested = nested_css,
    .finds_itself = TRUE,
    .list = node_device_ccw_family_list_css,
    .has = node_device_ccw_family_has_css,
    .has_nested = node_device_ccw_family_has_nested,
    .get_xml = node_device_ccw_family_get_xml,
    .get_parent = node_device_ccw_family_get_parent,
    .subsystems = subsystems_css,
    .observe = node_device_ccw_family_observe,
};

const NodeDeviceFamily node_device_ccw_family_ccw = {
    .capability = "ccw",
    .nested = nested_ccw,
    .finds_itself = TRUE,
    .list = node_device_ccw_family_list_ccw,
    .has = node_device_ccw_family_has_ccw,
    .has_nested = node_device_ccw_family_has_nested,
    .get_xml = node_device_ccw_family_get_xml,
    .get_parent = node_device_ccw_family_get_parent,
    .subsystems = subsystems_ccw,
    .observe = node_device_ccw_family_observe,
};

const NodeDeviceFamily node_device_ccw_family_ccwgroup = {
    .capability = "ccwgroup",
    .nested = nested_ccwgroup,
    .finds_itself = TRUE,
    .list = node_device_ccw_family_list_ccwgroup,
    .has = node_device_ccw_family_has_ccwgroup,
    .get_xml = node_device_ccw_family_get_xml,
    .get_parent = node_device_ccw_family_get_parent,
    .subsystems = subsystems_ccwgroup,
    .observe = node_device_ccw_family_observe,
};
