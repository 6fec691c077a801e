/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "sysfs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"

#define NOBODY 65534

static int
open_tree(const SysfsTree *tree)
{
    g_autoptr(GError) error = NULL;
    int fd = sysfs_open_directory(AT_FDCWD, sysfs_tree_get_root(tree), &error);

    g_assert_no_error(error);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

static void
assert_text(int directory, const char *name, const char *expected)
{
    g_autoptr(GError) error = NULL;
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    g_assert_cmpint(sysfs_read_text(directory, name, text, &error), ==, SYSFS_READ);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
}

static void
assert_absent(int directory, const char *name)
{
    g_autoptr(GError) error = NULL;
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    g_assert_cmpint(sysfs_read_text(directory, name, text, &error), ==, SYSFS_ABSENT);
    g_assert_no_error(error);
}

static void
assert_unreadable(int directory, const char *name, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    g_assert_cmpint(sysfs_read_text(directory, name, text, &error), ==, SYSFS_UNREADABLE);
    expect_error(&error, code, part);
}

static void
test_one_newline_at_the_end_is_cut(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    int directory = open_tree(tree);

    sysfs_tree_write(tree, "uid", "0x5\n", -1);
    sysfs_tree_write(tree, "bare", "0x5", -1);
    sysfs_tree_write(tree, "lines", "a\nb\n\n", -1);
    sysfs_tree_write(tree, "newline", "\n", -1);
    sysfs_tree_write(tree, "empty", "", 0);
    assert_text(directory, "uid", "0x5");
    assert_text(directory, "bare", "0x5");
    assert_text(directory, "lines", "a\nb\n");
    assert_text(directory, "newline", "");
    assert_text(directory, "empty", "");
    close(directory);
}

static void
test_absent_is_no_error(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    int directory = open_tree(tree);

    assert_absent(directory, "uid");
    assert_absent(directory, "pfip/segment0");
    assert_absent(directory, "capture.ini/uid");
    close(directory);
}

static void
test_directory_is_no_attribute(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    int directory = open_tree(tree);

    sysfs_tree_make_directory(tree, "uid");
    assert_unreadable(directory, "uid", ZPCI_ERROR_UNREADABLE, "Reading the attribute uid failed");
    close(directory);
}

/* Nobody ever writes to it, so a reader that waits would hang here. */
static void
test_pipe_does_not_block(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *pipe_path = sysfs_tree_get_path(tree, "uid");
    int directory = open_tree(tree);

    g_assert_cmpint(mkfifo(pipe_path, 0600), ==, 0);
    assert_unreadable(directory, "uid", ZPCI_ERROR_UNREADABLE, "Reading the attribute uid failed");
    close(directory);
}

static void
test_link_is_not_followed(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    int directory = open_tree(tree);

    sysfs_tree_write(tree, "secret", "root:x\n", -1);
    sysfs_tree_link(tree, "uid", "secret");
    sysfs_tree_link(tree, "dangling", "nowhere");
    assert_unreadable(directory, "uid", ZPCI_ERROR_UNREADABLE, "Reading the attribute uid failed");
    assert_unreadable(directory, "dangling", ZPCI_ERROR_UNREADABLE, "attribute dangling failed");
    close(directory);
}

static void
test_a_page_is_the_most(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *huge = g_strnfill(64 * 1024, 'x');
    g_autofree char *page = g_strnfill(SYSFS_ATTRIBUTE_MAX, 'x');
    int directory = open_tree(tree);

    sysfs_tree_write(tree, "page", page, -1);
    sysfs_tree_write(tree, "more", huge, SYSFS_ATTRIBUTE_MAX + 1);
    sysfs_tree_write(tree, "huge", huge, -1);
    assert_text(directory, "page", page);
    assert_unreadable(directory, "more", ZPCI_ERROR_MALFORMED,
                      "The attribute more is no text of at most 4096 bytes.");
    assert_unreadable(directory, "huge", ZPCI_ERROR_MALFORMED, "The attribute huge is no text");
    close(directory);
}

static void
test_nul_is_no_text(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    int directory = open_tree(tree);

    sysfs_tree_write(tree, "uid",
                     "0x5\0"
                     "6\n",
                     6);
    assert_unreadable(directory, "uid", ZPCI_ERROR_MALFORMED, "The attribute uid is no text");
    close(directory);
}

static void
test_bytes_are_read_as_far_as_there_is_room(void)
{
    static const guint8 bytes[] = { 0xd9, 0x00, 0xff, 0x0a };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;
    guint8 buffer[8];
    gsize length = 77;
    int directory = open_tree(tree);

    sysfs_tree_write(tree, "util_string", bytes, sizeof bytes);
    g_assert_cmpint(sysfs_read_bytes(directory, "util_string", buffer, 8, &length, &error), ==,
                    SYSFS_READ);
    g_assert_cmpmem(buffer, length, bytes, 4);
    g_assert_cmpint(sysfs_read_bytes(directory, "util_string", buffer, 2, &length, &error), ==,
                    SYSFS_READ);
    g_assert_cmpmem(buffer, length, bytes, 2);
    g_assert_no_error(error);
    close(directory);
}

static gboolean
read_as_this_user(const char *root)
{
    g_autoptr(GError) error = NULL;
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    int directory = sysfs_open_directory(AT_FDCWD, root, NULL);

    return sysfs_read_text(directory, "uid", text, &error) == SYSFS_UNREADABLE &&
           g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_NO_PERMISSION) &&
           strcmp(error->message, "Reading the attribute uid failed: Permission denied.") == 0 &&
           sysfs_read_text(directory, "vfn", text, NULL) == SYSFS_READ;
}

static void
make_secret(SysfsTree *tree)
{
    g_autofree char *path = sysfs_tree_get_path(tree, "uid");

    sysfs_tree_write(tree, "uid", "0x5\n", -1);
    sysfs_tree_write(tree, "vfn", "0x0\n", -1);
    g_assert_cmpint(chmod(path, 0), ==, 0);
    g_assert_cmpint(chmod(sysfs_tree_get_root(tree), 0755), ==, 0);
}

/* Root may read everything, so it becomes somebody else in a child. */
static void
test_permission_denied_has_its_own_code(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    int status = -1;
    pid_t child;

    make_secret(tree);
    child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(NOBODY) != 0)
            _exit(2);
        _exit(read_as_this_user(sysfs_tree_get_root(tree)) ? 0 : 1);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void
test_directory_that_is_not_there_has_its_own_code(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;
    int directory = open_tree(tree);

    g_assert_cmpint(sysfs_open_directory(directory, "sys/bus", &error), ==, -1);
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "Opening the directory sys/bus failed: No such");
    g_assert_cmpint(sysfs_open_directory(directory, "capture.ini", &error), ==, -1);
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "Opening the directory capture.ini failed");
    close(directory);
}

static void
test_link_tells_where_it_points(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *target = NULL;
    g_autofree char *driver = NULL;
    int directory = open_tree(tree);

    sysfs_tree_link(tree, "driver", "../../../bus/pci/drivers/vfio-pci");
    sysfs_tree_write(tree, "file", "vfio-pci", -1);
    target = sysfs_read_link(directory, "driver");
    driver = sysfs_read_link_name(directory, "driver");
    g_assert_cmpstr(target, ==, "../../../bus/pci/drivers/vfio-pci");
    g_assert_cmpstr(driver, ==, "vfio-pci");
    g_assert_null(sysfs_read_link(directory, "file"));
    g_assert_null(sysfs_read_link(directory, "nothing"));
    g_assert_null(sysfs_read_link_name(directory, "nothing"));
    close(directory);
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
test_list_has_all_names_but_the_dots(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GPtrArray) names = NULL;
    g_autoptr(GError) error = NULL;
    int directory = open_tree(tree);

    sysfs_tree_write(tree, "group/b", "", 0);
    sysfs_tree_make_directory(tree, "group/a");
    sysfs_tree_link(tree, "group/.hidden", "nowhere");
    names = sysfs_list(directory, "group", &error);
    g_assert_no_error(error);
    g_ptr_array_sort(names, compare_strings);
    g_ptr_array_add(names, NULL);
    expect_strings((const char *const *)names->pdata, ".hidden a b");

    g_assert_null(sysfs_list(directory, "nothing", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "Opening the directory nothing failed");
    close(directory);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sysfs/one-newline-at-the-end-is-cut", test_one_newline_at_the_end_is_cut);
    g_test_add_func("/sysfs/absent-is-no-error", test_absent_is_no_error);
    g_test_add_func("/sysfs/directory-is-no-attribute", test_directory_is_no_attribute);
    g_test_add_func("/sysfs/pipe-does-not-block", test_pipe_does_not_block);
    g_test_add_func("/sysfs/link-is-not-followed", test_link_is_not_followed);
    g_test_add_func("/sysfs/a-page-is-the-most", test_a_page_is_the_most);
    g_test_add_func("/sysfs/nul-is-no-text", test_nul_is_no_text);
    g_test_add_func("/sysfs/bytes-are-read-as-far-as-there-is-room",
                    test_bytes_are_read_as_far_as_there_is_room);
    g_test_add_func("/sysfs/permission-denied-has-its-own-code",
                    test_permission_denied_has_its_own_code);
    g_test_add_func("/sysfs/directory-that-is-not-there-has-its-own-code",
                    test_directory_that_is_not_there_has_its_own_code);
    g_test_add_func("/sysfs/link-tells-where-it-points", test_link_tells_where_it_points);
    g_test_add_func("/sysfs/list-has-all-names-but-the-dots", test_list_has_all_names_but_the_dots);
    return g_test_run();
}
