/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-mdev-type.h"

#include <string.h>
#include <unistd.h>

#include "names.h"
#include "number.h"
#include "sysfs.h"

void
pci_mdev_type_free(PciMdevType *type)
{
    if (type == NULL)
        return;
    g_free(type->id);
    g_free(type->name);
    g_free(type->device_api);
    g_free(type);
}

/* Returns (transfer full) (nullable). */
static char *
pci_mdev_type_get(int directory, const char *name)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    return sysfs_read_text(directory, name, text, NULL) == SYSFS_READ ? g_strdup(text) : NULL;
}

/* Returns (transfer full) (nullable). */
static PciMdevType *
pci_mdev_type_read(int types, const char *id)
{
    g_autoptr(PciMdevType) type = g_new0(PciMdevType, 1);
    g_autofree char *available = NULL;
    guint64 number;
    int directory = sysfs_open_directory(types, id, NULL);

    if (directory < 0)
        return NULL;
    type->id = g_strdup(id);
    type->name = pci_mdev_type_get(directory, NAME_MDEV_NAME);
    type->device_api = pci_mdev_type_get(directory, NAME_MDEV_DEVICE_API);
    available = pci_mdev_type_get(directory, NAME_MDEV_AVAILABLE);
    close(directory);
    if (type->device_api == NULL || available == NULL ||
        !number_parse(available, G_MAXUINT, &number, NULL)) {
        g_debug("The type %s of mediated devices is damaged and left out.", id);
        return NULL;
    }
    type->available = (guint)number;
    return g_steal_pointer(&type);
}

GPtrArray *
pci_mdev_type_list(int directory)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)pci_mdev_type_free);
    g_autoptr(GPtrArray) ids = NULL;
    int types = sysfs_open_directory(directory, NAME_MDEV_TYPES, NULL);

    if (types < 0)
        return list;
    ids = sysfs_list(types, ".", NULL);
    for (guint i = 0; ids != NULL && i < ids->len && list->len < PCI_MDEV_TYPE_MAX; i++) {
        PciMdevType *type = pci_mdev_type_read(types, g_ptr_array_index(ids, i));

        if (type != NULL)
            g_ptr_array_add(list, type);
    }
    close(types);
    return list;
}

int
pci_mdev_type_compare(gconstpointer a, gconstpointer b)
{
    const PciMdevType *const *x = a;
    const PciMdevType *const *y = b;

    return strcmp((*x)->id, (*y)->id);
}
