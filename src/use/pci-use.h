/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"
#include "zpci-host.h"

/**
 * PciUseKinds:
 * @PCI_USE_FUNCTIONS: it carries virtual functions
 * @PCI_USE_NET: a network interface of it is up, or belongs to a bond, bridge or team
 * @PCI_USE_BLOCK: a block device of it is mounted, swapped to, a part of another device, or open
 * @PCI_USE_VFIO: a process has it, or another function of its IOMMU group, through VFIO: a guest
 *
 * Ways in which a PCI function is in use.
 */
typedef enum {
    PCI_USE_FUNCTIONS = 1 << 0,
    PCI_USE_NET = 1 << 1,
    PCI_USE_BLOCK = 1 << 2,
    PCI_USE_VFIO = 1 << 3,
    PCI_USE_ALL = PCI_USE_FUNCTIONS | PCI_USE_NET | PCI_USE_BLOCK | PCI_USE_VFIO,
} PciUseKinds;

/**
 * pci_use_check:
 * @kinds: which ways to look for
 *
 * Looks whether the function could be taken away without harm to anybody. It opens no node of VFIO,
 * which would reset the function. Somebody may begin to use it right after the look.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE, which says who has it and what to do, if it is in use in
 *   one of @kinds; with %ZPCI_ERROR_NOT_FOUND if there is no such function, or with another code,
 *   %ZPCI_ERROR_NO_PERMISSION for a user who may not look, if it cannot be told.
 */
gboolean pci_use_check(const ZpciHost *host, const PciAddress *address, PciUseKinds kinds,
                       GError **error);
