/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "class-device.h"

#include "sysfs.h"
#include "zpci-error.h"

static gboolean
class_device_is_below(int sysfs, const char *subsystem, const char *name, const char *path)
{
    g_autofree char *entry = g_build_filename(subsystem, name, NULL);
    g_autofree char *target = sysfs_read_link(sysfs, entry);
    g_autofree char *base = g_strconcat("/", subsystem, NULL);
    g_autofree char *full = NULL;
    g_autofree char *above = g_strconcat("/", path, "/", NULL);

    if (target == NULL)
        return FALSE;
    full = g_canonicalize_filename(target, base);
    return g_str_has_prefix(full, above);
}

GPtrArray *
class_device_list_below(int sysfs, const char *subsystem, const char *path, GError **error)
{
    g_autoptr(GPtrArray) below = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) names = sysfs_list_if_there(sysfs, subsystem, error);

    if (names == NULL)
        return NULL;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);

        if (class_device_is_below(sysfs, subsystem, name, path))
            g_ptr_array_add(below, g_strdup(name));
    }
    return g_steal_pointer(&below);
}
