/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

/* What an inventory answers that has another daemon behind it: libvirt's test driver, which has a
 * computer and a SCSI host, or one that cannot be reached. */

#include "config.h"

#include <libvirt/libvirt.h>

#include "busy-host.h"
#include "expect.h"
#include "zpci-host-private.h"
#include "zpci-inventory-wire.h"

#define NAME "pci_0005_00_00_0"

/* The function is one of zPCI, and there is no CLP that could be asked about it. */
static ZpciInventory *
open_inventory(BusyHost *busy, const char *upstream)
{
    g_autofree char *sys = busy_host_get_path(busy, "sys");
    g_autofree char *dev = busy_host_get_path(busy, "dev");
    g_autofree char *run = busy_host_get_path(busy, "run");
    ZpciInventory *inventory;
    g_autoptr(GError) error = NULL;

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "function_id", "0x0000000c");
    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "uid", "0x5");
    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "pfgid", "0xff");
    inventory =
        zpci_inventory_new(zpci_host_open_test(sys, dev, &system_calls_kernel, run, &error));
    g_assert_no_error(error);
    g_assert_false(zpci_inventory_has_upstream(inventory));
    g_assert_true(zpci_inventory_set_upstream(inventory, upstream, FALSE, &error));
    g_assert_no_error(error);
    g_assert_true(zpci_inventory_has_upstream(inventory));
    return inventory;
}

static void
expect_ours(ZpciInventory *inventory)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = zpci_inventory_get_xml(inventory, NAME, &error);
    g_auto(GStrv) capabilities = zpci_inventory_get_capabilities(inventory, NAME, &error);
    g_autofree char *parent = NULL;

    g_assert_no_error(error);
    expect_has(xml, "<name>" NAME "</name>");
    expect_has(xml, "<zpci uid='0x0005' fid='0x0000000c'");
    expect_strings((const char *const *)capabilities, "pci zpci");
    g_assert_true(zpci_inventory_get_parent(inventory, NAME, &parent, &error));
    g_assert_cmpstr(parent, ==, "computer");
}

static void
test_what_it_knows_it_answers(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = open_inventory(busy, "test:///default");
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = zpci_inventory_get_xml(inventory, "scsi_host1", &error);
    g_auto(GStrv) capabilities = zpci_inventory_get_capabilities(inventory, "scsi_host1", &error);
    g_autofree char *parent = NULL;
    g_autofree char *computer = zpci_inventory_get_xml(inventory, "computer", &error);
    g_autoptr(ZpciFunction) function = NULL;

    g_assert_no_error(error);
    expect_has(xml, "<name>scsi_host1</name>");
    expect_has_not(xml, "<zpci");
    g_assert_true(g_strv_contains((const char *const *)capabilities, "scsi_host"));
    g_assert_false(g_strv_contains((const char *const *)capabilities, "zpci"));
    g_assert_true(zpci_inventory_get_parent(inventory, "scsi_host1", &parent, &error));
    g_assert_cmpstr(parent, ==, "computer");
    /* Its own computer, not ours. */
    expect_has(computer, "<version>Test Driver</version>");
    g_assert_null(zpci_inventory_probe(inventory, "scsi_host1", FALSE, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "is not a PCI function");
    g_assert_false(zpci_inventory_get_function(inventory, "scsi_host1", &function, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "'scsi_host1'");
}

static void
test_what_it_does_not_know_is_ours(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = open_inventory(busy, "test:///default");

    expect_ours(inventory);
}

/* The test driver as a file says: it has our function, too. */
static void
test_document_of_both_has_zpci_added(void)
{
    static const char node[] =
        "<node><device><name>" NAME "</name><parent>computer</parent><capability type='pci'>"
        "<domain>5</domain><bus>0</bus><slot>0</slot><function>0</function>"
        "<product id='0x1041'>Theirs</product><vendor id='0x1af4'/></capability></device></node>";
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autofree char *path = sysfs_tree_get_path(busy->tree, "node.xml");
    g_autofree char *uri = g_strconcat("test://", path, NULL);
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = NULL;
    g_auto(GStrv) capabilities = NULL;

    sysfs_tree_write(busy->tree, "node.xml", node, -1);
    inventory = open_inventory(busy, uri);
    xml = zpci_inventory_get_xml(inventory, NAME, &error);
    g_assert_no_error(error);
    expect_has(xml, "<product id='0x1041'>Theirs</product>");
    expect_has(xml, "<zpci uid='0x0005' fid='0x0000000c'");
    capabilities = zpci_inventory_get_capabilities(inventory, NAME, &error);
    g_assert_no_error(error);
    expect_strings((const char *const *)capabilities, "pci zpci");
}

/* They are passed on to libvirt as they are. */
static void
test_flags_of_making_are_those_of_libvirt(void)
{
    g_assert_cmpuint(ZPCI_DEFINE_VALIDATE, ==, VIR_NODE_DEVICE_CREATE_XML_VALIDATE);
    g_assert_cmpuint(ZPCI_DEFINE_VALIDATE, ==, VIR_NODE_DEVICE_DEFINE_XML_VALIDATE);
#if LIBVIR_CHECK_VERSION(10, 1, 0)
    g_assert_cmpuint(ZPCI_UPDATE_ACTIVE, ==, VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE);
    g_assert_cmpuint(ZPCI_UPDATE_DEFINITION, ==, VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG);
#endif
}

/* Flags are another daemon's: it may have a second document, and we have one. */
static void
test_flags_of_a_document_that_is_ours(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = open_inventory(busy, "test:///default");
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_inventory_get_xml_flagged(inventory, NAME, 1, &error));
    g_assert_nonnull(error);
}

static void
test_what_nobody_knows(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = open_inventory(busy, "test:///default");
    g_autoptr(GError) error = NULL;
    char *parent = NULL;

    g_assert_null(zpci_inventory_get_xml(inventory, "nobody", &error));
    expect_has(error->message, "'nobody'");
    g_clear_error(&error);
    g_assert_null(zpci_inventory_get_capabilities(inventory, "nobody", &error));
    expect_has(error->message, "'nobody'");
    g_clear_error(&error);
    g_assert_false(zpci_inventory_get_parent(inventory, "nobody", &parent, &error));
    expect_has(error->message, "'nobody'");
    g_assert_null(parent);
}

static void
test_daemon_that_cannot_be_reached(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory =
        open_inventory(busy, "nodedev+unix:///system?socket=/nowhere/socket");
    g_autoptr(GError) error = NULL;

    expect_ours(inventory);
    g_assert_null(zpci_inventory_get_xml(inventory, "scsi_host1", &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "/nowhere/socket");
    g_assert_false(zpci_inventory_has(inventory, "scsi_host1", &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "/nowhere/socket");
}

static void
test_daemon_that_cannot_be(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciInventory) captured = zpci_inventory_new(sysfs_tree_open(tree));
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(GError) error = NULL;

    g_assert_false(zpci_inventory_set_upstream(captured, "test:///default", FALSE, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "captured");
    g_assert_false(zpci_inventory_set_upstream(inventory, "nowhere", FALSE, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "'nowhere' is no URI of libvirt");
    g_assert_false(zpci_inventory_has_upstream(inventory));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-inventory-upstream/flags-of-making-are-those-of-libvirt",
                    test_flags_of_making_are_those_of_libvirt);
    g_test_add_func("/zpci-inventory-upstream/what-it-knows-it-answers",
                    test_what_it_knows_it_answers);
    g_test_add_func("/zpci-inventory-upstream/what-it-does-not-know-is-ours",
                    test_what_it_does_not_know_is_ours);
    g_test_add_func("/zpci-inventory-upstream/document-of-both-has-zpci-added",
                    test_document_of_both_has_zpci_added);
    g_test_add_func("/zpci-inventory-upstream/flags-of-a-document-that-is-ours",
                    test_flags_of_a_document_that_is_ours);
    g_test_add_func("/zpci-inventory-upstream/what-nobody-knows", test_what_nobody_knows);
    g_test_add_func("/zpci-inventory-upstream/daemon-that-cannot-be-reached",
                    test_daemon_that_cannot_be_reached);
    g_test_add_func("/zpci-inventory-upstream/daemon-that-cannot-be", test_daemon_that_cannot_be);
    return g_test_run();
}
