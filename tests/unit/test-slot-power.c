/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "slot-power.h"

#include <errno.h>
#include <string.h>

#include "expect.h"
#include "host-actions.h"
#include "live-host.h"
#include "pci-slot.h"
#include "system-error.h"

#define FID LIVE_HOST_FID
#define SLOT "bus/pci/slots/0000000c/power"

/* The kernel's part: what was written last, and what comes of it. */
static struct {
    LiveHost *live;
    PciAddress address;
    int error_number;
    gboolean hides_function;
    GString *written;
} kernel;

static gboolean
play_write(G_GNUC_UNUSED int sysfs, const char *path, const char *text, GError **error)
{
    gboolean on = strcmp(text, "1") == 0;

    g_string_append_printf(kernel.written, "%s=%s ", path, text);
    if (kernel.error_number != 0) {
        system_error_set(error, kernel.error_number, "Writing %s failed", path);
        return FALSE;
    }
    sysfs_tree_add_slot(kernel.live->tree, FID, on);
    if (!on)
        sysfs_tree_remove_function(kernel.live->tree, LIVE_HOST_ADDRESS);
    else if (!kernel.hides_function)
        sysfs_tree_add_zpci(kernel.live->tree, LIVE_HOST_ADDRESS, FID, LIVE_HOST_UID, 0xff);
    return TRUE;
}

static const HostActions actions = { .write = play_write };

static LiveHost *
begin(void)
{
    LiveHost *live = live_host_new();

    zpci_host_set_test_kernel(live->host, "/proc", &actions);
    sysfs_tree_add_slot(live->tree, FID, TRUE);
    kernel.live = live;
    kernel.address = sysfs_tree_parse(LIVE_HOST_ADDRESS);
    kernel.error_number = 0;
    kernel.hides_function = FALSE;
    kernel.written = g_string_new(NULL);
    return live;
}

static void
expect_written(const char *expected)
{
    g_assert_cmpstr(kernel.written->str, ==, expected);
    g_string_free(kernel.written, TRUE);
}

static void
test_off_and_on(void)
{
    g_autoptr(LiveHost) live = begin();
    g_autoptr(GError) error = NULL;

    g_assert_true(slot_power_off(live->host, &kernel.address, &error));
    g_assert_cmpint(pci_slot_get_state(live->host, FID), ==, PCI_SLOT_STANDBY);
    g_assert_true(slot_power_on(live->host, FID, 0, &error));
    g_assert_no_error(error);
    expect_written(SLOT "=0 " SLOT "=1 ");
}

/* As the second function of an adapter whose first one is in standby. */
static void
test_function_that_linux_does_not_show(void)
{
    g_autoptr(LiveHost) live = begin();
    g_autoptr(GError) error = NULL;

    kernel.hides_function = TRUE;
    g_assert_true(slot_power_off(live->host, &kernel.address, &error));
    g_assert_false(slot_power_on(live->host, FID, 0, &error));
    expect_error(&error, ZPCI_ERROR_WRONG_STATE,
                 "The function 0x0000000c is configured, but Linux does not show it");
    expect_written(SLOT "=0 " SLOT "=1 ");
}

static void
test_refusals_say_what_to_do(void)
{
    static const struct {
        int number;
        ZpciError code;
        const char *says;
    } cases[] = {
        { EBUSY, ZPCI_ERROR_IN_USE, "by writing 0 to its sriov_numvfs" },
        { EACCES, ZPCI_ERROR_NO_PERMISSION, "connect to a virtzpcid that runs as root" },
        { ENODEV, ZPCI_ERROR_NOT_FOUND, "no longer has the function 0x0000000c" },
        { EIO, ZPCI_ERROR_UNREADABLE, "The machine refuses to switch the function 0x0000000c" },
    };
    g_autoptr(LiveHost) live = begin();
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        kernel.error_number = cases[i].number;
        g_assert_false(slot_power_off(live->host, &kernel.address, &error));
        expect_error(&error, cases[i].code, cases[i].says);
        g_assert_false(slot_power_on(live->host, FID, 0, &error));
        expect_error(&error, cases[i].code, cases[i].says);
    }
    g_string_truncate(kernel.written, 0);
    expect_written("");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slot-power/off-and-on", test_off_and_on);
    g_test_add_func("/slot-power/function-that-linux-does-not-show",
                    test_function_that_linux_does_not_show);
    g_test_add_func("/slot-power/refusals-say-what-to-do", test_refusals_say_what_to_do);
    return g_test_run();
}
