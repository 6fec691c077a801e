/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "sysfs-tree.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system-calls.h"
#include "zpci-host-private.h"

#define DEVICES "sys/bus/pci/devices"

struct _SysfsTree {
    char *root;
    /* Address to directory below sys/. */
    GHashTable *functions;
};

SysfsTree *
sysfs_tree_new(void)
{
    g_autoptr(GError) error = NULL;
    SysfsTree *tree = g_new0(SysfsTree, 1);

    tree->root = g_dir_make_tmp("zpci-tree-XXXXXX", &error);
    g_assert_no_error(error);
    tree->functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sysfs_tree_make_directory(tree, "sys");
    sysfs_tree_write(tree, "capture.ini", "[capture]\nformat=1\nbyte-order=big\n", -1);
    return tree;
}

static void
sysfs_tree_delete_file(const char *path)
{
    const char *name;

    if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);

        g_assert_nonnull(directory);
        while ((name = g_dir_read_name(directory)) != NULL) {
            g_autofree char *below = g_build_filename(path, name, NULL);

            sysfs_tree_delete_file(below);
        }
    }
    g_assert_cmpint(g_remove(path), ==, 0);
}

void
sysfs_tree_free(SysfsTree *tree)
{
    sysfs_tree_delete_file(tree->root);
    g_hash_table_unref(tree->functions);
    g_free(tree->root);
    g_free(tree);
}

const char *
sysfs_tree_get_root(const SysfsTree *tree)
{
    return tree->root;
}

char *
sysfs_tree_get_path(const SysfsTree *tree, const char *path)
{
    return g_build_filename(tree->root, path, NULL);
}

char *
sysfs_tree_get_long_path(const SysfsTree *tree, const char *path, gsize length)
{
    GString *text = g_string_new(tree->root);

    while (text->len + strlen("/") + strlen(path) < length)
        g_string_append(text, "/.");
    g_string_append_printf(text, "/%s", path);
    return g_string_free(text, FALSE);
}

ZpciHost *
sysfs_tree_open(const SysfsTree *tree)
{
    g_autoptr(GError) error = NULL;
    ZpciHost *host = zpci_host_open(tree->root, &error);

    g_assert_no_error(error);
    return host;
}

gint64
sysfs_tree_read_late_clock(void)
{
    return G_MAXINT64;
}

ZpciHost *
sysfs_tree_open_files(const SysfsTree *tree, gint64 (*clock)(void))
{
    g_autofree char *sys = sysfs_tree_get_path(tree, "sys");
    g_autofree char *dev = sysfs_tree_get_path(tree, "dev");
    g_autofree char *run = sysfs_tree_get_path(tree, "run");
    g_autoptr(GError) error = NULL;
    ZpciHost *host = zpci_host_open_test(sys, dev, &system_calls_kernel, run, &error);

    g_assert_no_error(error);
    zpci_host_set_test_files(host, clock);
    return host;
}

PciAddress
sysfs_tree_parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    PciAddress address = { 0 };

    pci_address_parse(text, &address, &error);
    g_assert_no_error(error);
    return address;
}

void
sysfs_tree_make_directory(SysfsTree *tree, const char *path)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);

    g_assert_cmpint(g_mkdir_with_parents(full, 0755), ==, 0);
}

static void
sysfs_tree_make_room(SysfsTree *tree, const char *path)
{
    g_autofree char *above = g_path_get_dirname(path);

    sysfs_tree_make_directory(tree, above);
}

void
sysfs_tree_write(SysfsTree *tree, const char *path, const void *text, gssize size)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);
    g_autoptr(GError) error = NULL;

    sysfs_tree_make_room(tree, path);
    g_file_set_contents(full, text, size, &error);
    g_assert_no_error(error);
}

void
sysfs_tree_rewrite(SysfsTree *tree, const char *path, const char *text)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);
    int fd = open(full, O_WRONLY | O_TRUNC | O_CLOEXEC);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
    close(fd);
}

/* Returns: when the file was changed that is written now, in nanoseconds. */
static gint64
sysfs_tree_get_time(SysfsTree *tree)
{
    g_autofree char *full = sysfs_tree_get_path(tree, "clock");
    struct stat status;

    sysfs_tree_write(tree, "clock", "", 0);
    g_assert_cmpint(stat(full, &status), ==, 0);
    return (gint64)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec;
}

void
sysfs_tree_wait(SysfsTree *tree)
{
    gint64 time = sysfs_tree_get_time(tree);

    while (sysfs_tree_get_time(tree) <= time)
        g_usleep(1000);
}

void
sysfs_tree_link(SysfsTree *tree, const char *path, const char *target)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);

    sysfs_tree_make_room(tree, path);
    g_assert_cmpint(symlink(target, full), ==, 0);
}

void
sysfs_tree_delete(SysfsTree *tree, const char *path)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);

    sysfs_tree_delete_file(full);
}

/* @directory: (transfer full): below sys/. */
static void
sysfs_tree_add(SysfsTree *tree, const char *address, char *directory)
{
    g_autofree char *link = g_build_filename(DEVICES, address, NULL);
    g_autofree char *target = g_build_filename("../../..", directory, NULL);

    g_hash_table_insert(tree->functions, g_strdup(address), directory);
    sysfs_tree_link(tree, link, target);
    sysfs_tree_set(tree, address, "class", "0x020000");
    sysfs_tree_set(tree, address, "vendor", "0x1af4");
    sysfs_tree_set(tree, address, "device", "0x1041");
}

void
sysfs_tree_add_function(SysfsTree *tree, const char *address)
{
    const char *slot = strrchr(address, ':');
    g_autofree char *bus = NULL;

    g_assert_nonnull(slot);
    bus = g_strdup_printf("pci%.*s", (int)(slot - address), address);
    sysfs_tree_add(tree, address, g_build_filename("devices", bus, address, NULL));
}

void
sysfs_tree_add_function_below(SysfsTree *tree, const char *address, const char *bridge,
                              const char *parent)
{
    const char *above = g_hash_table_lookup(tree->functions, bridge);

    g_assert_nonnull(above);
    sysfs_tree_add(tree, address, g_build_filename(above, parent, address, NULL));
}

static void
sysfs_tree_set_number(SysfsTree *tree, const char *address, const char *attribute, guint digits,
                      guint value)
{
    g_autofree char *text = g_strdup_printf("0x%0*x", (int)digits, value);

    sysfs_tree_set(tree, address, attribute, text);
}

void
sysfs_tree_add_zpci(SysfsTree *tree, const char *address, guint fid, guint uid, guint pfgid)
{
    sysfs_tree_add_function(tree, address);
    sysfs_tree_set_number(tree, address, "function_id", 8, fid);
    sysfs_tree_set_number(tree, address, "uid", 1, uid);
    sysfs_tree_set_number(tree, address, "pfgid", 2, pfgid);
}

void
sysfs_tree_add_slot(SysfsTree *tree, guint fid, gboolean configured)
{
    g_autofree char *path = g_strdup_printf("sys/bus/pci/slots/%08x/power", fid);

    sysfs_tree_write(tree, path, configured ? "1\n" : "0\n", -1);
}

void
sysfs_tree_remove_function(SysfsTree *tree, const char *address)
{
    const char *directory = g_hash_table_lookup(tree->functions, address);
    g_autofree char *link = g_build_filename(DEVICES, address, NULL);
    g_autofree char *path = NULL;

    g_assert_nonnull(directory);
    path = g_build_filename("sys", directory, NULL);
    sysfs_tree_delete(tree, link);
    sysfs_tree_delete(tree, path);
    g_hash_table_remove(tree->functions, address);
}

char *
sysfs_tree_attribute(const SysfsTree *tree, const char *address, const char *attribute)
{
    const char *directory = g_hash_table_lookup(tree->functions, address);

    g_assert_nonnull(directory);
    return g_build_filename("sys", directory, attribute, NULL);
}

void
sysfs_tree_set(SysfsTree *tree, const char *address, const char *attribute, const char *text)
{
    g_autofree char *path = sysfs_tree_attribute(tree, address, attribute);
    g_autofree char *line = g_strconcat(text, "\n", NULL);

    sysfs_tree_write(tree, path, line, -1);
}

void
sysfs_tree_unset(SysfsTree *tree, const char *address, const char *attribute)
{
    g_autofree char *path = sysfs_tree_attribute(tree, address, attribute);

    sysfs_tree_delete(tree, path);
}

void
sysfs_tree_set_link(SysfsTree *tree, const char *address, const char *name, const char *target)
{
    g_autofree char *path = sysfs_tree_attribute(tree, address, name);

    sysfs_tree_link(tree, path, target);
}

/* The way from a function's directory up to sys/, which no path here has dots in. */
static char *
sysfs_tree_up(const SysfsTree *tree, const char *address, const char *path)
{
    GString *up = g_string_new(NULL);

    for (const char *p = g_hash_table_lookup(tree->functions, address); p != NULL;
         p = strchr(p + 1, '/'))
        g_string_append(up, "../");
    g_string_append(up, path);
    return g_string_free(up, FALSE);
}

void
sysfs_tree_set_iommu_group(SysfsTree *tree, const char *address, guint group)
{
    g_autofree char *path = g_strdup_printf("kernel/iommu_groups/%u", group);
    g_autofree char *target = sysfs_tree_up(tree, address, path);
    g_autofree char *member = g_strdup_printf("sys/%s/devices/%s", path, address);

    sysfs_tree_set_link(tree, address, "iommu_group", target);
    sysfs_tree_link(tree, member, "nowhere");
}

void
sysfs_tree_add_virtual(SysfsTree *tree, const char *physical, guint index, const char *address)
{
    g_autofree char *name = g_strdup_printf("virtfn%u", index);
    g_autofree char *to_virtual =
        sysfs_tree_up(tree, physical, g_hash_table_lookup(tree->functions, address));
    g_autofree char *to_physical =
        sysfs_tree_up(tree, address, g_hash_table_lookup(tree->functions, physical));

    sysfs_tree_set_link(tree, physical, name, to_virtual);
    sysfs_tree_set_link(tree, address, "physfn", to_physical);
}
