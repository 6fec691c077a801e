/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-function.h"
#include "zpci-guest-address.h"

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
 * ZpciAddressRequest:
 * @address: what is asked for, as far as @has_uid and @has_fid say; afterwards the result
 * @has_uid: whether @address.uid is asked for
 * @has_fid: whether @address.fid is asked for; 0 is an FID
 * @host: (nullable): the function of the host whose numbers may be mirrored; borrowed
 * @line: where the device stands in its document, for messages; 0 if it is in none
 * @note: (nullable): written on success only: a translated sentence that says why the host's
 *   numbers could not be mirrored; to be freed with g_free()
 *
 * One device that needs an address. Set to zeros to begin.
 */
typedef struct {
    ZpciGuestAddress address;
    gboolean has_uid;
    gboolean has_fid;
    ZpciFunction *host;
    guint line;
    char *note;
} ZpciAddressRequest;

/**
 * ZpciAddressSet:
 *
 * All UIDs and all FIDs that the devices of one domain have.
 */
typedef struct _ZpciAddressSet ZpciAddressSet;

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
 * @requests: (array length=n_requests) (inout): the devices, in any order
 *
 * Gives each device its UID and its FID: first those that are asked for, then those that @policy
 * takes from the host, then the first free ones in the order of @requests. So a number that is
 * chosen is never one that another device asks for, wherever that device stands.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if a number that is asked for is taken, in @set or in
 *   @requests, or if no UID is left; with %ZPCI_ERROR_INVALID_ARGUMENT if UID 0 is asked for. Then
 *   neither @set nor @requests is changed.
 */
ZPCI_EXPORT gboolean zpci_address_set_assign(ZpciAddressSet *set, ZpciAddressRequest *requests,
                                             guint n_requests, ZpciAddressPolicy policy,
                                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciAddressSet, zpci_address_set_free)

G_END_DECLS
