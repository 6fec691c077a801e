/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "busy-host.h"
#include "expect.h"
#include "source-double.h"
#include "zpci-inventory-private.h"

#define NAME "pci_0005_00_00_0"

typedef gboolean (*Operation)(ZpciInventory *inventory, const char *name, GError **error);

static gboolean
detach(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_detach(inventory, name, NULL, error);
}

static gboolean
start_by_itself(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_set_autostart(inventory, name, TRUE, error);
}

static void
refuse(ZpciInventory *inventory, Operation operation, const char *name, ZpciError code,
       const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(operation(inventory, name, &error));
    expect_error(&error, code, part);
}

/* The daemon behind us has said no. */
static void
expect_foreign(GError **error)
{
    int code, domain;

    g_assert_true(zpci_error_get_foreign(*error, &code, &domain));
    g_clear_error(error);
}

static void
be_refused(ZpciInventory *inventory, Operation operation, const char *name)
{
    GError *error = NULL;

    g_assert_false(operation(inventory, name, &error));
    expect_foreign(&error);
}

/* A function in use, one in standby: a host that was captured. */
static SysfsTree *
make_tree(void)
{
    SysfsTree *tree = sysfs_tree_new();

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    sysfs_tree_add_slot(tree, 0xc, TRUE);
    sysfs_tree_add_slot(tree, 0x100, FALSE);
    return tree;
}

static void
test_nothing_is_changed_of_a_captured_host(void)
{
    static const Operation operations[] = { detach, zpci_inventory_reattach, zpci_inventory_reset,
                                            zpci_inventory_destroy };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));

    for (guint i = 0; i < G_N_ELEMENTS(operations); i++)
        refuse(inventory, operations[i], NAME, ZPCI_ERROR_WRONG_STATE, "a captured host");
    refuse(inventory, zpci_inventory_start, "zpci_00000100", ZPCI_ERROR_WRONG_STATE,
           "a captured host");
}

static void
test_device_that_is_not_there(void)
{
    static const Operation operations[] = {
        detach,
        start_by_itself,
        zpci_inventory_reattach,
        zpci_inventory_reset,
        zpci_inventory_start,
        zpci_inventory_destroy,
        zpci_inventory_undefine,
    };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_autoptr(GError) error = NULL;
    gboolean answer = 7;

    for (guint i = 0; i < G_N_ELEMENTS(operations); i++)
        refuse(inventory, operations[i], "pci_0006_00_00_0", ZPCI_ERROR_NOT_FOUND,
               "'pci_0006_00_00_0'");
    g_assert_false(zpci_inventory_is_active(inventory, "nobody", &answer, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "'nobody'");
    g_assert_cmpint(answer, ==, 7);
}

static void
test_device_that_is_not_of_pci(void)
{
    static const Operation operations[] = { detach, zpci_inventory_reattach, zpci_inventory_reset };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));

    for (guint i = 0; i < G_N_ELEMENTS(operations); i++) {
        refuse(inventory, operations[i], "computer", ZPCI_ERROR_INVALID_ARGUMENT,
               "device 'computer' is not a PCI device");
        refuse(inventory, operations[i], "zpci_00000100", ZPCI_ERROR_INVALID_ARGUMENT,
               "device 'zpci_00000100' is not a PCI device");
    }
}

static void
test_state_that_it_has_already(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));

    refuse(inventory, zpci_inventory_start, NAME, ZPCI_ERROR_WRONG_STATE,
           "Device is already active");
    refuse(inventory, zpci_inventory_destroy, "zpci_00000100", ZPCI_ERROR_WRONG_STATE,
           "Device 'zpci_00000100' is not active");
    refuse(inventory, zpci_inventory_destroy, "computer", ZPCI_ERROR_UNSUPPORTED,
           "This cannot be done to a device such as computer.");
    refuse(inventory, zpci_inventory_undefine, NAME, ZPCI_ERROR_WRONG_STATE,
           "Node device '" NAME "' is not defined");
    refuse(inventory, zpci_inventory_undefine, "computer", ZPCI_ERROR_UNSUPPORTED,
           "This cannot be done to a device such as computer.");
    refuse(inventory, start_by_itself, NAME, ZPCI_ERROR_UNSUPPORTED, "to a device such as " NAME);
}

static void
test_hardware_is_there_by_itself(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_autoptr(GError) error = NULL;
    char *name = NULL;

    g_assert_false(zpci_inventory_create(inventory, "<device/>", 0, &name, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "exist by themselves");
    g_assert_false(zpci_inventory_define(inventory, "<device/>", 0, &name, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "exist by themselves");
    g_assert_false(zpci_inventory_update(inventory, NAME, "<device/>", 0, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "exist by themselves");
    g_assert_false(zpci_inventory_lookup_scsi_host(inventory, "20", "30", &name, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "There is no SCSI host '20','30'.");
    g_assert_null(name);
}

static void
test_states_of_each_kind(void)
{
    static const struct {
        const char *name;
        gboolean active, persistent, starts;
    } cases[] = {
        { "computer", TRUE, TRUE, TRUE },
        { NAME, TRUE, FALSE, FALSE },
        { "zpci_00000100", FALSE, TRUE, FALSE },
    };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *name = cases[i].name;
        gboolean answer;

        g_assert_true(zpci_inventory_is_active(inventory, name, &answer, NULL));
        g_assert_cmpint(answer, ==, cases[i].active);
        g_assert_true(zpci_inventory_is_persistent(inventory, name, &answer, NULL));
        g_assert_cmpint(answer, ==, cases[i].persistent);
        g_assert_true(zpci_inventory_get_autostart(inventory, name, &answer, NULL));
        g_assert_cmpint(answer, ==, cases[i].starts);
    }
}

static void
expect_driver(const BusyHost *busy, const char *expected)
{
    g_autofree char *driver = busy_host_get_driver(busy);

    g_assert_cmpstr(driver, ==, expected);
}

static void
test_function_of_this_machine_goes_to_vfio_and_back(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = NULL;
    g_autoptr(GError) error = NULL;

    sysfs_tree_set(busy->tree, BUSY_HOST_ADDRESS, "reset", "");
    inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_assert_true(zpci_inventory_detach(inventory, NAME, "vfio", &error));
    g_assert_no_error(error);
    expect_driver(busy, "vfio-pci");
    g_assert_true(zpci_inventory_reset(inventory, NAME, &error));
    g_assert_no_error(error);
    g_assert_true(zpci_inventory_reattach(inventory, NAME, &error));
    g_assert_no_error(error);
    expect_driver(busy, BUSY_HOST_DRIVER);
    refuse(inventory, zpci_inventory_destroy, NAME, ZPCI_ERROR_UNSUPPORTED, "put into standby");
}

/* libvirt's test driver behind us, whose devices we do not have, and which has a computer, too. */
static void
test_devices_of_another_daemon_are_its_business(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(GError) error = NULL;
    gboolean answer = FALSE;
    char *name = NULL;

    g_assert_true(zpci_inventory_set_upstream(inventory, "test:///default", FALSE, &error));
    g_assert_no_error(error);
    g_assert_true(zpci_inventory_has(inventory, "scsi_host1", &error));
    refuse(inventory, detach, "scsi_host1", ZPCI_ERROR_INVALID_ARGUMENT, "is not a PCI device");
    be_refused(inventory, zpci_inventory_start, "scsi_host1");
    be_refused(inventory, zpci_inventory_undefine, "scsi_host1");
    be_refused(inventory, start_by_itself, "scsi_host1");
    be_refused(inventory, zpci_inventory_destroy, "nobody");
    g_assert_false(zpci_inventory_create(inventory, "<device/>", 0, &name, &error));
    expect_foreign(&error);
    g_assert_false(zpci_inventory_define(inventory, "<device/>", 0, &name, &error));
    expect_foreign(&error);
    g_assert_false(zpci_inventory_lookup_scsi_host(inventory, "20", "30", &name, &error));
    expect_foreign(&error);
    g_assert_null(name);
    g_assert_true(zpci_inventory_destroy(inventory, "scsi_host1", &error));
    g_assert_false(zpci_inventory_has(inventory, "scsi_host1", &error));
    expect_foreign(&error);
    /* It does not know our function, so we answer for that. */
    g_assert_true(zpci_inventory_is_active(inventory, NAME, &answer, NULL));
    g_assert_true(answer);
    refuse(inventory, zpci_inventory_start, NAME, ZPCI_ERROR_WRONG_STATE, "already active");
}

/* We could, but another source keeps the device from who asks. */
static void
test_what_is_kept_from_who_asks_is_not_changed(void)
{
    static const Operation operations[] = { detach, zpci_inventory_reattach, zpci_inventory_reset,
                                            zpci_inventory_destroy, zpci_inventory_has };
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(ZpciInventory) other = NULL;
    g_autofree char *driver = NULL;
    SourceDouble *source = source_double_new("scsi_host1", NULL, ZPCI_ERROR_FOREIGN);

    zpci_inventory_prefer(inventory, &source->source);
    other = zpci_inventory_new_for(inventory, g_variant_new("a{sv}", NULL));
    for (guint i = 0; i < G_N_ELEMENTS(operations); i++)
        refuse(other, operations[i], NAME, ZPCI_ERROR_FOREIGN, "does not answer");
    driver = busy_host_get_driver(busy);
    g_assert_cmpstr(driver, ==, BUSY_HOST_DRIVER);
    g_assert_cmpuint(busy->written->len, ==, 0);
    g_assert_true(zpci_inventory_has(inventory, NAME, NULL));
    g_assert_cmpuint(source->asked, ==, 0);
}

/* And what it says counts, whatever that is. */
static void
test_first_source_makes_devices(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    SourceDouble *first = source_double_new("first", NULL, -1);
    SourceDouble *second = source_double_new("second", NULL, ZPCI_ERROR_UNREACHABLE);
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;

    zpci_inventory_prefer(inventory, &first->source);
    g_assert_true(zpci_inventory_create(inventory, "<device/>", 0, &name, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(name, ==, "made");
    /* One that comes later takes its place. */
    zpci_inventory_prefer(inventory, &second->source);
    g_assert_cmpuint(zpci_inventory_get_sources(inventory)->len, ==, 2);
    g_assert_false(zpci_inventory_define(inventory, "<device/>", 0, &name, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "of second");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-inventory-operations/nothing-is-changed-of-a-captured-host",
                    test_nothing_is_changed_of_a_captured_host);
    g_test_add_func("/zpci-inventory-operations/device-that-is-not-there",
                    test_device_that_is_not_there);
    g_test_add_func("/zpci-inventory-operations/device-that-is-not-of-pci",
                    test_device_that_is_not_of_pci);
    g_test_add_func("/zpci-inventory-operations/state-that-it-has-already",
                    test_state_that_it_has_already);
    g_test_add_func("/zpci-inventory-operations/hardware-is-there-by-itself",
                    test_hardware_is_there_by_itself);
    g_test_add_func("/zpci-inventory-operations/states-of-each-kind", test_states_of_each_kind);
    g_test_add_func("/zpci-inventory-operations/to-vfio-and-back",
                    test_function_of_this_machine_goes_to_vfio_and_back);
    g_test_add_func("/zpci-inventory-operations/devices-of-another-daemon",
                    test_devices_of_another_daemon_are_its_business);
    g_test_add_func("/zpci-inventory-operations/what-is-kept-from-who-asks-is-not-changed",
                    test_what_is_kept_from_who_asks_is_not_changed);
    g_test_add_func("/zpci-inventory-operations/first-source-makes-devices",
                    test_first_source_makes_devices);
    return g_test_run();
}
