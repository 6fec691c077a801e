/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "file-lock.h"

#include <glib/gstdio.h>

#include "expect.h"
#include "other-process.h"
#include "sysfs-tree.h"

/* Longer than any machine takes. */
#define LONG_ENOUGH 3600

#define THREADS 4
#define ROUNDS 50

static FileLock *
take(const char *directory, const char *name, guint seconds)
{
    g_autoptr(GError) error = NULL;
    FileLock *lock = file_lock_take(directory, name, seconds, &error);

    g_assert_no_error(error);
    return lock;
}

static void
expect_held(const char *directory, const char *name)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(file_lock_take(directory, name, 0, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, name);
}

static void
test_one_has_it(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *locks = sysfs_tree_get_path(tree, "run/locks");
    g_autoptr(FileLock) one = take(locks, "one", 0);
    g_autoptr(FileLock) other = take(locks, "other", 0);

    expect_held(locks, "one");
    g_clear_pointer(&one, file_lock_free);
    one = take(locks, "one", 0);
    expect_held(locks, "one");
    expect_held(locks, "other");
}

/* The file is there again, and is another one. */
static void
test_file_that_was_removed(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *locks = sysfs_tree_get_path(tree, "run/locks");
    g_autoptr(FileLock) one = take(locks, "one", 0);

    sysfs_tree_delete(tree, "run/locks/one");
    g_clear_pointer(&one, file_lock_free);
    one = take(locks, "one", 0);
    expect_held(locks, "one");
}

static void
test_no_link_is_followed(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *locks = sysfs_tree_get_path(tree, "run/locks");
    g_autofree char *elsewhere = sysfs_tree_get_path(tree, "elsewhere");
    g_autoptr(FileLock) one = take(locks, "one", 0);
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(tree, "run/locks/link", "../../elsewhere");
    g_assert_null(file_lock_take(locks, "link", LONG_ENOUGH, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "link");
    g_assert_false(g_file_test(elsewhere, G_FILE_TEST_EXISTS));
    g_assert_cmpint(g_chmod(locks, 0777), ==, 0);
    g_assert_null(file_lock_take(locks, "other", LONG_ENOUGH, &error));
    expect_error(&error, ZPCI_ERROR_NO_PERMISSION, "somebody else can write");
}

static void
expect_note(const FileLock *lock, const char *expected)
{
    g_autofree char *note = file_lock_read_note(lock);

    g_assert_cmpstr(note, ==, expected);
}

static void
test_note_is_for_the_next(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *locks = sysfs_tree_get_path(tree, "run/locks");
    g_autofree char *endless = g_strnfill(FILE_LOCK_NOTE_MAX + 1, 'a');
    g_autofree char *cut = g_strndup(endless, FILE_LOCK_NOTE_MAX);
    g_autoptr(FileLock) one = take(locks, "one", 0);

    expect_note(one, NULL);
    file_lock_write_note(one, "Something longer.");
    file_lock_write_note(one, "It failed.");
    g_clear_pointer(&one, file_lock_free);
    one = take(locks, "one", 0);
    expect_note(one, "It failed.");
    file_lock_write_note(one, endless);
    expect_note(one, cut);
    file_lock_write_note(one, NULL);
    expect_note(one, NULL);
}

static struct {
    const char *locks;
    gint inside;
} crowd;

static gpointer
come_and_go(G_GNUC_UNUSED gpointer data)
{
    for (guint i = 0; i < ROUNDS; i++) {
        g_autoptr(FileLock) lock = take(crowd.locks, "one", LONG_ENOUGH);

        g_assert_cmpint(g_atomic_int_add(&crowd.inside, 1), ==, 0);
        g_thread_yield();
        g_assert_cmpint(g_atomic_int_add(&crowd.inside, -1), ==, 1);
    }
    return NULL;
}

static void
test_threads_keep_each_other_out(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *locks = sysfs_tree_get_path(tree, "run/locks");
    GThread *threads[THREADS];

    crowd.locks = locks;
    for (guint i = 0; i < THREADS; i++)
        threads[i] = g_thread_new("crowd", come_and_go, NULL);
    for (guint i = 0; i < THREADS; i++)
        g_thread_join(threads[i]);
}

/* @data: the directory of locks */
static gboolean
take_for_good(gpointer data, G_GNUC_UNUSED guint round)
{
    return file_lock_take(data, "one", 0, NULL) != NULL;
}

static void
test_process_that_is_killed_gives_it_back(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *locks = sysfs_tree_get_path(tree, "run/locks");
    g_autoptr(OtherProcess) other = other_process_start(take_for_good, locks);
    g_autoptr(FileLock) lock = NULL;

    other_process_begin(other);
    other_process_finish(other);
    expect_held(locks, "one");
    other_process_kill(other);
    lock = take(locks, "one", 0);
    g_assert_nonnull(lock);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/file-lock/one-has-it", test_one_has_it);
    g_test_add_func("/file-lock/file-that-was-removed", test_file_that_was_removed);
    g_test_add_func("/file-lock/no-link-is-followed", test_no_link_is_followed);
    g_test_add_func("/file-lock/note-is-for-the-next", test_note_is_for_the_next);
    g_test_add_func("/file-lock/threads-keep-each-other-out", test_threads_keep_each_other_out);
    g_test_add_func("/file-lock/process-that-is-killed-gives-it-back",
                    test_process_that_is_killed_gives_it_back);
    return g_test_run();
}
