/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-address-request.h"
#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZpciAddressPolicy:
 * @ZPCI_ADDRESS_POLICY_MIRROR: the UID and the FID of the host, if the host's UID is unique and the
 *   numbers are free, else the first free ones: network interfaces of a Linux guest are named after
 *   the UID, so it should stay
 * @ZPCI_ADDRESS_POLICY_FIRST_FREE: the first free ones
 *
 * How numbers are chosen that nobody asked for.
 */
typedef enum {
    ZPCI_ADDRESS_POLICY_MIRROR = 0,
    ZPCI_ADDRESS_POLICY_FIRST_FREE = 1,
} ZpciAddressPolicy;

/**
 * ZpciAddressSet:
 *
 * All UIDs and all FIDs that the devices of one domain have.
 */
typedef struct _ZpciAddressSet ZpciAddressSet;

#define ZPCI_TYPE_ADDRESS_SET (zpci_address_set_get_type())

/**
 * zpci_address_set_get_type:
 *
 * Returns: the boxed type of #ZpciAddressSet, for language bindings.
 */
ZPCI_EXPORT GType zpci_address_set_get_type(void);

/**
 * zpci_address_set_new:
 *
 * Returns: (transfer full): an empty set.
 */
ZPCI_EXPORT ZpciAddressSet *zpci_address_set_new(void);

/**
 * zpci_address_set_free:
 * @set: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_address_set_free(ZpciAddressSet *set);

/**
 * zpci_address_set_find_uid:
 * @line: (out) (optional): the line of the device that has it, 0 if it is not known; written if it
 *   is found
 *
 * Returns: whether a device has @uid.
 */
ZPCI_EXPORT gboolean zpci_address_set_find_uid(const ZpciAddressSet *set, guint16 uid, guint *line);

/**
 * zpci_address_set_find_fid:
 * @line: (out) (optional): as for zpci_address_set_find_uid()
 *
 * Returns: whether a device has @fid.
 */
ZPCI_EXPORT gboolean zpci_address_set_find_fid(const ZpciAddressSet *set, guint32 fid, guint *line);

/**
 * zpci_address_set_add_uid:
 * @line: where the device stands that has it; 0 if it is not known
 *
 * Returns: whether @uid was free; now it is taken in any case.
 */
ZPCI_EXPORT gboolean zpci_address_set_add_uid(ZpciAddressSet *set, guint16 uid, guint line);

/**
 * zpci_address_set_add_fid:
 * @line: as for zpci_address_set_add_uid()
 *
 * Returns: whether @fid was free; now it is taken in any case.
 */
ZPCI_EXPORT gboolean zpci_address_set_add_fid(ZpciAddressSet *set, guint32 fid, guint line);

/**
 * zpci_address_set_assign:
 * @requests: (element-type ZpciAddressRequest): the devices, in any order; they get what is
 * assigned
 *
 * Gives each device its UID and its FID: first those that are asked for, then those that @policy
 * takes from the host, then the first free ones in the order of @requests. So a number that is
 * chosen is never one that another device asks for, wherever that device stands.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if a number that is asked for is taken, in @set or in
 *   @requests, or if no UID is left; with %ZPCI_ERROR_INVALID_ARGUMENT if UID 0 is asked for. Then
 *   neither @set nor @requests is changed.
 */
ZPCI_EXPORT gboolean zpci_address_set_assign(ZpciAddressSet *set, GPtrArray *requests,
                                             ZpciAddressPolicy policy, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciAddressSet, zpci_address_set_free)

G_END_DECLS
