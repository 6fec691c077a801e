/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "class-device.h"

#include <string.h>

#include "sysfs.h"
#include "zpci-error.h"

/* Returns (transfer full) (nullable): where the device is, "/devices/..." seen from sysfs. */
static char *
class_device_find(int sysfs, const char *subsystem, const char *name)
{
    g_autofree char *entry = g_build_filename(subsystem, name, NULL);
    g_autofree char *target = sysfs_read_link(sysfs, entry);
    g_autofree char *base = g_strconcat("/", subsystem, NULL);

    return target != NULL ? g_canonicalize_filename(target, base) : NULL;
}

static gboolean
class_device_is_below(int sysfs, const char *subsystem, const char *name, const char *path)
{
    g_autofree char *full = class_device_find(sysfs, subsystem, name);
    g_autofree char *above = g_strconcat("/", path, "/", NULL);

    return full != NULL && g_str_has_prefix(full, above);
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

/* The nearest function above it: behind a bridge there are several. Returns: FALSE if none. */
static gboolean
class_device_parse_function(const char *path, char address[PCI_ADDRESS_TEXT_SIZE])
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    PciAddress found;

    for (guint i = g_strv_length(steps); i > 0; i--) {
        if (pci_address_parse(steps[i - 1], &found, NULL)) {
            pci_address_format(&found, address);
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
class_device_find_function(int sysfs, const char *subsystem, const char *name,
                           char address[PCI_ADDRESS_TEXT_SIZE])
{
    g_autofree char *path = NULL;

    if (strchr(name, '/') != NULL)
        return FALSE;
    path = class_device_find(sysfs, subsystem, name);
    return path != NULL && class_device_parse_function(path, address);
}

static void
class_device_add(GHashTable *index, const char *address, const char *name)
{
    GPtrArray *names = g_hash_table_lookup(index, address);

    if (names == NULL) {
        names = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(index, g_strdup(address), names);
    }
    g_ptr_array_add(names, g_strdup(name));
}

static int
class_device_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GHashTable *
class_device_index(int sysfs, const char *subsystem, GError **error)
{
    g_autoptr(GHashTable) index =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) names = sysfs_list_if_there(sysfs, subsystem, error);

    if (names == NULL)
        return NULL;
    g_ptr_array_sort(names, class_device_compare);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *path = class_device_find(sysfs, subsystem, name);
        char address[PCI_ADDRESS_TEXT_SIZE];

        if (path != NULL && class_device_parse_function(path, address))
            class_device_add(index, address, name);
    }
    return g_steal_pointer(&index);
}
