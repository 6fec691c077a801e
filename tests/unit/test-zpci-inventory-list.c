/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <libvirt/libvirt.h>

#include "busy-host.h"
#include "expect.h"
#include "source-double.h"
#include "zpci-inventory-private.h"
#include "zpci-inventory-wire.h"
#include "zpci-libvirt.h"

#define PCI VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV
#define SYSTEM VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM
#define SCSI_HOST VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_HOST
#define ACTIVE VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE
#define INACTIVE VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE
#define PERSISTENT (1U << 28)
#define TRANSIENT (1U << 29)
#define UNKNOWN (1U << 27)

static char **
list_flagged(ZpciInventory *inventory, guint flags, GError **error)
{
    g_autofree const char **capabilities = zpci_libvirt_get_capabilities(flags);
    const NodeDeviceWish wish = { capabilities, zpci_libvirt_get_states(flags), flags };

    return zpci_inventory_list_wished(inventory, &wish, error);
}

static void
expect_flagged(ZpciInventory *inventory, guint flags, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = list_flagged(inventory, flags, &error);

    g_assert_no_error(error);
    expect_strings((const char *const *)names, expected);
}

static void
expect_states(ZpciInventory *inventory, ZpciStates states, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = zpci_inventory_list(inventory, NULL, states, &error);

    g_assert_no_error(error);
    expect_strings((const char *const *)names, expected);
}

static void
test_flags_and_states_choose(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciInventory) inventory = NULL;

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0xc, 5, 0xff);
    sysfs_tree_add_slot(tree, 0x100, FALSE);
    inventory = zpci_inventory_new(sysfs_tree_open(tree));
    expect_states(inventory, ZPCI_STATE_ANY, "computer pci_0005_00_00_0 zpci_00000100");
    expect_states(inventory, ZPCI_STATE_ACTIVE, "computer pci_0005_00_00_0");
    expect_states(inventory, ZPCI_STATE_INACTIVE, "zpci_00000100");
    expect_flagged(inventory, 0, "computer pci_0005_00_00_0 zpci_00000100");
    expect_flagged(inventory, ACTIVE | INACTIVE, "computer pci_0005_00_00_0 zpci_00000100");
    expect_flagged(inventory, ACTIVE, "computer pci_0005_00_00_0");
    expect_flagged(inventory, INACTIVE, "zpci_00000100");
    expect_flagged(inventory, PCI, "pci_0005_00_00_0");
    expect_flagged(inventory, PCI | INACTIVE, "");
    expect_flagged(inventory, PCI | SYSTEM | ACTIVE, "computer pci_0005_00_00_0");
    expect_flagged(inventory, SCSI_HOST, "");
    expect_flagged(inventory, PERSISTENT, "computer zpci_00000100");
    expect_flagged(inventory, TRANSIENT, "pci_0005_00_00_0");
}

static gboolean
lists(ZpciInventory *inventory, const char *const *capabilities, ZpciStates states,
      const char *name, guint *times)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = zpci_inventory_list(inventory, capabilities, states, &error);

    g_assert_no_error(error);
    *times = 0;
    for (guint i = 0; names[i] != NULL; i++)
        *times += g_str_equal(names[i], name) ? 1 : 0;
    return *times > 0;
}

/* libvirt's test driver behind us has a computer, too, and a SCSI host. */
static void
test_devices_of_another_daemon_are_added(void)
{
    static const char *const system[] = { "system", NULL };
    static const char *const scsi[] = { "scsi_host", "fc_host", NULL };
    static const char *const pci[] = { "pci", NULL };
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) flagged = NULL;
    int code, domain;
    guint times;

    g_assert_true(zpci_inventory_set_upstream(inventory, "test:///default", FALSE, &error));
    g_assert_true(lists(inventory, NULL, ZPCI_STATE_ANY, "computer", &times));
    g_assert_cmpuint(times, ==, 1);
    g_assert_true(lists(inventory, NULL, ZPCI_STATE_ANY, "scsi_host1", &times));
    g_assert_true(lists(inventory, NULL, ZPCI_STATE_ANY, "pci_0005_00_00_0", &times));
    g_assert_true(lists(inventory, system, ZPCI_STATE_ANY, "computer", &times));
    g_assert_cmpuint(times, ==, 1);
    g_assert_false(lists(inventory, system, ZPCI_STATE_ANY, "scsi_host1", &times));
    /* It has both capabilities, and is listed once. */
    g_assert_true(lists(inventory, scsi, ZPCI_STATE_ANY, "scsi_host1", &times));
    g_assert_cmpuint(times, ==, 1);
    g_assert_true(lists(inventory, pci, ZPCI_STATE_ANY, "pci_0005_00_00_0", &times));
    g_assert_false(lists(inventory, pci, ZPCI_STATE_ANY, "scsi_host1", &times));
    flagged = list_flagged(inventory, SCSI_HOST, &error);
    g_assert_no_error(error);
    g_assert_true(g_strv_contains((const char *const *)flagged, "scsi_host1"));
    g_assert_false(g_strv_contains((const char *const *)flagged, "computer"));
    /* What the flag may mean is that daemon's business. */
    g_assert_null(list_flagged(inventory, UNKNOWN, &error));
    g_assert_true(zpci_error_get_foreign(error, &code, &domain));
}

/* Ours are listed without it, unless only others can be meant. */
static void
test_daemon_that_cannot_be_reached(void)
{
    static const char *const storage[] = { "storage", NULL };
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(GError) error = NULL;
    const char *nowhere = "nodedev+unix:///system?socket=/nowhere/socket";

    g_assert_true(zpci_inventory_set_upstream(inventory, nowhere, TRUE, &error));
    expect_states(inventory, ZPCI_STATE_ANY, "computer pci_0005_00_00_0");
    expect_flagged(inventory, PCI, "pci_0005_00_00_0");
    g_assert_null(zpci_inventory_list(inventory, storage, ZPCI_STATE_ANY, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "/nowhere/socket");
    g_assert_null(list_flagged(inventory, SCSI_HOST, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "/nowhere/socket");
}

/* It has the function, too, and shows somebody else only what it has besides. */
static void
test_what_is_kept_from_who_asks_is_not_listed(void)
{
    g_autoptr(BusyHost) busy = busy_host_new();
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(g_steal_pointer(&busy->host));
    g_autoptr(ZpciInventory) other = NULL;
    SourceDouble *source = source_double_new("scsi_host1", "pci_0005_00_00_0", -1);
    g_autoptr(GError) error = NULL;

    zpci_inventory_prefer(inventory, &source->source);
    other = zpci_inventory_new_for(inventory, g_variant_new("a{sv}", NULL));
    expect_states(inventory, ZPCI_STATE_ANY, "computer pci_0005_00_00_0 scsi_host1");
    expect_states(other, ZPCI_STATE_ANY, "computer scsi_host1");
    source->code = ZPCI_ERROR_FOREIGN;
    g_assert_null(zpci_inventory_list(other, NULL, ZPCI_STATE_ANY, &error));
    expect_error(&error, ZPCI_ERROR_FOREIGN, "does not answer");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-inventory-list/flags-and-states-choose", test_flags_and_states_choose);
    g_test_add_func("/zpci-inventory-list/devices-of-another-daemon-are-added",
                    test_devices_of_another_daemon_are_added);
    g_test_add_func("/zpci-inventory-list/daemon-that-cannot-be-reached",
                    test_daemon_that_cannot_be_reached);
    g_test_add_func("/zpci-inventory-list/what-is-kept-from-who-asks-is-not-listed",
                    test_what_is_kept_from_who_asks_is_not_listed);
    return g_test_run();
}
