/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "process-use.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "busy-host.h"
#include "expect.h"

static gboolean
check(const BusyHost *busy, GError **error)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new();
    g_autofree char *proc = busy_host_get_path(busy, "proc");
    g_autofree char *dev = busy_host_get_path(busy, "dev");

    g_ptr_array_add(nodes, (gpointer) "vfio/3");
    g_ptr_array_add(nodes, (gpointer) "vda");
    return process_use_check(proc, dev, nodes, BUSY_HOST_ADDRESS, error);
}

static void
assert_free(const BusyHost *busy)
{
    g_autoptr(GError) error = NULL;

    check(busy, &error);
    g_assert_no_error(error);
}

static void
assert_used(const BusyHost *busy, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(check(busy, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, part);
}

/* A process that has opened the group's node. */
static BusyHost *
host_with_holder(const char *comm, const char *command, gsize size)
{
    BusyHost *busy = busy_host_new();

    busy_host_add_node(busy, "vfio/3");
    busy_host_add_process(busy, 9, "init", "init\0", 5);
    busy_host_add_process(busy, 4711, comm, command, size);
    busy_host_open(busy, 4711, "vfio/3");
    return busy;
}

static void
test_any_program(void)
{
    g_autoptr(BusyHost) busy = host_with_holder("dpdk", "dpdk\0-n\0x\0", 10);

    assert_used(busy, "in use: process 4711 ('dpdk') has /dev/vfio/3 open.");
}

static void
test_guest_by_name(void)
{
    static const struct {
        const char *command;
        gsize size;
        const char *guest;
    } cases[] = {
        { "q\0-name\0guest=web,debug-threads=on\0", 36, "'web'" },
        { "q\0-name\0guest=a,,b\0", 20, "'a,b'" },
        { "q\0-name\0old style,process=x\0", 29, "'old style'" },
        { "q\0-name\0guest=cut", 17, "'cut'" },
        { "q\0-name\0guest=\x1b[2J\0", 20, "'\\x1b[2J'" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *part =
            g_strdup_printf("in use by the guest %s: process 4711 ('q')", cases[i].guest);
        g_autoptr(BusyHost) busy = host_with_holder("q", cases[i].command, cases[i].size);

        assert_used(busy, part);
    }
}

static void
test_guest_without_a_name(void)
{
    static const char *const commands[] = { "q\0-name", "q\0-name\0", "q\0-name\0guest=,x", "" };
    static const gsize sizes[] = { 7, 8, 17, 0 };

    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autoptr(BusyHost) busy = host_with_holder("q", commands[i], sizes[i]);

        assert_used(busy, "in use: process 4711 ('q')");
    }
}

static void
test_endless_command_line(void)
{
    gsize size = 3 * PROCESS_USE_MAX_COMMAND;
    g_autofree char *command = g_strnfill(size, 'a');
    g_autoptr(BusyHost) busy = NULL;

    memcpy(command + size - 16, "\0-name\0guest=x\0", 16);
    busy = host_with_holder("q", command, size);
    assert_used(busy, "in use: process 4711 ('q')");
}

/* A node that is no more in the holder's own /dev is the same device. */
static void
test_node_that_was_deleted(void)
{
    g_autoptr(BusyHost) busy = host_with_holder("q", "", 0);
    g_autofree char *target = NULL;

    sysfs_tree_delete(busy->tree, "proc/4711/fd");
    busy_host_add_node(busy, "vfio/3 (deleted)");
    target = busy_host_get_path(busy, "dev/vfio/3 (deleted)");
    sysfs_tree_link(busy->tree, "proc/4711/fd/0", target);
    assert_used(busy, "/dev/vfio/3 open");
}

static void
test_file_that_is_only_called_so(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autofree char *target = busy_host_get_path(busy, "home/dev/vfio/3");

    busy_host_add_node(busy, "vfio/3");
    busy_host_add_process(busy, 5, "sh", "", 0);
    sysfs_tree_write(busy->tree, "home/dev/vfio/3", "", 0);
    sysfs_tree_link(busy->tree, "proc/5/fd/0", target);
    assert_free(busy);
    sysfs_tree_delete(busy->tree, "home/dev/vfio/3");
    sysfs_tree_link(busy->tree, "home/dev/vfio/3", "/dev/zero");
    assert_free(busy);
}

static void
test_other_files(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_node(busy, "vfio/3");
    busy_host_add_node(busy, "vfio/vfio");
    busy_host_add_node(busy, "vda1");
    busy_host_add_process(busy, 5, "sh", "", 0);
    busy_host_open(busy, 5, "vfio/vfio");
    busy_host_open(busy, 5, "vda1");
    sysfs_tree_link(busy->tree, "proc/5/fd/0", "socket:[1234]");
    sysfs_tree_link(busy->tree, "proc/5/fd/1", "/dev/null");
    sysfs_tree_link(busy->tree, "proc/x5/fd/1", "nothing");
    assert_free(busy);
    busy_host_add_node(busy, "vda");
    assert_free(busy);
    busy_host_open(busy, 5, "vda");
    assert_used(busy, "process 5 ('sh') has /dev/vda open");
}

/* It looks at what has just been written, and lets it go. Who has VFIO's node only has its name. */
static void
test_udev_is_nobody(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_node(busy, "vda");
    busy_host_add_node(busy, "vfio/3");
    busy_host_add_process(busy, 1, "init", "init\0", 5);
    busy_host_add_process(busy, 4711, "(udev-worker)", "", 0);
    busy_host_open(busy, 4711, "vda");
    assert_free(busy);
    busy_host_add_process(busy, 4712, "systemd-udevd", "", 0);
    busy_host_open(busy, 4712, "vfio/3");
    assert_used(busy, "process 4712 ('systemd-udevd') has /dev/vfio/3 open");
}

/* What has no node cannot be open, and nobody is asked. */
static void
test_no_node(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_delete(busy->tree, "proc");
    assert_free(busy);
}

static void
test_no_list_of_processes_is_no_answer(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GError) error = NULL;

    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_delete(busy->tree, "proc");
    g_assert_false(check(busy, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "proc");
}

static void
expect_no_answer(const BusyHost *busy, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(check(busy, &error));
    expect_error(&error, code, part);
}

/* A file that is no link, where the kernel has only links. */
static void
test_process_that_cannot_be_looked_into_is_no_answer(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_write(busy->tree, "proc/55/fd", "", 0);
    expect_no_answer(busy, ZPCI_ERROR_NOT_FOUND, "open files of process 55 failed");
    sysfs_tree_delete(busy->tree, "proc/55/fd");
    sysfs_tree_write(busy->tree, "proc/55/fd/0", "", 0);
    expect_no_answer(busy, ZPCI_ERROR_UNREADABLE, "open files of process 55 failed");
    sysfs_tree_delete(busy->tree, "proc/55/fd/0");
    assert_free(busy);
    sysfs_tree_delete(busy->tree, "proc/55/fd");
    assert_free(busy);
}

/* As for a user who is not root. */
static void
test_process_of_another_user_is_no_answer(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autofree char *files = busy_host_get_path(busy, "proc/55/fd");
    gboolean is_root = geteuid() == 0;

    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_make_directory(busy->tree, "proc/55/fd");
    g_assert_cmpint(g_chmod(sysfs_tree_get_root(busy->tree), 0755), ==, 0);
    g_assert_cmpint(g_chmod(files, is_root ? 0700 : 0), ==, 0);
    g_assert_cmpint(is_root ? seteuid(65534) : 0, ==, 0);
    expect_no_answer(busy, ZPCI_ERROR_NO_PERMISSION, "open files of process 55 failed");
    g_assert_cmpint(is_root ? seteuid(0) : g_chmod(files, 0700), ==, 0);
    assert_free(busy);
}

/* The real kernel's: root sees that it has nothing open, and others do not see it. */
static void
test_zombie(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autofree char *files = NULL;
    siginfo_t ended;
    pid_t child = fork();

    g_assert_cmpint(child, >=, 0);
    if (child == 0)
        _exit(0);
    g_assert_cmpint(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT), ==, 0);
    files = g_strdup_printf("/proc/%d/fd", child);
    busy_host_add_node(busy, "vfio/3");
    sysfs_tree_link(busy->tree, "proc/55/fd", files);
    if (geteuid() == 0)
        assert_free(busy);
    else
        expect_no_answer(busy, ZPCI_ERROR_NO_PERMISSION, "open files of process 55 failed");
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    assert_free(busy);
}

/* The kernel shows no file of a thread that has ended, and those that go on under their own. */
static void
test_first_thread_that_has_ended(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autofree char *target = busy_host_get_path(busy, "dev/vfio/3");

    busy_host_add_node(busy, "vfio/3");
    busy_host_add_process(busy, 55, "dpdk", "", 0);
    sysfs_tree_make_directory(busy->tree, "proc/55/task/55/fd");
    sysfs_tree_make_directory(busy->tree, "proc/55/task/56/fd");
    assert_free(busy);
    sysfs_tree_link(busy->tree, "proc/55/task/56/fd/7", target);
    assert_used(busy, "in use: process 55 ('dpdk') has /dev/vfio/3 open.");
}

/* One of us reads the chain of a neighbour in the same IOMMU group. */
static void
test_our_own_program(void)
{
    g_autoptr(BusyHost) busy = host_with_holder("virtzpcid", "", 0);
    g_autofree char *process = busy_host_get_path(busy, "proc/4711");

    sysfs_tree_link(busy->tree, "proc/4711/exe", "/bin/sh");
    assert_used(busy, "process 4711 ('virtzpcid') has /dev/vfio/3 open.");
    sysfs_tree_delete(busy->tree, "proc/4711/exe");
    sysfs_tree_link(busy->tree, "proc/4711/exe", "/proc/self/exe");
    assert_free(busy);
    busy_host_open(busy, 9, "vfio/3");
    assert_used(busy, "process 9 ('init') has /dev/vfio/3 open.");
    sysfs_tree_delete(busy->tree, "proc/9");
    if (geteuid() != 0)
        return;
    g_assert_no_errno(chown(process, 65534, 65534));
    assert_used(busy, "process 4711 ('virtzpcid') has /dev/vfio/3 open.");
}

/* That is the better answer. */
static void
test_holder_is_told_though_others_are_not_seen(void)
{
    g_autoptr(BusyHost) busy = host_with_holder("q", "", 0);

    sysfs_tree_write(busy->tree, "proc/10/fd/0", "", 0);
    sysfs_tree_write(busy->tree, "proc/5000/fd/0", "", 0);
    assert_used(busy, "process 4711 ('q')");
}

/* As a mount with hidepid=2 shows them. */
static void
test_processes_that_are_not_shown_are_no_answer(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    busy_host_add_node(busy, "vfio/3");
    assert_free(busy);
    sysfs_tree_delete(busy->tree, "proc/1");
    expect_no_answer(busy, ZPCI_ERROR_NO_PERMISSION, "lacks process 1");
}

static void
test_node_that_cannot_be_looked_at_is_no_answer(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();

    sysfs_tree_link(busy->tree, "dev/vfio", "vfio");
    expect_no_answer(busy, ZPCI_ERROR_UNREADABLE, "vfio/3 failed");
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/process-use/any-program", test_any_program);
    g_test_add_func("/process-use/guest-by-name", test_guest_by_name);
    g_test_add_func("/process-use/guest-without-a-name", test_guest_without_a_name);
    g_test_add_func("/process-use/endless-command-line", test_endless_command_line);
    g_test_add_func("/process-use/node-that-was-deleted", test_node_that_was_deleted);
    g_test_add_func("/process-use/file-that-is-only-called-so", test_file_that_is_only_called_so);
    g_test_add_func("/process-use/other-files", test_other_files);
    g_test_add_func("/process-use/udev-is-nobody", test_udev_is_nobody);
    g_test_add_func("/process-use/no-node", test_no_node);
    g_test_add_func("/process-use/no-list-of-processes-is-no-answer",
                    test_no_list_of_processes_is_no_answer);
    g_test_add_func("/process-use/process-that-cannot-be-looked-into-is-no-answer",
                    test_process_that_cannot_be_looked_into_is_no_answer);
    g_test_add_func("/process-use/process-of-another-user-is-no-answer",
                    test_process_of_another_user_is_no_answer);
    g_test_add_func("/process-use/zombie", test_zombie);
    g_test_add_func("/process-use/first-thread-that-has-ended", test_first_thread_that_has_ended);
    g_test_add_func("/process-use/our-own-program", test_our_own_program);
    g_test_add_func("/process-use/holder-is-told-though-others-are-not-seen",
                    test_holder_is_told_though_others_are_not_seen);
    g_test_add_func("/process-use/processes-that-are-not-shown-are-no-answer",
                    test_processes_that_are_not_shown_are_no_answer);
    g_test_add_func("/process-use/node-that-cannot-be-looked-at-is-no-answer",
                    test_node_that_cannot_be_looked_at_is_no_answer);
    return g_test_run();
}
