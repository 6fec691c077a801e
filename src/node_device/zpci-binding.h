/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-inventory.h"

G_BEGIN_DECLS

/**
 * ZpciBinding:
 * @address: the function's PCI address, "0005:00:00.0"
 * @driver: (nullable): the driver that it is bound to
 * @is_vfio: whether that is a driver of VFIO, one of its variants included
 * @iommu_group: the number of its IOMMU group, -1 if it is in none
 * @members: (array zero-terminated=1): the addresses of all functions of that group
 *
 * To whom a PCI function of the host belongs now.
 */
typedef struct {
    char *address;
    char *driver;
    gboolean is_vfio;
    int iommu_group;
    char **members;
} ZpciBinding;

/**
 * zpci_binding_read:
 * @name: the name of a node device
 *
 * Looks only; opens nothing.
 *
 * Returns: (transfer full): free with zpci_binding_free(); %NULL with %ZPCI_ERROR_NOT_FOUND if
 *   there is no such device (any more), with %ZPCI_ERROR_INVALID_ARGUMENT if it is no PCI function,
 *   or with another code if it cannot be read.
 */
ZPCI_EXPORT ZpciBinding *zpci_binding_read(const ZpciInventory *inventory, const char *name,
                                           GError **error);

/**
 * zpci_binding_free:
 * @binding: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_binding_free(ZpciBinding *binding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciBinding, zpci_binding_free)

G_END_DECLS
