/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-address-request.h"
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
 * ZpciHostdevIommufd:
 * @ZPCI_HOSTDEV_IOMMUFD_AS_DOMAIN: as the domain says by its element iommufd; without one, not
 * @ZPCI_HOSTDEV_IOMMUFD_YES: it is
 * @ZPCI_HOSTDEV_IOMMUFD_NO: it is not, whatever the domain says
 *
 * Whether a function is passed through an iommufd and a node of its own, in place of the node of
 * its IOMMU group.
 */
typedef enum {
    ZPCI_HOSTDEV_IOMMUFD_AS_DOMAIN = 0,
    ZPCI_HOSTDEV_IOMMUFD_YES = 1,
    ZPCI_HOSTDEV_IOMMUFD_NO = 2,
} ZpciHostdevIommufd;

/**
 * ZpciHostdev:
 *
 * A function of the host that a guest shall have.
 */
typedef struct _ZpciHostdev ZpciHostdev;

#define ZPCI_TYPE_HOSTDEV (zpci_hostdev_get_type())

/**
 * zpci_hostdev_get_type:
 *
 * Returns: the boxed type of #ZpciHostdev, for language bindings.
 */
ZPCI_EXPORT GType zpci_hostdev_get_type(void);

/**
 * zpci_hostdev_new:
 * @source: (nullable): the function's PCI address on the host, "0005:00:00.0"; %NULL if it is set
 *   later
 *
 * Returns: (transfer full): a plain one that libvirt manages, and of which the guest sees the ROM.
 */
ZPCI_EXPORT ZpciHostdev *zpci_hostdev_new(const char *source);

/**
 * zpci_hostdev_copy:
 *
 * Returns: (transfer full): one that is the same, and shares nothing with @hostdev.
 */
ZPCI_EXPORT ZpciHostdev *zpci_hostdev_copy(const ZpciHostdev *hostdev);

/**
 * zpci_hostdev_ref:
 *
 * Returns: (transfer full): @hostdev with one more reference.
 */
ZPCI_EXPORT ZpciHostdev *zpci_hostdev_ref(ZpciHostdev *hostdev);

/**
 * zpci_hostdev_unref:
 * @hostdev: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_hostdev_unref(ZpciHostdev *hostdev);

/**
 * zpci_hostdev_set_kind:
 * @kind: which element it becomes
 */
ZPCI_EXPORT void zpci_hostdev_set_kind(ZpciHostdev *hostdev, ZpciHostdevKind kind);

/**
 * zpci_hostdev_set_source:
 * @source: the function's PCI address on the host, "0005:00:00.0"
 */
ZPCI_EXPORT void zpci_hostdev_set_source(ZpciHostdev *hostdev, const char *source);

/**
 * zpci_hostdev_get_request:
 *
 * Returns: (transfer none): what it asks for, and what it gets, as UID and FID in the guest.
 */
ZPCI_EXPORT ZpciAddressRequest *zpci_hostdev_get_request(const ZpciHostdev *hostdev);

/**
 * zpci_hostdev_set_managed:
 * @managed: whether libvirt binds the function to its driver and back
 */
ZPCI_EXPORT void zpci_hostdev_set_managed(ZpciHostdev *hostdev, gboolean managed);

/**
 * zpci_hostdev_set_driver:
 * @driver: (nullable): the name of the driver that passes it, "vfio"; %NULL leaves it to libvirt
 */
ZPCI_EXPORT void zpci_hostdev_set_driver(ZpciHostdev *hostdev, const char *driver);

/**
 * zpci_hostdev_set_model:
 * @model: (nullable): the kernel's driver, such as "mlx5_vfio_pci"; needs a driver, and libvirt 10
 */
ZPCI_EXPORT void zpci_hostdev_set_model(ZpciHostdev *hostdev, const char *model);

/**
 * zpci_hostdev_set_iommufd:
 * @iommufd: anything but %ZPCI_HOSTDEV_IOMMUFD_AS_DOMAIN needs libvirt 12.1
 */
ZPCI_EXPORT void zpci_hostdev_set_iommufd(ZpciHostdev *hostdev, ZpciHostdevIommufd iommufd);

/**
 * zpci_hostdev_set_rom:
 * @shown: whether the guest sees its ROM
 */
ZPCI_EXPORT void zpci_hostdev_set_rom(ZpciHostdev *hostdev, gboolean shown);

/**
 * zpci_hostdev_set_alias:
 * @alias: (nullable): its name in the guest's configuration; begins with "ua-"
 */
ZPCI_EXPORT void zpci_hostdev_set_alias(ZpciHostdev *hostdev, const char *alias);

/**
 * zpci_hostdev_set_boot_order:
 * @boot_order: its turn to be booted from, from 1; 0 for none
 */
ZPCI_EXPORT void zpci_hostdev_set_boot_order(ZpciHostdev *hostdev, guint boot_order);

/**
 * zpci_hostdev_set_mac:
 * @mac: (nullable): MAC address of an interface
 */
ZPCI_EXPORT void zpci_hostdev_set_mac(ZpciHostdev *hostdev, const char *mac);

/**
 * zpci_hostdev_set_vlan:
 * @vlan: VLAN of an interface, up to %ZPCI_HOSTDEV_MAX_VLAN; 0 for none
 */
ZPCI_EXPORT void zpci_hostdev_set_vlan(ZpciHostdev *hostdev, guint vlan);

/**
 * zpci_hostdev_check_options:
 * @hostdev: one whose source and request do not matter
 *
 * Tells of what a person chooses whether it can be, without a host and before numbers
 * are assigned.
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if something of it cannot be.
 */
ZPCI_EXPORT gboolean zpci_hostdev_check_options(const ZpciHostdev *hostdev, GError **error);

/**
 * zpci_hostdev_assign:
 * @hostdevs: (element-type ZpciHostdev): their requests get what is assigned
 *
 * zpci_address_set_assign() for hostdevs.
 *
 * Returns: as zpci_address_set_assign().
 */
ZPCI_EXPORT gboolean zpci_hostdev_assign(GPtrArray *hostdevs, ZpciAddressSet *set,
                                         ZpciAddressPolicy policy, GError **error);

/**
 * zpci_hostdev_format:
 * @hostdevs: (element-type ZpciHostdev): complete ones
 *
 * Writes the elements that libvirt takes for attach-device, one after the other, and validates them
 * as zpci_validation_run() does.
 *
 * Returns: (transfer full): their XML; %NULL with %ZPCI_ERROR_INVALID_ARGUMENT if something of
 *   @hostdevs cannot be, with %ZPCI_ERROR_INVALID_DOCUMENT if what comes out is not valid for the
 *   installed libvirt, or as zpci_validation_run().
 */
ZPCI_EXPORT char *zpci_hostdev_format(const GPtrArray *hostdevs, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciHostdev, zpci_hostdev_unref)

G_END_DECLS
