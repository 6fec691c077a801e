/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-pci-family.h"

#include "busy-host.h"
#include "expect.h"
#include "other-process.h"

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
go_once(gpointer data, G_GNUC_UNUSED guint round)
{
    const BusyHost *busy = data;

    return node_device_pci_family.detach(busy->host, NAME, NULL, NULL) &&
           node_device_pci_family.reattach(busy->host, NAME, NULL);
}

/* The other one is another client's daemon. */
static void
test_one_at_a_time_between_processes(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(OtherProcess) other = other_process_start(go_once, busy);

    for (guint i = 0; i < ROUNDS; i++) {
        g_autofree char *driver = NULL;

        other_process_begin(other);
        g_assert_true(go_once(busy, i));
        other_process_finish(other);
        driver = busy_host_get_driver(busy);
        g_assert_cmpstr(driver, ==, BUSY_HOST_DRIVER);
    }
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
