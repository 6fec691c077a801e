/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "function-lock.h"

#include "expect.h"
#include "host-actions.h"
#include "live-host.h"
#include "pci-driver.h"
#include "pci-reset.h"
#include "slot-power.h"
#include "zpci-host-private.h"

static guint writes;

static gboolean
play_write(G_GNUC_UNUSED int sysfs, G_GNUC_UNUSED const char *path, G_GNUC_UNUSED const char *text,
           G_GNUC_UNUSED GError **error)
{
    writes++;
    return TRUE;
}

static const HostActions actions = { .write = play_write };

/* Everything that changes a function; each returns whether it was done. */
static gboolean
detach(LiveHost *live, const PciAddress *address, GError **error)
{
    return pci_driver_detach(live->host, address, NULL, error);
}

static gboolean
reattach(LiveHost *live, const PciAddress *address, GError **error)
{
    return pci_driver_reattach(live->host, address, error);
}

static gboolean
reset(LiveHost *live, const PciAddress *address, GError **error)
{
    return pci_reset(live->host, address, error);
}

static gboolean
switch_off(LiveHost *live, const PciAddress *address, GError **error)
{
    return slot_power_off(live->host, address, error);
}

static gboolean
switch_on(LiveHost *live, G_GNUC_UNUSED const PciAddress *address, GError **error)
{
    return slot_power_on(live->host, LIVE_HOST_FID, 0, error);
}

typedef gboolean (*Change)(LiveHost *live, const PciAddress *address, GError **error);

static LiveHost *
begin(PciAddress *address)
{
    LiveHost *live = live_host_new();
    g_autofree char *proc = sysfs_tree_get_path(live->tree, "proc");

    sysfs_tree_make_directory(live->tree, "proc/1/fd");
    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, TRUE);
    zpci_host_set_test_kernel(live->host, proc, &actions);
    zpci_host_set_test_wait(live->host, 0);
    *address = sysfs_tree_parse(LIVE_HOST_ADDRESS);
    writes = 0;
    return live;
}

static void
expect_all_refused(const Change *changes, guint count, LiveHost *live, const PciAddress *address,
                   ZpciError code, const char *says)
{
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < count; i++) {
        g_assert_false(changes[i](live, address, &error));
        expect_error(&error, code, says);
    }
    g_assert_cmpuint(writes, ==, 0);
}

static void
test_nobody_else_changes_the_function(void)
{
    static const Change changes[] = { detach, reattach, reset, switch_off };
    PciAddress address;
    g_autoptr(LiveHost) live = begin(&address);
    g_autoptr(GError) error = NULL;
    g_autoptr(FunctionLock) lock = function_lock_take(live->host, &address, &error);

    g_assert_no_error(error);
    expect_all_refused(changes, G_N_ELEMENTS(changes), live, &address, ZPCI_ERROR_IN_USE,
                       LIVE_HOST_ADDRESS " is being changed by another client");
    g_assert_true(switch_on(live, &address, &error));
    g_clear_pointer(&lock, function_lock_free);
    g_assert_true(switch_off(live, &address, &error));
    g_assert_cmpuint(writes, ==, 2);
}

static void
test_nobody_else_switches_the_slot(void)
{
    static const Change changes[] = { switch_on, switch_off };
    PciAddress address;
    g_autoptr(LiveHost) live = begin(&address);
    g_autoptr(GError) error = NULL;
    g_autoptr(FunctionLock) lock = function_lock_take_slot(live->host, LIVE_HOST_FID, &error);

    g_assert_no_error(error);
    expect_all_refused(changes, G_N_ELEMENTS(changes), live, &address, ZPCI_ERROR_IN_USE,
                       "0x0000000c is being changed by another client");
    g_clear_pointer(&lock, function_lock_free);
    g_assert_true(switch_on(live, &address, &error));
}

static void
test_other_functions_do_not_wait(void)
{
    PciAddress address;
    g_autoptr(LiveHost) live = begin(&address);
    PciAddress other = sysfs_tree_parse("0006:00:00.0");
    g_autoptr(GError) error = NULL;
    g_autoptr(FunctionLock) lock = function_lock_take(live->host, &other, &error);
    g_autoptr(FunctionLock) slot = function_lock_take_slot(live->host, LIVE_HOST_FID + 1, &error);

    g_assert_no_error(error);
    g_assert_true(switch_off(live, &address, &error));
    g_assert_true(switch_on(live, &address, &error));
}

/* Nothing is changed without it. */
static void
test_lock_that_cannot_be_had(void)
{
    static const Change changes[] = { detach, reattach, reset, switch_off, switch_on };
    PciAddress address;
    g_autoptr(LiveHost) live = begin(&address);

    sysfs_tree_write(live->tree, "run", "a file", -1);
    expect_all_refused(changes, G_N_ELEMENTS(changes), live, &address, ZPCI_ERROR_UNREADABLE,
                       "is left as it is, because nothing would keep other clients");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/function-lock/nobody-else-changes-the-function",
                    test_nobody_else_changes_the_function);
    g_test_add_func("/function-lock/nobody-else-switches-the-slot",
                    test_nobody_else_switches_the_slot);
    g_test_add_func("/function-lock/other-functions-do-not-wait", test_other_functions_do_not_wait);
    g_test_add_func("/function-lock/lock-that-cannot-be-had", test_lock_that_cannot_be_had);
    return g_test_run();
}
