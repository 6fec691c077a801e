/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-standby.h"

#include "expect.h"
#include "host-actions.h"
#include "live-host.h"
#include "node-device-pci-family.h"
#include "sysfs-tree.h"
#include "zpci-function-private.h"
#include "zpci-host-private.h"
#include "zpci-inventory.h"

#define NAME "zpci_00000100"

static const char *const zpci[] = { "zpci", NULL };

/* A function that is configured, one in standby. */
static SysfsTree *
make_tree(void)
{
    SysfsTree *tree = sysfs_tree_new();

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    sysfs_tree_add_slot(tree, 0xc, TRUE);
    sysfs_tree_add_slot(tree, 0x100, FALSE);
    return tree;
}

static ZpciInventory *
open_inventory(const SysfsTree *tree)
{
    return zpci_inventory_new(sysfs_tree_open(tree));
}

static void
expect_list(ZpciInventory *inventory, const char *const *capabilities, ZpciStates states,
            const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = zpci_inventory_list(inventory, capabilities, states, &error);

    g_assert_no_error(error);
    expect_strings((const char *const *)names, expected);
}

static void
test_document_of_what_clp_tells(void)
{
    g_auto(ZpciFacts) facts = { .is_standby = TRUE };
    g_autoptr(ZpciFunction) function = NULL;
    g_autofree char *xml = NULL;

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0x100);
    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_CLP, 0x7a);
    zpci_facts_set(&facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_CLP, 0xff);
    zpci_facts_set(&facts, ZPCI_FACT_PFT, ZPCI_SOURCE_CLP, 2);
    zpci_facts_set(&facts, ZPCI_FACT_MUI, ZPCI_SOURCE_CLP, 4000);
    function = zpci_function_new(&facts);
    xml = node_device_standby_format(0x100, function);
    g_assert_cmpstr(xml, ==,
                    "<device>\n"
                    "  <name>zpci_00000100</name>\n"
                    "  <path>/sys/bus/pci/slots/00000100</path>\n"
                    "  <parent>computer</parent>\n"
                    "  <capability type='zpci'>\n"
                    "    <zpci uid='0x007a' fid='0x00000100' pfgid='0xff'>\n"
                    "      <function pft='0x02' type='roce'/>\n"
                    "      <group simulated='yes' mui='4000'/>\n"
                    "      <source identity='sysfs' function='clp' group='clp'/>\n"
                    "    </zpci>\n"
                    "  </capability>\n"
                    "</device>\n");
}

/* The slot alone tells the function ID. */
static void
test_document_without_clp(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = zpci_inventory_get_xml(inventory, NAME, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(xml, ==,
                    "<device>\n"
                    "  <name>zpci_00000100</name>\n"
                    "  <path>/sys/bus/pci/slots/00000100</path>\n"
                    "  <parent>computer</parent>\n"
                    "  <capability type='zpci'>\n"
                    "    <zpci fid='0x00000100'>\n"
                    "      <source identity='sysfs'/>\n"
                    "    </zpci>\n"
                    "  </capability>\n"
                    "</device>\n");
}

static void
test_newer_kernels_tell_the_uid(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(ZpciFunction) function = NULL;
    guint64 uid = 0;

    sysfs_tree_write(tree, "sys/bus/pci/slots/00000100/uid", "0x7a\n", -1);
    g_assert_true(zpci_inventory_get_function(inventory, NAME, &function, NULL));
    g_assert_true(zpci_function_is_standby(function));
    g_assert_true(zpci_function_get(function, ZPCI_FACT_UID, &uid));
    g_assert_cmphex(uid, ==, 0x7a);
}

static void
test_standby_is_a_state_of_its_own(void)
{
    static const char *const pci[] = { "pci", NULL };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    expect_list(inventory, NULL, ZPCI_STATE_ACTIVE, "computer pci_0005_00_00_0");
    expect_list(inventory, NULL, ZPCI_STATE_INACTIVE, NAME);
    expect_list(inventory, NULL, ZPCI_STATE_ANY, "computer pci_0005_00_00_0 " NAME);
    expect_list(inventory, zpci, ZPCI_STATE_ANY, "pci_0005_00_00_0 " NAME);
    expect_list(inventory, pci, ZPCI_STATE_ANY, "pci_0005_00_00_0");
}

static void
test_properties(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autofree char *parent = NULL;
    g_auto(GStrv) capabilities = NULL;
    gboolean active = TRUE, persistent = FALSE, autostart = TRUE;

    g_assert_true(zpci_inventory_is_active(inventory, NAME, &active, NULL));
    g_assert_true(zpci_inventory_is_persistent(inventory, NAME, &persistent, NULL));
    g_assert_true(zpci_inventory_get_autostart(inventory, NAME, &autostart, NULL));
    g_assert_true(!active && persistent && !autostart);
    g_assert_true(zpci_inventory_get_parent(inventory, NAME, &parent, NULL));
    g_assert_cmpstr(parent, ==, "computer");
    capabilities = zpci_inventory_get_capabilities(inventory, NAME, NULL);
    expect_strings((const char *const *)capabilities, "zpci");
}

static void
test_only_the_kernels_spelling_is_a_name(void)
{
    static const char *const names[] = { "zpci_0000000c", "zpci_100",       "zpci_00000101",
                                         "zpci_",         "zpci_000001000", "zpci_0x000100",
                                         "pci_00000100",  "00000100" };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_null(zpci_inventory_get_xml(inventory, names[i], &error));
        expect_error(&error, ZPCI_ERROR_NOT_FOUND, names[i]);
    }
}

static void
test_function_that_is_switched_on_meanwhile_is_not_found(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;

    sysfs_tree_add_slot(tree, 0x100, TRUE);
    g_assert_null(node_device_standby_family.get_xml(host, NAME, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "0x00000100");
}

static void
test_opt_out_hides_them(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    ZpciHost *host = sysfs_tree_open(tree);
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(host);

    zpci_host_set_standby(host, FALSE);
    expect_list(inventory, NULL, ZPCI_STATE_ANY, "computer pci_0005_00_00_0");
    g_assert_false(zpci_inventory_has(inventory, NAME, NULL));
}

static void
test_it_is_found_by_its_fid(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autofree char *name = zpci_inventory_resolve(inventory, "fid=0x100", NULL);

    g_assert_cmpstr(name, ==, NAME);
}

static void
test_a_capture_cannot_be_switched(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;

    g_assert_false(zpci_inventory_start(inventory, NAME, &error));
    expect_error(&error, ZPCI_ERROR_WRONG_STATE, "captured host");
    g_assert_false(zpci_inventory_destroy(inventory, NAME, &error));
    expect_error(&error, ZPCI_ERROR_WRONG_STATE, "Device '" NAME "' is not active");
    g_assert_false(zpci_inventory_destroy(inventory, "pci_0005_00_00_0", &error));
    expect_error(&error, ZPCI_ERROR_WRONG_STATE, "captured host");
}

/* The kernel's part of switching a slot: it is off, and the function is gone. */
static SysfsTree *switched;

static gboolean
play_write(G_GNUC_UNUSED int sysfs, const char *path, const char *text,
           G_GNUC_UNUSED GError **error)
{
    g_assert_cmpstr(path, ==, "bus/pci/slots/0000000c/power");
    g_assert_cmpstr(text, ==, "0");
    sysfs_tree_add_slot(switched, LIVE_HOST_FID, FALSE);
    sysfs_tree_remove_function(switched, LIVE_HOST_ADDRESS);
    return TRUE;
}

static const HostActions actions = { .write = play_write };

static gboolean
destroy(LiveHost *live, GError **error)
{
    g_autofree char *proc = sysfs_tree_get_path(live->tree, "proc");

    sysfs_tree_write(live->tree, "proc/self/mountinfo", "", -1);
    sysfs_tree_write(live->tree, "proc/swaps", "", -1);
    zpci_host_set_test_kernel(live->host, proc, &actions);
    switched = live->tree;
    return node_device_pci_family.destroy(live->host, "pci_0005_00_00_0", error);
}

static void
test_destroying_puts_a_function_into_standby(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, TRUE);
    g_assert_true(destroy(live, &error));
    g_assert_no_error(error);
    g_assert_true(node_device_standby_family.has(live->host, "zpci_0000000c"));
}

static void
test_a_function_in_use_stays(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, TRUE);
    sysfs_tree_add_function(live->tree, "0005:00:00.1");
    sysfs_tree_add_virtual(live->tree, LIVE_HOST_ADDRESS, 0, "0005:00:00.1");
    g_assert_false(destroy(live, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "it carries virtual functions");
    g_assert_false(node_device_standby_family.has(live->host, "zpci_0000000c"));
}

static void
test_what_has_no_slot_or_is_not_to_be_switched_stays(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;

    g_assert_false(destroy(live, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "pci_0005_00_00_0");
    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, TRUE);
    zpci_host_set_standby(live->host, FALSE);
    g_assert_false(destroy(live, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "pci_0005_00_00_0");
    zpci_host_set_standby(live->host, TRUE);
    sysfs_tree_unset(live->tree, LIVE_HOST_ADDRESS, "function_id");
    g_assert_false(destroy(live, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "pci_0005_00_00_0");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-standby/document-of-what-clp-tells",
                    test_document_of_what_clp_tells);
    g_test_add_func("/node-device-standby/document-without-clp", test_document_without_clp);
    g_test_add_func("/node-device-standby/newer-kernels-tell-the-uid",
                    test_newer_kernels_tell_the_uid);
    g_test_add_func("/node-device-standby/standby-is-a-state-of-its-own",
                    test_standby_is_a_state_of_its_own);
    g_test_add_func("/node-device-standby/properties", test_properties);
    g_test_add_func("/node-device-standby/only-the-kernels-spelling-is-a-name",
                    test_only_the_kernels_spelling_is_a_name);
    g_test_add_func("/node-device-standby/function-that-is-switched-on-meanwhile-is-not-found",
                    test_function_that_is_switched_on_meanwhile_is_not_found);
    g_test_add_func("/node-device-standby/opt-out-hides-them", test_opt_out_hides_them);
    g_test_add_func("/node-device-standby/it-is-found-by-its-fid", test_it_is_found_by_its_fid);
    g_test_add_func("/node-device-standby/a-capture-cannot-be-switched",
                    test_a_capture_cannot_be_switched);
    g_test_add_func("/node-device-standby/destroying-puts-a-function-into-standby",
                    test_destroying_puts_a_function_into_standby);
    g_test_add_func("/node-device-standby/a-function-in-use-stays", test_a_function_in_use_stays);
    g_test_add_func("/node-device-standby/what-has-no-slot-or-is-not-to-be-switched-stays",
                    test_what_has_no_slot_or_is_not_to_be_switched_stays);
    return g_test_run();
}
