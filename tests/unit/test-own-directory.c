/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "own-directory.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"

static void
expect_ours(const SysfsTree *tree, const char *path, gboolean make)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);
    g_autoptr(GError) error = NULL;
    int fd = own_directory_open(full, make, &error);

    g_assert_no_error(error);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
}

static void
expect_refused(const SysfsTree *tree, const char *path, ZpciError code, const char *says)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(own_directory_open(full, TRUE, &error), ==, -1);
    expect_error(&error, code, says);
}

static void
test_it_is_made_for_this_user_only(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *full = sysfs_tree_get_path(tree, "run/ours");
    g_autoptr(GError) error = NULL;
    struct stat status;

    g_assert_cmpint(own_directory_open(full, FALSE, &error), ==, -1);
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "run/ours");
    expect_ours(tree, "run/ours", TRUE);
    expect_ours(tree, "run/ours", FALSE);
    g_assert_cmpint(stat(full, &status), ==, 0);
    g_assert_cmphex(status.st_mode & 07777, ==, 0700);
}

static void
test_one_that_others_write_is_refused(void)
{
    static const guint modes[] = { 0720, 0702, 0777, 01777 };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *full = sysfs_tree_get_path(tree, "run/ours");

    expect_ours(tree, "run/ours", TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_assert_cmpint(g_chmod(full, (int)modes[i]), ==, 0);
        expect_refused(tree, "run/ours", ZPCI_ERROR_NO_PERMISSION, "somebody else can write to it");
    }
    g_assert_cmpint(g_chmod(full, 0755), ==, 0);
    expect_ours(tree, "run/ours", FALSE);
}

static void
test_link_and_file_are_refused(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    expect_ours(tree, "run/ours", TRUE);
    sysfs_tree_link(tree, "run/link", "ours");
    expect_refused(tree, "run/link", ZPCI_ERROR_NOT_FOUND, "run/link failed");
    sysfs_tree_write(tree, "run/file", "", 0);
    expect_refused(tree, "run/file", ZPCI_ERROR_NOT_FOUND, "run/file failed");
    expect_refused(tree, "run/file/below", ZPCI_ERROR_NOT_FOUND, "run/file/below failed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/own-directory/it-is-made-for-this-user-only",
                    test_it_is_made_for_this_user_only);
    g_test_add_func("/own-directory/one-that-others-write-is-refused",
                    test_one_that_others_write_is_refused);
    g_test_add_func("/own-directory/link-and-file-are-refused", test_link_and_file_are_refused);
    return g_test_run();
}
