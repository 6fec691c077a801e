/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-tree.h"

#include <string.h>
#include <unistd.h>

#define CLASS "sys/class/net"

/* Returns (transfer full): its directory, below the root. */
static char *
net_tree_find(const SysfsTree *tree, const char *interface)
{
    g_autofree char *entry = g_build_filename(CLASS, interface, NULL);
    g_autofree char *full = sysfs_tree_get_path(tree, entry);
    char target[256];
    gssize length = readlink(full, target, sizeof target - 1);

    g_assert_cmpint(length, >, 0);
    target[length] = '\0';
    g_assert_true(g_str_has_prefix(target, "../../"));
    return g_build_filename("sys", target + strlen("../../"), NULL);
}

void
net_tree_set(SysfsTree *tree, const char *interface, const char *attribute, const char *text)
{
    g_autofree char *directory = net_tree_find(tree, interface);
    g_autofree char *path = g_build_filename(directory, attribute, NULL);
    g_autofree char *line = g_strconcat(text, "\n", NULL);

    sysfs_tree_write(tree, path, line, -1);
}

void
net_tree_unset(SysfsTree *tree, const char *interface, const char *attribute)
{
    g_autofree char *directory = net_tree_find(tree, interface);
    g_autofree char *path = g_build_filename(directory, attribute, NULL);

    sysfs_tree_delete(tree, path);
}

void
net_tree_add(SysfsTree *tree, const char *above, const char *interface, const char *address)
{
    g_autofree char *entry = g_build_filename(CLASS, interface, NULL);
    g_autofree char *target = g_build_filename("../..", above, "net", interface, NULL);
    g_autofree char *uevent = g_strdup_printf("INTERFACE=%s\nIFINDEX=2", interface);
    g_autofree char *device = g_build_filename("sys", above, "net", interface, "device", NULL);

    sysfs_tree_link(tree, entry, target);
    net_tree_set(tree, interface, "uevent", uevent);
    net_tree_set(tree, interface, "address", address);
    net_tree_set(tree, interface, "operstate", "down");
    if (strcmp(above, NET_TREE_VIRTUAL) != 0) {
        g_autofree char *name = g_path_get_basename(above);
        g_autofree char *link = g_build_filename("../../../", name, NULL);

        sysfs_tree_link(tree, device, link);
    }
}

void
net_tree_remove(SysfsTree *tree, const char *interface)
{
    g_autofree char *entry = g_build_filename(CLASS, interface, NULL);
    g_autofree char *directory = net_tree_find(tree, interface);

    sysfs_tree_delete(tree, directory);
    sysfs_tree_delete(tree, entry);
}
