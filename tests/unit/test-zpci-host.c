/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-host.h"

#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "zpci-host-private.h"

static char *
list(const SysfsTree *tree)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) addresses = zpci_host_list(host, &error);
    GString *joined = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < addresses->len; i++) {
        char text[PCI_ADDRESS_TEXT_SIZE];

        g_string_append_printf(joined, "%s%s", i > 0 ? " " : "",
                               pci_address_format(&g_array_index(addresses, PciAddress, i), text));
    }
    return g_string_free(joined, FALSE);
}

static void
test_functions_are_listed_by_address(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *listed = NULL;

    sysfs_tree_add_function(tree, "007a:00:00.0");
    sysfs_tree_add_function(tree, "0005:01:00.0");
    sysfs_tree_add_function(tree, "10000:00:00.0");
    sysfs_tree_add_function(tree, "0005:00:00.1");
    sysfs_tree_add_function(tree, "0005:00:00.0");
    sysfs_tree_write(tree, "sys/bus/pci/devices/README", "", 0);
    listed = list(tree);
    g_assert_cmpstr(listed, ==,
                    "0005:00:00.0 0005:00:00.1 0005:01:00.0 007a:00:00.0 10000:00:00.0");
}

/* The kernel writes "%04x:%02x:%02x.%d"; what else reads as an address is somebody else's. */
static void
test_other_spellings_of_an_address_are_not_listed(void)
{
    static const char *const spellings[] = { "5:0:0.0", "00:01.0", "0005:0A:00.0",
                                             "00005:00:00.0" };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *listed = NULL;

    sysfs_tree_add_function(tree, "0005:00:00.0");
    for (guint i = 0; i < G_N_ELEMENTS(spellings); i++)
        sysfs_tree_add_function(tree, spellings[i]);
    listed = list(tree);
    g_assert_cmpstr(listed, ==, "0005:00:00.0");
}

static void
test_host_without_pci_has_no_functions(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *listed = list(tree);

    g_assert_cmpstr(listed, ==, "");
}

/* The list would be wrong, so there is none. */
static void
test_bus_that_cannot_be_listed_is_an_error(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(tree, "sys/bus/pci/devices", "devices");
    g_assert_null(zpci_host_list(host, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "Opening the directory bus/pci/devices failed");
}

static void
test_function_is_found_where_its_link_points(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    PciAddress address = sysfs_tree_parse("0000:01:00.0");

    sysfs_tree_add_function(tree, "0000:00:01.0");
    sysfs_tree_add_function_below(tree, "0000:01:00.0", "0000:00:01.0", "");
    path = zpci_host_find(host, &address, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, "devices/pci0000:00/0000:00:01.0/0000:01:00.0");
}

static void
test_function_that_is_not_there_is_named(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    PciAddress address = sysfs_tree_parse("00ff:00:00.0");

    g_assert_null(zpci_host_find(host, &address, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND,
                 "There is no PCI function 00ff:00:00.0 on this host.");
    g_assert_false(zpci_host_has_zpci(host, &address));
}

/* A capture is somebody else's text; its links lead nowhere but to devices/ in itself. */
static void
test_link_that_leaves_the_devices_is_no_function(void)
{
    static const char *const targets[] = {
        "../../../../../../../../etc", "/etc", "../../../kernel", "../../../devices",
        "../../../devices/../kernel",
    };
    PciAddress address = sysfs_tree_parse("0005:00:00.0");

    for (guint i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_autoptr(SysfsTree) tree = sysfs_tree_new();
        g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
        g_autoptr(GError) error = NULL;

        sysfs_tree_link(tree, "sys/bus/pci/devices/0005:00:00.0", targets[i]);
        g_assert_null(zpci_host_find(host, &address, &error));
        expect_error(&error, ZPCI_ERROR_NOT_FOUND, "0005:00:00.0");
    }
}

static void
test_function_id_makes_a_zpci_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    PciAddress zpci = sysfs_tree_parse("0005:00:00.0");
    PciAddress plain = sysfs_tree_parse("0006:00:00.0");

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    sysfs_tree_add_function(tree, "0006:00:00.0");
    g_assert_true(zpci_host_has_zpci(host, &zpci));
    g_assert_false(zpci_host_has_zpci(host, &plain));
}

static void
test_host_is_read_anew_each_time(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    PciAddress address = sysfs_tree_parse("0005:00:00.0");

    g_assert_false(zpci_host_has_zpci(host, &address));
    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    g_assert_true(zpci_host_has_zpci(host, &address));
    sysfs_tree_remove_function(tree, "0005:00:00.0");
    g_assert_false(zpci_host_has_zpci(host, &address));
}

static void
test_directory_without_capture_is_no_host(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_delete(tree, "sys");
    g_assert_null(zpci_host_open(sysfs_tree_get_root(tree), &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "/sys failed");
    sysfs_tree_delete(tree, "capture.ini");
    g_assert_null(zpci_host_open(sysfs_tree_get_root(tree), &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "is not the directory of a captured host");
    g_assert_null(zpci_host_open("/nonexistent", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "/nonexistent is not the directory");
}

static void
test_capture_belongs_to_the_host(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    const Capture *capture = zpci_host_get_capture(host);

    g_assert_cmpstr(capture->root, ==, sysfs_tree_get_root(tree));
    g_assert_cmpint(capture->byte_order, ==, G_BIG_ENDIAN);
    g_assert_true(zpci_host_is_privileged(host));
    zpci_host_free(NULL);
}

static void
test_chains_and_locks_are_the_user_s_own(void)
{
    g_autofree char *run = zpci_host_get_default_run();

    g_assert_true(g_path_is_absolute(run));
    g_assert_true(g_str_has_suffix(run, "/libvirt-zpci"));
    if (geteuid() == 0)
        g_assert_cmpstr(run, ==, "/run/libvirt-zpci");
    else
        g_assert_true(g_str_has_prefix(run, g_get_user_runtime_dir()));
}

/* With its sysfs and byte order, and nothing else of it. */
static void
test_host_that_is_read_as_its_capture(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *sys = sysfs_tree_get_path(tree, "sys");
    g_autofree char *run = sysfs_tree_get_path(tree, "run");
    g_autoptr(ZpciHost) live = zpci_host_open_test(sys, "/nonexistent", NULL, run, NULL);
    g_autoptr(ZpciHost) captured = sysfs_tree_open(tree);
    const ZpciHost *const origins[] = { live, captured };

    sysfs_tree_add_function(tree, "0005:00:00.0");
    zpci_host_set_test_sysfs(live);
    for (guint i = 0; i < G_N_ELEMENTS(origins); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciHost) host = zpci_host_open_as_capture(origins[i], "/nonexistent", &error);
        g_autoptr(GArray) addresses = NULL;

        g_assert_no_error(error);
        addresses = zpci_host_list(host, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(addresses->len, ==, 1);
        g_assert_null(zpci_host_get_access(host));
        g_assert_false(zpci_host_is_kernel(host));
        g_assert_true(zpci_host_is_privileged(host));
        g_assert_true(zpci_host_get_snapshots(host) != zpci_host_get_snapshots(origins[i]));
        g_assert_cmpint(zpci_host_get_sysfs(host), !=, zpci_host_get_sysfs(origins[i]));
        g_assert_cmpstr(zpci_host_get_capture(host)->root, ==, "/nonexistent");
        g_assert_cmpint(zpci_host_get_capture(host)->byte_order, ==,
                        origins[i] == live ? G_BYTE_ORDER : G_BIG_ENDIAN);
    }
}

/* Files change by this machine's clock. */
static void
test_time_is_that_of_the_machine(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    gint64 before = g_get_real_time() * 1000;
    gint64 time = zpci_host_get_time(host);

    g_assert_cmpint(time, >=, before);
    g_assert_cmpint(time, <=, g_get_real_time() * 1000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-host/functions-are-listed-by-address",
                    test_functions_are_listed_by_address);
    g_test_add_func("/zpci-host/other-spellings-of-an-address-are-not-listed",
                    test_other_spellings_of_an_address_are_not_listed);
    g_test_add_func("/zpci-host/host-without-pci-has-no-functions",
                    test_host_without_pci_has_no_functions);
    g_test_add_func("/zpci-host/bus-that-cannot-be-listed-is-an-error",
                    test_bus_that_cannot_be_listed_is_an_error);
    g_test_add_func("/zpci-host/function-is-found-where-its-link-points",
                    test_function_is_found_where_its_link_points);
    g_test_add_func("/zpci-host/function-that-is-not-there-is-named",
                    test_function_that_is_not_there_is_named);
    g_test_add_func("/zpci-host/link-that-leaves-the-devices-is-no-function",
                    test_link_that_leaves_the_devices_is_no_function);
    g_test_add_func("/zpci-host/function-id-makes-a-zpci-function",
                    test_function_id_makes_a_zpci_function);
    g_test_add_func("/zpci-host/host-is-read-anew-each-time", test_host_is_read_anew_each_time);
    g_test_add_func("/zpci-host/directory-without-capture-is-no-host",
                    test_directory_without_capture_is_no_host);
    g_test_add_func("/zpci-host/capture-belongs-to-the-host", test_capture_belongs_to_the_host);
    g_test_add_func("/zpci-host/chains-and-locks-are-the-user-s-own",
                    test_chains_and_locks_are_the_user_s_own);
    g_test_add_func("/zpci-host/time", test_time_is_that_of_the_machine);
    g_test_add_func("/zpci-host/that-is-read-as-its-capture",
                    test_host_that_is_read_as_its_capture);
    return g_test_run();
}
