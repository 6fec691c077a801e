/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "ccw-tree.h"

#include <string.h>
#include <unistd.h>

#define UP_TO_SYS "../../.."

/* @path: below sys/; adds the device there to @bus, with its driver. */
static void
ccw_tree_add(SysfsTree *tree, const char *bus, const char *path, const char *driver)
{
    g_autofree char *sysname = g_path_get_basename(path);
    g_autofree char *directory = g_build_filename("sys", path, NULL);
    g_autofree char *entry = g_build_filename("sys/bus", bus, "devices", sysname, NULL);
    g_autofree char *target = g_build_filename(UP_TO_SYS, path, NULL);
    g_autofree char *subsystem = g_build_filename(directory, "subsystem", NULL);
    g_autofree char *bus_target = g_build_filename("../../../../bus", bus, NULL);
    g_autofree char *link = g_build_filename(directory, "driver", NULL);
    g_autofree char *driver_target =
        g_build_filename("../../../../bus", bus, "drivers", driver, NULL);
    g_autofree char *uevent = g_build_filename(directory, "uevent", NULL);

    sysfs_tree_make_directory(tree, directory);
    sysfs_tree_link(tree, entry, target);
    sysfs_tree_link(tree, subsystem, bus_target);
    sysfs_tree_link(tree, link, driver_target);
    sysfs_tree_write(tree, uevent, "", -1);
}

void
ccw_tree_set(SysfsTree *tree, const char *bus, const char *sysname, const char *attribute,
             const char *text)
{
    g_autofree char *entry = g_build_filename("sys/bus", bus, "devices", sysname, NULL);
    g_autofree char *full = sysfs_tree_get_path(tree, entry);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    g_autofree char *path = NULL;
    char target[256];
    gssize length = readlink(full, target, sizeof target - 1);

    g_assert_cmpint(length, >, 0);
    target[length] = '\0';
    path = g_build_filename("sys", target + strlen(UP_TO_SYS "/"), attribute, NULL);
    sysfs_tree_write(tree, path, line, -1);
}

void
ccw_tree_add_subchannel(SysfsTree *tree, const char *sysname, const char *driver)
{
    g_autofree char *path = g_build_filename("devices/css0", sysname, NULL);

    ccw_tree_add(tree, "css", path, driver);
    ccw_tree_set(tree, "css", sysname, "dev_busid", "none");
}

void
ccw_tree_add_device(SysfsTree *tree, const char *subchannel, const char *sysname,
                    const char *driver)
{
    g_autofree char *path = g_build_filename("devices/css0", subchannel, sysname, NULL);

    ccw_tree_add(tree, "ccw", path, driver);
    ccw_tree_set(tree, "ccw", sysname, "online", "1");
    ccw_tree_set(tree, "css", subchannel, "dev_busid", sysname);
}

void
ccw_tree_add_group(SysfsTree *tree, const char *sysname, const char *type,
                   const char *const *members)
{
    g_autofree char *path = g_build_filename("devices/qeth", sysname, NULL);
    g_autofree char *uevent = g_strconcat("DEVTYPE=", type, "\nDRIVER=qeth", NULL);
    g_autofree char *group_target = g_build_filename("../../../qeth", sysname, NULL);

    ccw_tree_add(tree, "ccwgroup", path, "qeth");
    ccw_tree_set(tree, "ccwgroup", sysname, "uevent", uevent);
    ccw_tree_set(tree, "ccwgroup", sysname, "online", "1");
    ccw_tree_set(tree, "ccwgroup", sysname, "card_type", "OSD_10GIG");
    ccw_tree_set(tree, "ccwgroup", sysname, "chpid", "BD");
    for (guint i = 0; members[i] != NULL; i += 2) {
        g_autofree char *device = g_build_filename("css0", members[i + 1], members[i], NULL);
        g_autofree char *link = g_strdup_printf("sys/%s/cdev%u", path, i / 2);
        g_autofree char *target = g_build_filename("../..", device, NULL);
        g_autofree char *back = g_build_filename("sys/devices", device, "group_device", NULL);

        sysfs_tree_link(tree, link, target);
        sysfs_tree_link(tree, back, group_target);
    }
}

void
ccw_tree_add_qeth(SysfsTree *tree)
{
    static const char *const members[] = { "0.0.bd00", "0.0.0070", "0.0.bd01", "0.0.0071",
                                           "0.0.bd02", "0.0.0072", NULL };

    for (guint i = 0; members[i] != NULL; i += 2) {
        ccw_tree_add_subchannel(tree, members[i + 1], "io_subchannel");
        ccw_tree_add_device(tree, members[i + 1], members[i], "qeth");
    }
    ccw_tree_add_group(tree, "0.0.bd00", "qeth_layer2", members);
}
