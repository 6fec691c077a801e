/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-socket.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "expect.h"

typedef struct {
    char *directory;
    char *path;
} Fixture;

/* What happens at the moment when the file of a socket is there. */
static void (*on_bound)(const char *path);

/* The kernel's, and then on_bound(). This stands in for the C library's function. */
int
bind(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
    int result = (int)syscall(SYS_bind, fd, address.__sockaddr__, size);

    if (result == 0 && on_bound != NULL)
        on_bound(((const struct sockaddr_un *)address.__sockaddr__)->sun_path);
    return result;
}

static void
set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    fixture->directory = g_dir_make_tmp("zpci-socket-XXXXXX", NULL);
    g_assert_nonnull(fixture->directory);
    fixture->path = g_build_filename(fixture->directory, "socket", NULL);
}

static void
tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_remove(fixture->path);
    g_assert_no_errno(g_rmdir(fixture->directory));
    g_free(fixture->path);
    g_free(fixture->directory);
}

static DaemonSocket *
listen_at(const Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    DaemonSocket *made = daemon_socket_listen(fixture->path, 0640, NULL, 5, TRUE, &error);

    g_assert_no_error(error);
    g_assert_nonnull(made);
    return made;
}

static void
test_listens_until_it_is_freed(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    DaemonSocket *made = listen_at(fixture);
    struct stat found;

    g_assert_true(made->is_read_only);
    g_assert_false(g_socket_get_blocking(made->socket));
    g_assert_no_errno(stat(fixture->path, &found));
    g_assert_cmphex(found.st_mode, ==, S_IFSOCK | 0640);
    strcpy(address.sun_path, fixture->path);
    g_assert_no_errno(connect(client, (struct sockaddr *)&address, sizeof(address)));
    daemon_socket_free(made);
    g_assert_false(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
    close(client);
}

/* The mode is the one that was asked for, and the mask of the process stays. */
static void
test_mask_does_not_matter(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    mode_t mask = umask(0777);
    DaemonSocket *made = listen_at(fixture);
    struct stat found;

    g_assert_cmphex(umask(mask), ==, 0777);
    g_assert_no_errno(stat(fixture->path, &found));
    g_assert_cmphex(found.st_mode, ==, S_IFSOCK | 0640);
    daemon_socket_free(made);
}

static struct stat at_first;

static void
look(const char *path)
{
    g_assert_no_errno(lstat(path, &at_first));
}

/* A group that is not the user's own, if the user may give files to one. */
static const struct group *
choose_group(void)
{
    const struct group *group = getgrgid(getegid());

    if (geteuid() == 0) {
        setgrent();
        do {
            group = getgrent();
        } while (group != NULL && group->gr_gid == getegid());
        endgrent();
    }
    g_assert_nonnull(group);
    return group;
}

static void
test_mode_and_group_are_right_from_the_first_moment(Fixture *fixture,
                                                    G_GNUC_UNUSED gconstpointer data)
{
    const struct group *group = choose_group();
    gid_t id = group->gr_gid;
    int dumpable = prctl(PR_GET_DUMPABLE);
    g_autoptr(GError) error = NULL;
    struct stat other;
    DaemonSocket *made;
    int fd;

    on_bound = look;
    made = daemon_socket_listen(fixture->path, 0660, group->gr_name, 5, FALSE, &error);
    on_bound = NULL;
    g_assert_no_error(error);
    g_assert_cmphex(at_first.st_mode, ==, S_IFSOCK | 0660);
    g_assert_cmpuint(at_first.st_gid, ==, id);
    daemon_socket_free(made);

    /* That was for the socket only. */
    g_assert_cmpint(prctl(PR_GET_DUMPABLE), ==, dumpable);
    fd = open(fixture->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    g_assert_no_errno(fd);
    g_assert_no_errno(fstat(fd, &other));
    g_assert_cmpuint(other.st_gid, ==, getegid());
    close(fd);
}

static void
swap(const char *path)
{
    g_assert_no_errno(unlink(path));
    g_assert_no_errno(symlink("victim", path));
}

/* Somebody who may write to the directory, and puts a link to a file that only we may change where
 * we have just made the socket. */
static void
test_what_is_swapped_in_is_not_touched(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *victim = g_build_filename(fixture->directory, "victim", NULL);
    const char *group = choose_group()->gr_name;
    g_autoptr(GError) error = NULL;
    struct stat before, after;

    g_assert_true(g_file_set_contents_full(victim, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    g_assert_no_errno(stat(victim, &before));
    on_bound = swap;
    g_assert_null(daemon_socket_listen(fixture->path, 0777, group, 5, FALSE, &error));
    on_bound = NULL;
    expect_error(&error, ZPCI_ERROR_WRONG_STATE, "not as configured");
    g_assert_no_errno(stat(victim, &after));
    g_assert_cmphex(after.st_mode, ==, before.st_mode);
    g_assert_cmpuint(after.st_gid, ==, before.st_gid);
    g_assert_no_errno(unlink(victim));
}

/* A socket that systemd has made is systemd's to remove. */
static void
test_adopted_file_stays(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    DaemonSocket *made = listen_at(fixture);
    g_autoptr(GError) error = NULL;
    int fd = dup(g_socket_get_fd(made->socket));
    DaemonSocket *adopted = daemon_socket_adopt(fd, FALSE, &error);

    g_assert_no_error(error);
    g_assert_false(adopted->is_read_only);
    daemon_socket_free(adopted);
    g_assert_true(g_file_test(fixture->path, G_FILE_TEST_EXISTS));
    g_assert_cmpint(fcntl(fd, F_GETFD), ==, -1);
    daemon_socket_free(made);
}

static void
test_what_does_not_listen_is_closed(G_GNUC_UNUSED Fixture *fixture,
                                    G_GNUC_UNUSED gconstpointer data)
{
    int fds[] = { open("/dev/null", O_RDWR | O_CLOEXEC),
                  socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };

    for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(daemon_socket_adopt(fds[i], FALSE, &error));
        expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "is no listening socket");
        g_assert_cmpint(fcntl(fds[i], F_GETFD), ==, -1);
        g_assert_cmpint(errno, ==, EBADF);
    }
    daemon_socket_free(NULL);
}

static void
test_old_socket_is_removed_and_nothing_else(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    DaemonSocket *old = listen_at(fixture);

    daemon_socket_free(listen_at(fixture));
    daemon_socket_free(old);
    g_assert_true(g_file_set_contents(fixture->path, "precious", -1, NULL));
    g_assert_null(daemon_socket_listen(fixture->path, 0600, NULL, 5, FALSE, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "is not a socket");
    g_assert_true(g_file_test(fixture->path, G_FILE_TEST_IS_REGULAR));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/daemon-socket/listens-until-it-is-freed", Fixture, NULL, set_up,
               test_listens_until_it_is_freed, tear_down);
    g_test_add("/daemon-socket/mask-does-not-matter", Fixture, NULL, set_up,
               test_mask_does_not_matter, tear_down);
    g_test_add("/daemon-socket/mode-and-group-are-right-from-the-first-moment", Fixture, NULL,
               set_up, test_mode_and_group_are_right_from_the_first_moment, tear_down);
    g_test_add("/daemon-socket/what-is-swapped-in-is-not-touched", Fixture, NULL, set_up,
               test_what_is_swapped_in_is_not_touched, tear_down);
    g_test_add("/daemon-socket/adopted-file-stays", Fixture, NULL, set_up, test_adopted_file_stays,
               tear_down);
    g_test_add("/daemon-socket/what-does-not-listen-is-closed", Fixture, NULL, set_up,
               test_what_does_not_listen_is_closed, tear_down);
    g_test_add("/daemon-socket/old-socket-is-removed-and-nothing-else", Fixture, NULL, set_up,
               test_old_socket_is_removed_and_nothing_else, tear_down);
    return g_test_run();
}
