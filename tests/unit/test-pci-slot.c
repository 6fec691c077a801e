/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-slot.h"

#include "expect.h"
#include "sysfs-tree.h"
#include "zpci-host-private.h"

#define FID 0xc

static void
expect_standby(const SysfsTree *tree, const char *expected)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) fids = pci_slot_list_standby(host, &error);
    g_autoptr(GString) text = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < fids->len; i++)
        g_string_append_printf(text, "%x ", g_array_index(fids, guint32, i));
    g_assert_cmpstr(text->str, ==, expected);
}

static void
test_slots_without_power_are_functions_in_standby(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    expect_standby(tree, "");
    sysfs_tree_add_slot(tree, 0xffffffff, FALSE);
    sysfs_tree_add_slot(tree, 0x100, TRUE);
    sysfs_tree_add_slot(tree, 0, FALSE);
    sysfs_tree_add_slot(tree, 0x101, FALSE);
    expect_standby(tree, "0 101 ffffffff ");
}

/* Other machines name slots for a place, and have empty ones. */
static void
test_other_slots_are_passed_over(void)
{
    static const char *const names[] = { "1",       "8191",      "0-1",      "0000010G",
                                         "0000010", "000000100", "0000010A", "0x000100" };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_strdup_printf("sys/bus/pci/slots/%s/power", names[i]);
        guint32 fid;

        sysfs_tree_write(tree, path, "0\n", -1);
        g_assert_false(pci_slot_parse_name(names[i], &fid));
    }
    sysfs_tree_write(tree, "sys/bus/pci/slots/00000200/power", "off\n", -1);
    sysfs_tree_make_directory(tree, "sys/bus/pci/slots/00000201");
    expect_standby(tree, "");
}

static void
test_slots_that_cannot_be_listed_are_an_error(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;

    sysfs_tree_link(tree, "sys/bus/pci/slots", "slots");
    g_assert_null(pci_slot_list_standby(host, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "bus/pci/slots");
}

static void
test_state_is_that_of_the_power(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);

    g_assert_cmpint(pci_slot_get_state(host, FID), ==, PCI_SLOT_ABSENT);
    sysfs_tree_add_slot(tree, FID, FALSE);
    g_assert_cmpint(pci_slot_get_state(host, FID), ==, PCI_SLOT_STANDBY);
    sysfs_tree_add_slot(tree, FID, TRUE);
    g_assert_cmpint(pci_slot_get_state(host, FID), ==, PCI_SLOT_CONFIGURED);
}

/* Two functions of one adapter: their slots' addresses are of no use. */
static void
test_slot_of_a_function_is_that_of_its_id(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    PciAddress second = sysfs_tree_parse("0000:00:00.1"), plain = sysfs_tree_parse("0000:01:00.0");
    guint32 fid = 0;

    sysfs_tree_add_zpci(tree, "0000:00:00.0", 0x100, 1, 0xa);
    sysfs_tree_add_zpci(tree, "0000:00:00.1", 0x3f, 1, 0xa);
    sysfs_tree_add_function(tree, "0000:01:00.0");
    g_assert_true(pci_slot_get_fid(host, &second, &fid));
    g_assert_cmphex(fid, ==, 0x3f);
    g_assert_false(pci_slot_get_fid(host, &plain, &fid));
    sysfs_tree_set(tree, "0000:00:00.1", "function_id", "0x3g");
    g_assert_false(pci_slot_get_fid(host, &second, &fid));
    g_assert_cmphex(fid, ==, 0x3f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-slot/slots-without-power-are-functions-in-standby",
                    test_slots_without_power_are_functions_in_standby);
    g_test_add_func("/pci-slot/other-slots-are-passed-over", test_other_slots_are_passed_over);
    g_test_add_func("/pci-slot/slots-that-cannot-be-listed-are-an-error",
                    test_slots_that_cannot_be_listed_are_an_error);
    g_test_add_func("/pci-slot/state-is-that-of-the-power", test_state_is_that_of_the_power);
    g_test_add_func("/pci-slot/slot-of-a-function-is-that-of-its-id",
                    test_slot_of_a_function_is_that_of_its_id);
    return g_test_run();
}
