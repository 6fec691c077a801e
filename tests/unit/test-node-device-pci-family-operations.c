/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci-family.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "busy-host.h"
#include "expect.h"
#include "node-device-pci-family.h"

#define NAME "pci_0005_00_00_0"

#define ROUNDS 100

/* As the inventory calls them. */
static void
test_the_family_has_them(void)
{
    const NodeDeviceFamily *family = &node_device_pci_family;
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "reset", "");
    g_assert_true(family->detach(busy->host, NAME, "vfio", &error));
    g_assert_true(family->reset(busy->host, NAME, &error));
    g_assert_true(family->reattach(busy->host, NAME, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(busy->written->len, ==, 7);
}

static void
test_errors_come_through(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(GError) error = NULL;

    busy_host_hold(busy);
    g_assert_false(node_device_pci_family.detach(busy->host, NAME, "kvm", &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "KVM");
    g_assert_false(node_device_pci_family.reattach(busy->host, NAME, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "process 77");
    g_assert_false(node_device_pci_family.reset(busy->host, NAME, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "process 77");
}

static gpointer
go_there_and_back(gpointer data)
{
    const BusyHost *busy = data;

    for (guint i = 0; i < 20; i++) {
        g_autoptr(GError) error = NULL;

        node_device_pci_family.detach(busy->host, NAME, NULL, &error);
        g_assert_no_error(error);
        node_device_pci_family.reattach(busy->host, NAME, &error);
        g_assert_no_error(error);
    }
    return NULL;
}

/* Two at once would find the driver gone that the other has just unbound. */
static void
test_one_at_a_time(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autofree char *driver = NULL;
    GThread *other = g_thread_new("other", go_there_and_back, busy);

    go_there_and_back(busy);
    g_thread_join(other);
    driver = busy_host_get_driver(busy);
    g_assert_cmpstr(driver, ==, BUSY_HOST_DRIVER);
}

static gboolean
go_once(const BusyHost *busy)
{
    return node_device_pci_family.detach(busy->host, NAME, NULL, NULL) &&
           node_device_pci_family.reattach(busy->host, NAME, NULL);
}

/* Returns: another client's daemon, which goes there and back whenever a byte comes. */
static pid_t
start_other_client(const BusyHost *busy, int *commands)
{
    int pair[2];
    char byte;
    pid_t child;

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
    child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        close(pair[0]);
        while (read(pair[1], &byte, 1) == 1) {
            if (!go_once(busy) || write(pair[1], "x", 1) != 1)
                _exit(1);
        }
        _exit(0);
    }
    close(pair[1]);
    *commands = pair[0];
    return child;
}

static void
test_one_at_a_time_between_processes(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    int commands, status;
    pid_t child = start_other_client(busy, &commands);
    char byte;

    for (guint i = 0; i < ROUNDS; i++) {
        g_autofree char *driver = NULL;

        g_assert_cmpint(write(commands, "x", 1), ==, 1);
        g_assert_true(go_once(busy));
        g_assert_cmpint(read(commands, &byte, 1), ==, 1);
        driver = busy_host_get_driver(busy);
        g_assert_cmpstr(driver, ==, BUSY_HOST_DRIVER);
    }
    close(commands);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-pci-family-operations/the-family-has-them",
                    test_the_family_has_them);
    g_test_add_func("/node-device-pci-family-operations/errors-come-through",
                    test_errors_come_through);
    g_test_add_func("/node-device-pci-family-operations/one-at-a-time", test_one_at_a_time);
    g_test_add_func("/node-device-pci-family-operations/one-at-a-time-between-processes",
                    test_one_at_a_time_between_processes);
    return g_test_run();
}
