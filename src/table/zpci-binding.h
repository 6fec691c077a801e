/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"
#include "zpci-inventory.h"

G_BEGIN_DECLS

/**
 * ZpciBinding:
 * @address: the function's PCI address, "0005:00:00.0"
 * @driver: (nullable): the driver that it is bound to
 * @is_vfio: whether that is a driver of VFIO, one of its variants included
 * @iommu_group: the number of its IOMMU group, -1 if it is in none
 * @is_bridge: whether it is a bridge to another bus, which no guest can be given
 * @has_msix: 1 if it has MSI-X, 0 if it has not, -1 if that cannot be read
 * @members: (array zero-terminated=1): the addresses of all functions of that group
 * @physical: (nullable): the address of the physical function of which it is a virtual one
 * @virtual_functions: (array zero-terminated=1): the addresses of its virtual functions
 * @has_iommufd: 1 if the host offers iommufds, 0 if it does not, -1 if that is not known
 * @has_node: 1 if VFIO has made a node for the function alone, which an iommufd takes; 0 if it has
 *   not, though the function is bound to VFIO; -1 if that is not known, or if it is not bound
 *
 * To whom a PCI function of the host belongs now.
 */
typedef struct {
    char *address;
    char *driver;
    gboolean is_vfio;
    int iommu_group;
    gboolean is_bridge;
    int has_msix;
    char **members;
    char *physical;
    char **virtual_functions;
    int has_iommufd;
    int has_node;
} ZpciBinding;

#define ZPCI_TYPE_BINDING (zpci_binding_get_type())

/**
 * zpci_binding_get_type:
 *
 * Returns: the boxed type of #ZpciBinding, for language bindings.
 */
ZPCI_EXPORT GType zpci_binding_get_type(void);

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
 * ZpciBindingUses:
 * @ZPCI_BINDING_USE_HOST: the host uses it: a network interface that is up, a file system that is
 *   mounted, virtual functions
 * @ZPCI_BINDING_USE_GUEST: a process has it, or another function of its IOMMU group, through VFIO
 *
 * Who may have a function.
 */
typedef enum {
    ZPCI_BINDING_USE_HOST = 1 << 0,
    ZPCI_BINDING_USE_GUEST = 1 << 1,
} ZpciBindingUses;

/**
 * zpci_binding_is_free:
 * @name: the name of a node device
 * @uses: which to look for
 *
 * Looks only; opens nothing. Of a captured host it is not known, and counts as free.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE, which says who has it, if it is in use in one of @uses;
 *   with %ZPCI_ERROR_NOT_FOUND if there is no such function, or another code if it cannot be told.
 */
ZPCI_EXPORT gboolean zpci_binding_is_free(const ZpciInventory *inventory, const char *name,
                                          ZpciBindingUses uses, GError **error);

/**
 * zpci_binding_free:
 * @binding: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_binding_free(ZpciBinding *binding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciBinding, zpci_binding_free)

G_END_DECLS
