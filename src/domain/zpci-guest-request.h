/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-address-claim.h"
#include "zpci-guest-device.h"

/**
 * zpci_guest_request_list:
 *
 * Returns: (transfer full) (element-type ZpciGuestDevice): the devices of @document whose address
 * is one of zPCI, or becomes one, in their order.
 */
GArray *zpci_guest_request_list(const xmlDoc *document);

/**
 * zpci_guest_request_read:
 * @request: (out): set to zeros; what the device asks for
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_DOCUMENT if a number cannot be read.
 */
gboolean zpci_guest_request_read(const ZpciGuestDevice *device, ZpciAddressClaim *request,
                                 GError **error);

/**
 * zpci_guest_request_read_each:
 * @devices: (element-type ZpciGuestDevice)
 * @requests: (out) (array): set to zeros; as many as there are @devices
 *
 * Returns: as zpci_guest_request_read().
 */
gboolean zpci_guest_request_read_each(const GArray *devices, ZpciAddressClaim *requests,
                                      GError **error);

/**
 * zpci_guest_request_keep:
 * @devices: (element-type ZpciGuestDevice): those that are in the domain already
 * @requests: (inout) (array): what each of them asks for
 * @added: (array length=n_added): what comes to the domain
 *
 * Linux names network interfaces after the UID. So those devices that may be one ask from now on
 * for what libvirt gives them as long as nothing is added, unless one that is added asks for the
 * same number.
 *
 * Returns: (transfer full) (array): for each of @devices the UID that it would have kept; 0 for one
 * that asks for its own, or does not mind.
 */
guint16 *zpci_guest_request_keep(const GArray *devices, ZpciAddressClaim *requests,
                                 const ZpciAddressClaim *added, guint n_added);

/**
 * zpci_guest_request_note:
 * @kept: what zpci_guest_request_keep() has returned
 * @requests: (array): as they have been assigned
 * @added: (inout) (array length=n_added): the same
 *
 * Adds a note to each of @added that has taken the UID of another device.
 */
void zpci_guest_request_note(const GArray *devices, const guint16 *kept,
                             const ZpciAddressClaim *requests, ZpciAddressClaim *added,
                             guint n_added);
