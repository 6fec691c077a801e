/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-libvirt.h"

#include <libvirt/libvirt.h>

#include "expect.h"

/* Of libvirt 10.1, which headers of older releases do not have. */
#define PERSISTENT (1U << 28)
#define TRANSIENT (1U << 29)

static void
expect_capabilities(guint flags, const char *expected)
{
    g_autofree const char **names = zpci_libvirt_get_capabilities(flags);

    g_assert_nonnull(names);
    expect_strings(names, expected);
}

static void
test_each_flag_asks_for_its_capability(void)
{
    static const struct {
        guint flag;
        const char *name;
    } cases[] = {
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM, "system" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV, "pci" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_DEV, "usb_device" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_INTERFACE, "usb" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET, "net" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_HOST, "scsi_host" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_TARGET, "scsi_target" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI, "scsi" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_STORAGE, "storage" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_FC_HOST, "fc_host" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPORTS, "vports" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_GENERIC, "scsi_generic" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_DRM, "drm" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV_TYPES, "mdev_types" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV, "mdev" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_CCW_DEV, "ccw" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_CSS_DEV, "css" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_VDPA, "vdpa" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_AP_CARD, "ap_card" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_AP_QUEUE, "ap_queue" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_AP_MATRIX, "ap_matrix" },
        { VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPD, "vpd" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_capabilities(cases[i].flag, cases[i].name);
    expect_capabilities(VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPD |
                            VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM |
                            VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET,
                        "system net vpd");
}

/* One of a release to come restricts the list to what nobody here has. */
static void
test_capability_that_is_not_known_yet(void)
{
    expect_capabilities(1U << 27, "");
    expect_capabilities(1U << 27 | VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV, "pci");
}

static void
test_flags_of_states_restrict_to_no_capability(void)
{
    static const guint flags[] = { 0, VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE,
                                   VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE, PERSISTENT, TRANSIENT };

    for (guint i = 0; i < G_N_ELEMENTS(flags); i++)
        g_assert_null(zpci_libvirt_get_capabilities(flags[i]));
}

static void
test_states_there_and_back(void)
{
    static const struct {
        guint flags;
        ZpciStates states;
    } cases[] = {
        { 0, ZPCI_STATE_ANY },
        { VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE, ZPCI_STATE_ACTIVE },
        { VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE, ZPCI_STATE_INACTIVE },
    };
    guint both = VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE | VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE;

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(zpci_libvirt_get_states(cases[i].flags), ==, cases[i].states);
        g_assert_cmpuint(zpci_libvirt_get_flags_of(cases[i].states), ==, cases[i].flags);
    }
    g_assert_cmpint(zpci_libvirt_get_states(both), ==, ZPCI_STATE_ANY);
}

static void
test_persistent_and_transient(void)
{
    g_assert_true(zpci_libvirt_accepts(0, TRUE));
    g_assert_true(zpci_libvirt_accepts(0, FALSE));
    g_assert_true(zpci_libvirt_accepts(PERSISTENT, TRUE));
    g_assert_false(zpci_libvirt_accepts(PERSISTENT, FALSE));
    g_assert_false(zpci_libvirt_accepts(TRANSIENT, TRUE));
    g_assert_true(zpci_libvirt_accepts(TRANSIENT, FALSE));
    g_assert_true(zpci_libvirt_accepts(PERSISTENT | TRANSIENT, TRUE));
    g_assert_true(zpci_libvirt_accepts(PERSISTENT | TRANSIENT, FALSE));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-libvirt/each-asks-for-its-capability",
                    test_each_flag_asks_for_its_capability);
    g_test_add_func("/zpci-libvirt/capability-that-is-not-known-yet",
                    test_capability_that_is_not_known_yet);
    g_test_add_func("/zpci-libvirt/of-states-restrict-to-no-capability",
                    test_flags_of_states_restrict_to_no_capability);
    g_test_add_func("/zpci-libvirt/states-there-and-back", test_states_there_and_back);
    g_test_add_func("/zpci-libvirt/persistent-and-transient", test_persistent_and_transient);
    return g_test_run();
}
