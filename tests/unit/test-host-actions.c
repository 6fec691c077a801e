/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "host-actions.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "sysfs.h"

static gboolean
write_text(const SysfsTree *tree, const char *path, const char *text, GError **error)
{
    int directory = sysfs_open_directory(AT_FDCWD, sysfs_tree_get_root(tree), NULL);
    gboolean done = host_actions_kernel.write(directory, path, text, error);

    close(directory);
    return done;
}

static void
assert_text(const SysfsTree *tree, const char *path, const char *expected)
{
    g_autofree char *full = sysfs_tree_get_path(tree, path);
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents(full, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
}

static void
test_writing(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_write(tree, "sys/attribute", "0", -1);
    sysfs_tree_link(tree, "driver", "sys");
    g_assert_true(write_text(tree, "driver/attribute", "1", &error));
    g_assert_no_error(error);
    assert_text(tree, "sys/attribute", "1");
}

/* Nothing is made where there is no attribute, and nothing written where a link points. */
static void
test_writing_elsewhere(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *path = sysfs_tree_get_path(tree, "sys/none");
    g_autoptr(GError) error = NULL;

    g_assert_false(write_text(tree, "sys/none", "1", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "sys/none");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    sysfs_tree_write(tree, "sys/attribute", "0", -1);
    sysfs_tree_link(tree, "sys/link", "attribute");
    g_assert_false(write_text(tree, "sys/link", "1", &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "sys/link");
    assert_text(tree, "sys/attribute", "0");
}

static void
test_refused_writing(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;

    /* Each write to this device fails with ENOSPC. */
    g_assert_false(host_actions_kernel.write(AT_FDCWD, "/dev/full", "1", &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "Writing to the attribute /dev/full failed");
}

/* A program called modprobe that says what it was called with. */
static void
provide_modprobe(SysfsTree *tree, const char *script)
{
    g_autofree char *bin = sysfs_tree_get_path(tree, "bin");
    g_autofree char *program = sysfs_tree_get_path(tree, "bin/modprobe");

    sysfs_tree_write(tree, "bin/modprobe", script, -1);
    g_assert_cmpint(chmod(program, 0755), ==, 0);
    g_setenv("PATH", bin, TRUE);
}

static void
test_loading(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *log = sysfs_tree_get_path(tree, "log");
    g_autofree char *script = g_strdup_printf("#!/bin/sh\necho \"$*\" >'%s'\n", log);
    g_autoptr(GError) error = NULL;

    provide_modprobe(tree, script);
    g_assert_true(host_actions_kernel.load_module("vfio-pci", &error));
    g_assert_no_error(error);
    assert_text(tree, "log", "-b -- vfio-pci\n");
}

static void
test_loading_fails(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;

    provide_modprobe(tree, "#!/bin/sh\necho 'FATAL: not found.' >&2\nexit 1\n");
    g_assert_false(host_actions_kernel.load_module("vfio-pci", &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "Loading the module vfio-pci failed: FATAL: not");
    g_setenv("PATH", sysfs_tree_get_root(tree), TRUE);
    g_assert_false(host_actions_kernel.load_module("vfio-pci", &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "modprobe");
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/host-actions/writing", test_writing);
    g_test_add_func("/host-actions/writing-elsewhere", test_writing_elsewhere);
    g_test_add_func("/host-actions/refused-writing", test_refused_writing);
    g_test_add_func("/host-actions/loading", test_loading);
    g_test_add_func("/host-actions/loading-fails", test_loading_fails);
    return g_test_run();
}
