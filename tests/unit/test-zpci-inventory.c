/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory-wire.h"

#include "expect.h"
#include "sysfs-tree.h"

/* A bridge with a plain function below it, two zPCI functions that share a UID, and a third one. */
static SysfsTree *
make_tree(void)
{
    SysfsTree *tree = sysfs_tree_new();

    sysfs_tree_add_function(tree, "0000:00:01.0");
    sysfs_tree_add_function_below(tree, "0000:01:00.0", "0000:00:01.0", "");
    sysfs_tree_add_zpci(tree, "0001:00:00.0", 0x100, 0, 0x0a);
    sysfs_tree_add_zpci(tree, "0002:00:00.0", 0x200, 0, 0x0a);
    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xffffffff, 5, 0xff);
    return tree;
}

static ZpciInventory *
open_inventory(const SysfsTree *tree)
{
    return zpci_inventory_new(sysfs_tree_open(tree));
}

static void
assert_list(ZpciInventory *inventory, const char *const *capabilities, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = zpci_inventory_list(inventory, capabilities, ZPCI_STATE_ANY, &error);

    g_assert_no_error(error);
    expect_strings((const char *const *)names, expected);
}

static void
test_list_is_filtered_by_capability(void)
{
    static const char *const system[] = { "system", NULL };
    static const char *const zpci[] = { "zpci", NULL };
    static const char *const pci[] = { "pci", NULL };
    static const char *const many[] = { "net", "zpci", "system", NULL };
    static const char *const other[] = { "net", "PCI", "", NULL };
    static const char *const none[] = { NULL };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    assert_list(inventory, NULL,
                "computer pci_0000_00_01_0 pci_0000_01_00_0 pci_0001_00_00_0 pci_0002_00_00_0 "
                "pci_0005_00_00_0");
    assert_list(inventory, system, "computer");
    assert_list(inventory, zpci, "pci_0001_00_00_0 pci_0002_00_00_0 pci_0005_00_00_0");
    assert_list(inventory, pci,
                "pci_0000_00_01_0 pci_0000_01_00_0 pci_0001_00_00_0 pci_0002_00_00_0 "
                "pci_0005_00_00_0");
    assert_list(inventory, many, "computer pci_0001_00_00_0 pci_0002_00_00_0 pci_0005_00_00_0");
    assert_list(inventory, other, "");
    assert_list(inventory, none, "");
}

static void
test_host_without_pci_is_a_computer_still(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    assert_list(inventory, NULL, "computer");
}

static void
test_list_that_cannot_be_had_is_an_error(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(tree, "sys/bus/pci/devices", "devices");
    g_assert_null(zpci_inventory_list(inventory, NULL, ZPCI_STATE_ANY, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "bus/pci/devices");
    g_assert_null(zpci_inventory_resolve(inventory, "fid=1", &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "bus/pci/devices");
}

static void
test_devices_are_known_by_their_exact_name(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;

    g_assert_true(zpci_inventory_has(inventory, "computer", &error));
    g_assert_true(zpci_inventory_has(inventory, "pci_0005_00_00_0", &error));
    g_assert_no_error(error);
    g_assert_false(zpci_inventory_has(inventory, "pci_5_0_0_0", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no node device 'pci_5_0_0_0'.");
    g_assert_false(zpci_inventory_has(inventory, "pci_0006_00_00_0", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no node device 'pci_0006_00_00_0'.");
    g_assert_false(zpci_inventory_has(inventory, "a\nb", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no node device 'a\\x0ab'.");
}

static void
assert_parent(ZpciInventory *inventory, const char *name, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *parent = NULL;

    g_assert_true(zpci_inventory_get_parent(inventory, name, &parent, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(parent, ==, expected);
}

static void
test_parent_is_the_nearest_function_above(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;
    char *parent = NULL;

    /* A controller that makes a domain of its own, as Intel's VMD does. */
    sysfs_tree_add_function_below(tree, "10000:00:00.0", "0000:01:00.0", "pci10000:00");
    assert_parent(inventory, "computer", NULL);
    assert_parent(inventory, "pci_0000_00_01_0", "computer");
    assert_parent(inventory, "pci_0005_00_00_0", "computer");
    assert_parent(inventory, "pci_0000_01_00_0", "pci_0000_00_01_0");
    assert_parent(inventory, "pci_10000_00_00_0", "pci_0000_01_00_0");
    g_assert_false(zpci_inventory_get_parent(inventory, "pci_0006_00_00_0", &parent, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "pci_0006_00_00_0");
    g_assert_null(parent);
}

static void
assert_capabilities(ZpciInventory *inventory, const char *name, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) capabilities = zpci_inventory_get_capabilities(inventory, name, &error);

    g_assert_no_error(error);
    expect_strings((const char *const *)capabilities, expected);
}

static void
test_capabilities_tell_zpci_functions(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;

    assert_capabilities(inventory, "computer", "system");
    assert_capabilities(inventory, "pci_0000_00_01_0", "pci");
    assert_capabilities(inventory, "pci_0005_00_00_0", "pci zpci");
    g_assert_null(zpci_inventory_get_capabilities(inventory, "nobody", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no node device 'nobody'.");
}

static void
test_xml_has_parent_and_zpci(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;
    g_autofree char *zpci = zpci_inventory_get_xml(inventory, "pci_0005_00_00_0", &error);
    g_autofree char *plain = zpci_inventory_get_xml(inventory, "pci_0000_01_00_0", &error);
    g_autofree char *computer = zpci_inventory_get_xml(inventory, "computer", &error);

    g_assert_no_error(error);
    expect_has(zpci, "  <name>pci_0005_00_00_0</name>\n"
                     "  <path>/sys/devices/pci0005:00/0005:00:00.0</path>\n"
                     "  <parent>computer</parent>\n");
    expect_has(zpci, "    <zpci uid='0x0005' fid='0xffffffff' pfgid='0xff'>\n");
    expect_has(plain, "  <parent>pci_0000_00_01_0</parent>\n");
    expect_has_not(plain, "zpci");
    expect_has(computer, "  <capability type='system'>\n");
}

static void
test_xml_of_a_device_that_cannot_be_described_is_an_error(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(GError) error = NULL;

    sysfs_tree_set(tree, "0005:00:00.0", "device", "virtio");
    g_assert_null(zpci_inventory_get_xml(inventory, "pci_0005_00_00_0", &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED,
                 "0005:00:00.0: The attribute device is damaged: 'virtio'");
    sysfs_tree_remove_function(tree, "0005:00:00.0");
    g_assert_null(zpci_inventory_get_xml(inventory, "pci_0005_00_00_0", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no node device 'pci_0005_00_00_0'.");
}

static void
test_function_is_given_for_zpci_only(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(ZpciFunction) zpci = NULL;
    g_autoptr(GError) error = NULL;
    ZpciFunction *function = (ZpciFunction *)tree;
    guint64 fid = 0;

    g_assert_true(zpci_inventory_get_function(inventory, "pci_0005_00_00_0", &zpci, &error));
    g_assert_true(zpci_function_get(zpci, ZPCI_FACT_FID, &fid));
    g_assert_cmphex(fid, ==, 0xffffffff);

    g_assert_false(zpci_inventory_get_function(inventory, "nobody", &function, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "'nobody'");
    g_assert_true(function == (ZpciFunction *)tree);
    g_assert_true(zpci_inventory_get_function(inventory, "computer", &function, &error));
    g_assert_null(function);
    g_assert_true(zpci_inventory_get_function(inventory, "pci_0000_00_01_0", &function, &error));
    g_assert_null(function);
    g_assert_no_error(error);
}

static void
assert_resolves(ZpciInventory *inventory, const char *text, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = zpci_inventory_resolve(inventory, text, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(name, ==, expected);
}

static void
assert_unresolved(ZpciInventory *inventory, const char *text, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_test_message("%s", text);
    g_assert_null(zpci_inventory_resolve(inventory, text, &error));
    expect_error(&error, code, part);
}

static void
test_devices_are_found_by_all_that_a_person_knows(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    assert_resolves(inventory, "computer", "computer");
    assert_resolves(inventory, "pci_0005_00_00_0", "pci_0005_00_00_0");
    assert_resolves(inventory, "0005:00:00.0", "pci_0005_00_00_0");
    assert_resolves(inventory, "00:01.0", "pci_0000_00_01_0");
    assert_resolves(inventory, "5:0:0.0", "pci_0005_00_00_0");
    assert_resolves(inventory, "fid=0xffffffff", "pci_0005_00_00_0");
    assert_resolves(inventory, "fid=00000200", "pci_0002_00_00_0");
    assert_resolves(inventory, "FID=0X200", "pci_0002_00_00_0");
    assert_resolves(inventory, "00000200", "pci_0002_00_00_0");
    assert_resolves(inventory, "0x200", "pci_0002_00_00_0");
    assert_resolves(inventory, "uid=0x5", "pci_0005_00_00_0");
    assert_resolves(inventory, "uid=0x0005", "pci_0005_00_00_0");
    assert_resolves(inventory, "PCI_0005_00_00_0", "pci_0005_00_00_0");
    assert_resolves(inventory, "COMPUTER", "computer");
}

static void
test_functions_are_found_by_what_the_host_calls_theirs(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    sysfs_tree_set(tree, "0005:00:00.0", "pchid", "0x01c0");
    sysfs_tree_link(tree, "sys/class/net/ef0", "../../devices/pci0005:00/0005:00:00.0/net/ef0");
    sysfs_tree_link(tree, "sys/class/net/lo", "../../devices/virtual/net/lo");
    sysfs_tree_link(tree, "sys/class/block/nvme0n1p1",
                    "../../devices/pci0002:00/0002:00:00.0/nvme/nvme0/nvme0n1/nvme0n1p1");
    assert_resolves(inventory, "pchid=0x1c0", "pci_0005_00_00_0");
    assert_resolves(inventory, "PCHID=01c0", "pci_0005_00_00_0");
    assert_resolves(inventory, "ef0", "pci_0005_00_00_0");
    assert_resolves(inventory, "nvme0n1p1", "pci_0002_00_00_0");
    assert_unresolved(inventory, "lo", ZPCI_ERROR_NOT_FOUND, "There is no node device 'lo'.");
    assert_unresolved(inventory, "../net/ef0", ZPCI_ERROR_NOT_FOUND, "'../net/ef0'");
    assert_unresolved(inventory, "pchid=0x1c1", ZPCI_ERROR_NOT_FOUND, "with pchid 0x01c1");
}

/* Whoever reads a number without a word sees which of its meanings whose is. */
static void
test_number_of_an_fid_and_a_uid_names_both(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    sysfs_tree_set(tree, "0005:00:00.0", "uid", "0x200");
    assert_unresolved(inventory, "0x200", ZPCI_ERROR_INVALID_ARGUMENT,
                      "pci_0002_00_00_0 (fid 0x00000200), pci_0005_00_00_0 (uid 0x0200)");
}

static void
test_uid_of_two_functions_names_both(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    assert_unresolved(inventory, "uid=0", ZPCI_ERROR_INVALID_ARGUMENT,
                      "More than one function has uid 0x0000");
    assert_unresolved(inventory, "uid=0", ZPCI_ERROR_INVALID_ARGUMENT, "pci_0001_00_00_0");
    assert_unresolved(inventory, "uid=0", ZPCI_ERROR_INVALID_ARGUMENT,
                      "pci_0002_00_00_0 (fid 0x00000200)");
}

static void
test_unknown_device_is_not_found(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    assert_unresolved(inventory, "pci_0006_00_00_0", ZPCI_ERROR_NOT_FOUND, "'pci_0006_00_00_0'");
    assert_unresolved(inventory, "0006:00:00.0", ZPCI_ERROR_NOT_FOUND, "'pci_0006_00_00_0'");
    assert_unresolved(inventory, "", ZPCI_ERROR_NOT_FOUND, "There is no node device ''.");
    assert_unresolved(inventory, "fid=0xc", ZPCI_ERROR_NOT_FOUND,
                      "There is no function with fid 0x0000000c on this host.");
    assert_unresolved(inventory, "uid=6", ZPCI_ERROR_NOT_FOUND,
                      "There is no function with uid 0x0006 on this host.");
}

static void
test_damaged_question_is_the_callers_fault(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    assert_unresolved(inventory, "fid=", ZPCI_ERROR_INVALID_ARGUMENT,
                      "'' is not a number from 0x00000000");
    assert_unresolved(inventory, "fid=0x100000000", ZPCI_ERROR_INVALID_ARGUMENT,
                      "'0x100000000' is not a number from 0x00000000 to 0xffffffff");
    assert_unresolved(inventory, "uid=0x10000", ZPCI_ERROR_INVALID_ARGUMENT,
                      "'0x10000' is not a number from 0x0000 to 0xffff");
    assert_unresolved(inventory, "fid=512", ZPCI_ERROR_INVALID_ARGUMENT,
                      "'512' can be read in two ways: write 0x512 if it is hexadecimal, and 0x200");
    assert_unresolved(inventory, "512", ZPCI_ERROR_NOT_FOUND,
                      "written fid=0x512, uid=0x512 or 0x512");
    assert_unresolved(inventory, "0x777", ZPCI_ERROR_NOT_FOUND,
                      "no function with fid or uid 0x777");
    assert_unresolved(inventory, "00000777", ZPCI_ERROR_NOT_FOUND, "with fid 0x00000777");
    assert_unresolved(inventory, "uid=five", ZPCI_ERROR_INVALID_ARGUMENT, "'five'");
    g_assert_null(zpci_inventory_resolve(inventory, "uid=five", NULL));
}

/* A function whose own number is damaged must not hide the others. */
static void
test_search_passes_over_damaged_functions(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);

    sysfs_tree_set(tree, "0001:00:00.0", "uid", "zero");
    assert_resolves(inventory, "uid=0", "pci_0002_00_00_0");
    assert_resolves(inventory, "fid=0x100", "pci_0001_00_00_0");
}

/* The table of a list needs no more, and a list of thousands is read for it. */
static void
test_outline_is_what_a_list_shows(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(ZpciFunction) outline = NULL;
    g_autoptr(ZpciFunction) whole = NULL;
    g_autoptr(GError) error = NULL;
    guint64 value = 0;

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    sysfs_tree_set(tree, "0005:00:00.0", "mio_enabled", "1");
    inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_assert_true(zpci_inventory_get_outline(inventory, "pci_0005_00_00_0", &outline, &error));
    g_assert_no_error(error);
    g_assert_true(zpci_function_get(outline, ZPCI_FACT_FID, &value));
    g_assert_cmphex(value, ==, 0xc);
    g_assert_true(zpci_function_get(outline, ZPCI_FACT_UID, &value));
    g_assert_cmphex(value, ==, 5);
    g_assert_false(zpci_function_get(outline, ZPCI_FACT_MIO, NULL));

    g_assert_true(zpci_inventory_get_function(inventory, "pci_0005_00_00_0", &whole, &error));
    g_assert_true(zpci_function_get(whole, ZPCI_FACT_MIO, NULL));

    g_assert_false(zpci_inventory_get_outline(inventory, "pci_0006_00_00_0", &outline, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
}

static GVariant *
make_somebody(void)
{
    GVariantDict fields;

    g_variant_dict_init(&fields, NULL);
    g_variant_dict_insert(&fields, "unix-user-id", "t", (guint64)1);
    return g_variant_dict_end(&fields);
}

static void
test_without_another_daemon_all_are_shown_the_same(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = open_inventory(tree);
    g_autoptr(ZpciInventory) for_somebody = zpci_inventory_new_for(inventory, make_somebody());

    assert_list(for_somebody, NULL,
                "computer pci_0000_00_01_0 pci_0000_01_00_0 pci_0001_00_00_0 pci_0002_00_00_0 "
                "pci_0005_00_00_0");
    g_assert_false(zpci_inventory_has_upstream(for_somebody));
}

/* libvirt's test driver takes no identity; ours must not stand in for it. */
static void
test_nobody_gets_what_another_daemon_refuses(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(zpci_host_open(NULL, &error));
    g_autoptr(ZpciInventory) for_somebody = NULL;
    gboolean active;

    g_assert_no_error(error);
    g_assert_true(zpci_inventory_set_upstream(inventory, "test:///default", FALSE, &error));
    for_somebody = zpci_inventory_new_for(inventory, make_somebody());
    g_assert_true(zpci_inventory_has_upstream(for_somebody));
    g_assert_true(zpci_inventory_has(inventory, "computer", &error));
    g_assert_true(zpci_inventory_has(inventory, "scsi_host1", &error));
    g_assert_false(zpci_inventory_has(for_somebody, "computer", &error));
    expect_has(error->message, "on behalf of another user");
    g_clear_error(&error);
    g_assert_false(zpci_inventory_is_active(for_somebody, "computer", &active, NULL));
    g_assert_null(zpci_inventory_get_xml(for_somebody, "computer", NULL));
    g_assert_null(zpci_inventory_list(for_somebody, NULL, ZPCI_STATE_ANY, NULL));
    g_assert_false(zpci_inventory_reset(for_somebody, "computer", &error));
    expect_has(error->message, "on behalf of another user");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-inventory/list-is-filtered-by-capability",
                    test_list_is_filtered_by_capability);
    g_test_add_func("/zpci-inventory/host-without-pci-is-a-computer-still",
                    test_host_without_pci_is_a_computer_still);
    g_test_add_func("/zpci-inventory/without-another-daemon-all-are-shown-the-same",
                    test_without_another_daemon_all_are_shown_the_same);
    g_test_add_func("/zpci-inventory/nobody-gets-what-another-daemon-refuses",
                    test_nobody_gets_what_another_daemon_refuses);
    g_test_add_func("/zpci-inventory/list-that-cannot-be-had-is-an-error",
                    test_list_that_cannot_be_had_is_an_error);
    g_test_add_func("/zpci-inventory/devices-are-known-by-their-exact-name",
                    test_devices_are_known_by_their_exact_name);
    g_test_add_func("/zpci-inventory/parent-is-the-nearest-function-above",
                    test_parent_is_the_nearest_function_above);
    g_test_add_func("/zpci-inventory/capabilities-tell-zpci-functions",
                    test_capabilities_tell_zpci_functions);
    g_test_add_func("/zpci-inventory/xml-has-parent-and-zpci", test_xml_has_parent_and_zpci);
    g_test_add_func("/zpci-inventory/xml-of-a-device-that-cannot-be-described-is-an-error",
                    test_xml_of_a_device_that_cannot_be_described_is_an_error);
    g_test_add_func("/zpci-inventory/function-is-given-for-zpci-only",
                    test_function_is_given_for_zpci_only);
    g_test_add_func("/zpci-inventory/devices-are-found-by-all-that-a-person-knows",
                    test_devices_are_found_by_all_that_a_person_knows);
    g_test_add_func("/zpci-inventory/functions-are-found-by-what-the-host-calls-theirs",
                    test_functions_are_found_by_what_the_host_calls_theirs);
    g_test_add_func("/zpci-inventory/number-of-an-fid-and-a-uid-names-both",
                    test_number_of_an_fid_and_a_uid_names_both);
    g_test_add_func("/zpci-inventory/uid-of-two-functions-names-both",
                    test_uid_of_two_functions_names_both);
    g_test_add_func("/zpci-inventory/unknown-device-is-not-found",
                    test_unknown_device_is_not_found);
    g_test_add_func("/zpci-inventory/damaged-question-is-the-callers-fault",
                    test_damaged_question_is_the_callers_fault);
    g_test_add_func("/zpci-inventory/search-passes-over-damaged-functions",
                    test_search_passes_over_damaged_functions);
    g_test_add_func("/zpci-inventory/outline-is-what-a-list-shows",
                    test_outline_is_what_a_list_shows);
    return g_test_run();
}
