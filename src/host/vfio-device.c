/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-device.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "sysfs.h"
#include "vfio-cdev.h"
#include "vfio-group.h"

/* The node's own birth is that of the binding: the kernel makes it when a driver takes the
 * function, and removes it when the driver lets it go. The inode number tells two of them apart.
 * The group's node is made for the first function of the group and stays until the last one goes.
 */
static gboolean
vfio_device_read_binding(VfioDevice *device)
{
    const char *node = device->cdev_node != NULL ? device->cdev_node : device->group_node;
    struct stat status;
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;

    if (node == NULL || stat(node, &status) < 0)
        return FALSE;
    device->bound_seconds = MAX(0, now - (gint64)status.st_mtim.tv_sec);
    device->binding = g_strdup_printf("%s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld", node,
                                      (guint64)status.st_ino, (gint64)status.st_mtim.tv_sec,
                                      status.st_mtim.tv_nsec);
    return TRUE;
}

static char *
vfio_device_find_node(const char *dev, const char *subdirectory, const char *name)
{
    g_autofree char *path = g_build_filename(dev, subdirectory, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

/* Since Linux 6.1 a function that VFIO has carries the directory vfio-dev/vfioN. */
static char *
vfio_device_read_child(int directory)
{
    g_autoptr(GPtrArray) names = sysfs_list(directory, NAME_VFIO_DEV, NULL);

    for (guint i = 0; names != NULL && i < names->len; i++) {
        if (g_str_has_prefix(g_ptr_array_index(names, i), "vfio"))
            return g_strdup(g_ptr_array_index(names, i));
    }
    return NULL;
}

/* Older kernels show only the group's node, which the group's other functions may have brought. */
static gboolean
vfio_device_is_bound(int sysfs, const char *driver, const char *child)
{
    return driver != NULL && (child != NULL || faccessat(sysfs, NAME_CLASS_VFIO_DEV, F_OK, 0) != 0);
}

gboolean
vfio_device_has_driver(int sysfs, const char *path)
{
    g_autofree char *link = g_build_filename(path, NAME_DRIVER, NULL);
    g_autofree char *driver = sysfs_read_link_name(sysfs, link);
    g_autofree char *child = g_build_filename(path, NAME_VFIO_DEV, NULL);

    return driver != NULL && (strstr(driver, NAME_IN_VFIO_DRIVERS) != NULL ||
                              faccessat(sysfs, child, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
}

gboolean
vfio_device_is_driver(int directory, const char *driver)
{
    return driver != NULL && (strstr(driver, NAME_IN_VFIO_DRIVERS) != NULL ||
                              faccessat(directory, NAME_VFIO_DEV, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
}

VfioDevice *
vfio_device_find(int sysfs, int directory, const char *address, const char *dev)
{
    g_autoptr(VfioDevice) device = g_new0(VfioDevice, 1);
    g_autofree char *driver = sysfs_read_link_name(directory, NAME_DRIVER);
    g_autofree char *group = sysfs_read_link_name(directory, NAME_IOMMU_GROUP);
    g_autofree char *child = vfio_device_read_child(directory);

    if (!vfio_device_is_bound(sysfs, driver, child))
        return NULL;
    device->address = g_strdup(address);
    if (group != NULL)
        device->group_node = vfio_device_find_node(dev, NAME_DEV_VFIO, group);
    if (child != NULL)
        device->cdev_node = vfio_device_find_node(dev, NAME_DEV_VFIO_DEVICES, child);
    return vfio_device_read_binding(device) ? g_steal_pointer(&device) : NULL;
}

void
vfio_device_free(VfioDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->address);
    g_free(device->group_node);
    g_free(device->cdev_node);
    g_free(device->binding);
    g_free(device);
}

const char *
vfio_device_get_node(const VfioDevice *device)
{
    return device->group_node != NULL ? device->group_node : device->cdev_node;
}

GByteArray *
vfio_device_read(const VfioDevice *device, const char *dev, const SystemCalls *calls,
                 GError **error)
{
    if (device->group_node != NULL)
        return vfio_group_read(device->group_node, device->address, dev, calls, error);
    return vfio_cdev_read(device->cdev_node, device->address, dev, calls, error);
}
