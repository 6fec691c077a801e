/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "proc-file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "sysfs.h"

static char *
read_file(const SysfsTree *tree, const char *path, GError **error)
{
    int directory = sysfs_open_directory(AT_FDCWD, sysfs_tree_get_root(tree), NULL);
    char *text = proc_file_read(directory, path, error);

    close(directory);
    return text;
}

static void
assert_read(SysfsTree *tree, gsize size)
{
    g_autofree char *expected = g_strnfill(size, 'x');
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    sysfs_tree_write(tree, "file", expected, -1);
    text = read_file(tree, "file", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(strlen(text), ==, size);
    g_assert_cmpstr(text, ==, expected);
}

static void
test_whole_file(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    assert_read(tree, 0);
    assert_read(tree, 1);
    assert_read(tree, 65536);
    assert_read(tree, 200001);
    assert_read(tree, PROC_FILE_MAX);
}

static void
test_file_that_is_too_long(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    sysfs_tree_write(tree, "file", "", 0);
    path = sysfs_tree_get_path(tree, "file");
    g_assert_cmpint(truncate(path, PROC_FILE_MAX + 1), ==, 0);
    g_assert_null(read_file(tree, "file", &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "33554432");
}

static void
test_no_file(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;

    g_assert_null(read_file(tree, "swaps", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "swaps");
    g_assert_null(read_file(tree, "sys", &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "sys");
}

/* What the kernel makes up comes in smaller pieces than were asked for. */
static void
test_real_file_of_the_kernel(void)
{
    int directory = sysfs_open_directory(AT_FDCWD, "/proc", NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = proc_file_read(directory, "self/mountinfo", &error);

    close(directory);
    g_assert_no_error(error);
    expect_has(text, " / ");
    g_assert_true(g_str_has_suffix(text, "\n"));
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proc-file/whole-file", test_whole_file);
    g_test_add_func("/proc-file/file-that-is-too-long", test_file_that_is_too_long);
    g_test_add_func("/proc-file/no-file", test_no_file);
    g_test_add_func("/proc-file/real-file-of-the-kernel", test_real_file_of_the_kernel);
    return g_test_run();
}
