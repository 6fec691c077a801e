/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-lock.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"

typedef struct {
    char *directory;
    char *path;
} Fixture;

static void
set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    fixture->directory = g_dir_make_tmp("zpci-lock-XXXXXX", NULL);
    g_assert_nonnull(fixture->directory);
    fixture->path = g_build_filename(fixture->directory, "lock", NULL);
}

static void
tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_remove(fixture->path);
    g_rmdir(fixture->directory);
    g_free(fixture->path);
    g_free(fixture->directory);
}

static int
take(const Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    int lock = -1;

    g_assert_true(daemon_lock_take(fixture->path, &lock, &error));
    g_assert_no_error(error);
    g_assert_cmpint(lock, >=, 0);
    return lock;
}

static void
assert_is_refused(const Fixture *fixture, const char *part)
{
    g_autoptr(GError) error = NULL;
    int lock = -2;

    g_assert_false(daemon_lock_take(fixture->path, &lock, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, part);
    g_assert_cmpint(lock, ==, -2);
}

static void
test_one_holds_it_at_a_time(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *part = g_strdup_printf("as process %d;", (int)getpid());
    int lock = take(fixture);

    assert_is_refused(fixture, part);
    assert_is_refused(fixture, fixture->path);
    close(lock);
    close(take(fixture));
}

static void
test_file_says_who(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *expected = g_strdup_printf("%d\n", (int)getpid());
    g_autofree char *text = NULL;
    int lock;

    /* Longer than what comes into its place. */
    g_assert_true(g_file_set_contents(fixture->path, "12345678901234567890\nand more\n", -1, NULL));
    lock = take(fixture);
    g_assert_true(g_file_get_contents(fixture->path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
    close(lock);
}

/* Another program may have written what it likes. */
static void
test_holder_is_not_known(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *large = g_strnfill(100000, '7');
    int lock = take(fixture);

    g_assert_cmpint(ftruncate(lock, 0), ==, 0);
    assert_is_refused(fixture, "as process 0;");
    g_assert_cmpint(pwrite(lock, "nobody", 6, 0), ==, 6);
    assert_is_refused(fixture, "as process 0;");
    g_assert_cmpint(pwrite(lock, large, strlen(large), 0), ==, strlen(large));
    assert_is_refused(fixture, "as process ");
    close(lock);
}

static void
test_no_directory(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *path = g_build_filename(fixture->directory, "nowhere", "lock", NULL);
    g_autoptr(GError) error = NULL;
    int lock;

    g_assert_false(daemon_lock_take(path, &lock, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, path);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/daemon-lock/one-holds-it-at-a-time", Fixture, NULL, set_up,
               test_one_holds_it_at_a_time, tear_down);
    g_test_add("/daemon-lock/file-says-who", Fixture, NULL, set_up, test_file_says_who, tear_down);
    g_test_add("/daemon-lock/holder-is-not-known", Fixture, NULL, set_up, test_holder_is_not_known,
               tear_down);
    g_test_add("/daemon-lock/no-directory", Fixture, NULL, set_up, test_no_directory, tear_down);
    return g_test_run();
}
