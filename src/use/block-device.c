/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "block-device.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "class-device.h"
#include "names.h"
#include "sysfs.h"
#include "text-quote.h"
#include "zpci-error.h"

/* @devices: in the order found; @known: their names */
typedef struct {
    int sysfs;
    GPtrArray *devices;
    GHashTable *known;
} BlockStack;

static void
block_device_free(gpointer data)
{
    BlockDevice *device = data;

    g_free(device->name);
    g_free(device->number);
    g_free(device->mapped);
    g_free(device->lower);
    g_free(device);
}

/* @value: (out) (transfer full) (nullable): %NULL if it has no such attribute */
static gboolean
block_device_read(int sysfs, const char *name, const char *attribute, char **value, GError **error)
{
    g_autofree char *path = g_build_filename(NAME_CLASS_BLOCK, name, attribute, NULL);
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    SysfsResult result = sysfs_read_text(sysfs, path, text, error);

    if (result == SYSFS_UNREADABLE)
        return FALSE;
    *value = result == SYSFS_READ ? g_strdup(text) : NULL;
    return TRUE;
}

/* @lower: (nullable) */
static gboolean
block_device_add(BlockStack *stack, const char *name, const char *lower, GError **error)
{
    BlockDevice *device;

    if (g_hash_table_contains(stack->known, name))
        return TRUE;
    if (stack->devices->len == BLOCK_DEVICE_MAX) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("There are more than %u block devices on one PCI function."),
                    BLOCK_DEVICE_MAX);
        return FALSE;
    }
    device = g_new0(BlockDevice, 1);
    device->name = g_strdup(name);
    device->lower = g_strdup(lower);
    g_ptr_array_add(stack->devices, device);
    g_hash_table_add(stack->known, device->name);
    return block_device_read(stack->sysfs, name, NAME_BLOCK_DEV, &device->number, error) &&
           block_device_read(stack->sysfs, name, NAME_BLOCK_DM_NAME, &device->mapped, error);
}

/* What is in a directory of the device, if its name begins with @prefix. */
static gboolean
block_device_add_entries(BlockStack *stack, const BlockDevice *device, const char *directory,
                         const char *prefix, const char *lower, GError **error)
{
    g_autofree char *path = g_build_filename(NAME_CLASS_BLOCK, device->name, directory, NULL);
    g_autoptr(GPtrArray) names = sysfs_list_if_there(stack->sysfs, path, error);

    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);

        if (g_str_has_prefix(name, prefix) && !block_device_add(stack, name, lower, error))
            return FALSE;
    }
    return TRUE;
}

/* A path of an NVMe disk that has several, nvme0c1n1, shows none of the disk: that is nvme0n1, a
 * device of no PCI function. */
static gboolean
block_device_add_head(BlockStack *stack, const char *name, GError **error)
{
    const char *path = strchr(name, 'c');
    const char *disk = path != NULL ? strchr(path, 'n') : NULL;
    g_autofree char *head = NULL;
    g_autofree char *entry = NULL;
    g_autofree char *link = NULL;

    if (!g_str_has_prefix(name, "nvme") || disk == NULL)
        return TRUE;
    head = g_strdup_printf("%.*s%s", (int)(path - name), name, disk);
    entry = g_build_filename(NAME_CLASS_BLOCK, head, NULL);
    link = sysfs_read_link(stack->sysfs, entry);
    return link == NULL || block_device_add(stack, head, NULL, error);
}

GPtrArray *
block_device_list_upon(int sysfs, const GPtrArray *names, GError **error)
{
    g_autoptr(GPtrArray) devices = g_ptr_array_new_with_free_func(block_device_free);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    BlockStack stack = { .sysfs = sysfs, .devices = devices, .known = known };

    for (guint i = 0; i < names->len; i++) {
        if (!block_device_add(&stack, g_ptr_array_index(names, i), NULL, error))
            return NULL;
    }
    for (guint i = 0; i < devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(devices, i);

        /* The partitions' directories are in that of the disk, and begin with its name. */
        if (!block_device_add_head(&stack, device->name, error) ||
            !block_device_add_entries(&stack, device, "", device->name, device->lower, error) ||
            !block_device_add_entries(&stack, device, NAME_BLOCK_HOLDERS, "", device->name, error))
            return NULL;
    }
    return g_steal_pointer(&devices);
}

GPtrArray *
block_device_list(int sysfs, const char *path, GError **error)
{
    g_autoptr(GPtrArray) names = class_device_list_below(sysfs, NAME_CLASS_BLOCK, path, error);

    return names != NULL ? block_device_list_upon(sysfs, names, error) : NULL;
}

char *
block_device_format(const BlockDevice *device)
{
    g_autofree char *mapped = NULL;

    if (device->mapped == NULL)
        return g_strdup(device->name);
    mapped = text_quote(device->mapped);
    return g_strdup_printf("%s (%s)", device->name, mapped);
}

/* sysfs writes "!" for what is "/" in the name of a node. */
char *
block_device_get_node(const BlockDevice *device)
{
    return g_strdelimit(g_strdup(device->name), "!", '/');
}
