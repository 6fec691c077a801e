/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-credentials.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A program's name that looks like other fields of /proc/PID/stat. */
#define STRANGE_NAME "a) S 1 (b) 2 3"

static void
make_pair(GSocket **ours, int *theirs)
{
    int fds[2];

    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
    *ours = g_socket_new_from_fd(fds[0], NULL);
    g_assert_nonnull(*ours);
    *theirs = fds[1];
}

static void
test_who_made_the_connection(void)
{
    g_autoptr(GSocket) ours = NULL;
    g_autoptr(GError) error = NULL;
    DaemonCredentials credentials;
    int theirs;

    make_pair(&ours, &theirs);
    g_assert_true(daemon_credentials_read(ours, &credentials, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(credentials.uid, ==, getuid());
    g_assert_cmpuint(credentials.gid, ==, getgid());
    g_assert_cmpint(credentials.pid, ==, getpid());
    g_assert_cmpuint(credentials.start_time, >, 0);
    g_assert_cmpuint(credentials.start_time, ==, daemon_credentials_read_start_time(getpid()));
    close(theirs);
}

/* As libvirt's own daemons name the fields, and type them. */
static void
test_described_for_another_daemon(void)
{
    const DaemonCredentials credentials = { 7, 8, 9, 10 };
    g_autoptr(GVariant) unlabelled =
        g_variant_ref_sink(daemon_credentials_describe(&credentials, NULL));
    g_autoptr(GVariant) labelled =
        g_variant_ref_sink(daemon_credentials_describe(&credentials, "u:r:t:s0"));
    guint64 number;
    gint64 pid;
    const char *label;

    g_assert_true(g_variant_is_of_type(labelled, G_VARIANT_TYPE_VARDICT));
    g_assert_true(g_variant_lookup(unlabelled, "unix-user-id", "t", &number) && number == 7);
    g_assert_true(g_variant_lookup(unlabelled, "unix-group-id", "t", &number) && number == 8);
    g_assert_true(g_variant_lookup(unlabelled, "process-id", "x", &pid) && pid == 9);
    g_assert_true(g_variant_lookup(unlabelled, "process-time", "t", &number) && number == 10);
    g_assert_cmpuint(g_variant_n_children(unlabelled), ==, 4);
    g_assert_true(g_variant_lookup(labelled, "selinux-context", "^&ay", &label));
    g_assert_cmpstr(label, ==, "u:r:t:s0");
    g_assert_cmpuint(g_variant_n_children(labelled), ==, 5);
}

/* The kernel's own word for ourselves, if it has one; of another module it is no context. */
static void
test_label_is_that_of_the_peer(void)
{
    g_autofree char *selinux = g_dir_make_tmp("zpci-selinux-XXXXXX", NULL);
    g_autofree char *enforce = g_build_filename(selinux, "enforce", NULL);
    g_autoptr(GSocket) ours = NULL;
    g_autofree char *own = NULL;
    g_autofree char *label = NULL;
    int theirs;

    make_pair(&ours, &theirs);
    g_assert_null(daemon_credentials_read_label(ours, selinux));
    g_assert_true(g_file_set_contents(enforce, "1", 1, NULL));
    label = daemon_credentials_read_label(ours, selinux);
    if (g_file_get_contents("/proc/self/attr/current", &own, NULL, NULL))
        g_assert_cmpstr(label, ==, g_strchomp(own));
    else
        g_assert_null(label);
    close(theirs);
    g_assert_no_errno(g_remove(enforce));
    g_assert_no_errno(g_rmdir(selinux));
}

/* A process that waits to be killed. */
static pid_t
start_process(void)
{
    pid_t pid = fork();

    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        pause();
        _exit(0);
    }
    return pid;
}

static void
end_process(pid_t pid)
{
    g_assert_no_errno(kill(pid, SIGKILL));
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

static void
test_start_time_tells_processes_apart(void)
{
    guint64 ours = daemon_credentials_read_start_time(getpid());
    pid_t pid;

    /* It counts in hundredths of a second. */
    g_usleep(G_USEC_PER_SEC / 20);
    pid = start_process();
    g_assert_cmpuint(daemon_credentials_read_start_time(pid), >, ours);
    end_process(pid);
    g_assert_cmpuint(daemon_credentials_read_start_time(pid), ==, 0);
}

/* Whoever could choose the start time by a name could pass for another process. */
static void
test_name_of_the_program_does_not_matter(void)
{
    guint64 before = daemon_credentials_read_start_time(getpid());
    char name[16];

    g_assert_no_errno(prctl(PR_GET_NAME, name));
    g_assert_no_errno(prctl(PR_SET_NAME, STRANGE_NAME));
    g_assert_cmpuint(daemon_credentials_read_start_time(getpid()), ==, before);
    g_assert_no_errno(prctl(PR_SET_NAME, name));
}

static void
test_no_process(void)
{
    g_assert_cmpuint(daemon_credentials_read_start_time(0), ==, 0);
    g_assert_cmpuint(daemon_credentials_read_start_time(-1), ==, 0);
    g_assert_cmpuint(daemon_credentials_read_start_time(G_MAXINT), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-credentials/who-made-the-connection", test_who_made_the_connection);
    g_test_add_func("/daemon-credentials/described-for-another-daemon",
                    test_described_for_another_daemon);
    g_test_add_func("/daemon-credentials/label-is-that-of-the-peer",
                    test_label_is_that_of_the_peer);
    g_test_add_func("/daemon-credentials/start-time-tells-processes-apart",
                    test_start_time_tells_processes_apart);
    g_test_add_func("/daemon-credentials/name-of-the-program-does-not-matter",
                    test_name_of_the_program_does_not_matter);
    g_test_add_func("/daemon-credentials/no-process", test_no_process);
    return g_test_run();
}
