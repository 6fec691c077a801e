/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-address-set.h"
#include "zpci-export.h"

G_BEGIN_DECLS

/* The largest VLAN of a tag: IEEE 802.1Q keeps 0xfff for itself. */
#define ZPCI_HOSTDEV_MAX_VLAN 4094

/**
 * ZpciHostdevKind:
 * @ZPCI_HOSTDEV_PLAIN: `<hostdev mode='subsystem' type='pci'>`
 * @ZPCI_HOSTDEV_INTERFACE: `<interface type='hostdev'>`: libvirt sets MAC address and VLAN of a
 *   virtual function of a network card before the guest gets it
 */
typedef enum {
    ZPCI_HOSTDEV_PLAIN = 0,
    ZPCI_HOSTDEV_INTERFACE = 1,
} ZpciHostdevKind;

/**
 * ZpciHostdev:
 * @kind: which element it becomes
 * @source: the function's PCI address on the host, "0005:00:00.0"
 * @guest: its UID and FID in the guest
 * @unmanaged: whether libvirt leaves the binding to its driver alone
 * @driver: (nullable): the name of the driver that passes it, "vfio"; %NULL leaves it to libvirt
 * @model: (nullable): the kernel's driver, such as "mlx5_vfio_pci"; needs @driver, and libvirt 10
 * @rom_off: whether its ROM is hidden from the guest
 * @alias: (nullable): its name in the guest's configuration; begins with "ua-"
 * @boot_order: its turn to be booted from, from 1; 0 for none
 * @mac: (nullable): MAC address of an interface
 * @vlan: VLAN of an interface, up to %ZPCI_HOSTDEV_MAX_VLAN; 0 for none
 *
 * A function of the host that a guest shall have. Set to zeros to begin; the texts are borrowed.
 */
typedef struct {
    ZpciHostdevKind kind;
    const char *source;
    ZpciAddressRequest guest;
    gboolean unmanaged;
    const char *driver;
    const char *model;
    gboolean rom_off;
    const char *alias;
    guint boot_order;
    const char *mac;
    guint vlan;
} ZpciHostdev;

/**
 * zpci_hostdev_check_options:
 * @hostdev: of which @source and @guest do not matter
 *
 * Tells of the members that a person chooses whether they can be, without a host and before numbers
 * are assigned.
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if one cannot be.
 */
ZPCI_EXPORT gboolean zpci_hostdev_check_options(const ZpciHostdev *hostdev, GError **error);

/**
 * zpci_hostdev_assign:
 * @hostdevs: (array length=n_hostdevs) (inout): their member @guest is completed
 *
 * zpci_address_set_assign() for hostdevs.
 */
ZPCI_EXPORT gboolean zpci_hostdev_assign(ZpciHostdev *hostdevs, guint n_hostdevs,
                                         ZpciAddressSet *set, ZpciAddressPolicy policy,
                                         GError **error);

/**
 * zpci_hostdev_format:
 * @hostdevs: (array length=n_hostdevs): complete ones
 *
 * Writes the elements that libvirt takes for attach-device, one after the other, and validates them
 * as zpci_validation_run() does.
 *
 * Returns: (transfer full): their XML; %NULL with %ZPCI_ERROR_INVALID_ARGUMENT if a member of
 *   @hostdevs cannot be, with %ZPCI_ERROR_INVALID_DOCUMENT if what comes out is not valid for the
 *   installed libvirt, or as zpci_validation_run().
 */
ZPCI_EXPORT char *zpci_hostdev_format(const ZpciHostdev *hostdevs, guint n_hostdevs,
                                      GError **error);

G_END_DECLS
