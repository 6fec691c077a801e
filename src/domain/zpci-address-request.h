/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"
#include "zpci-function.h"

G_BEGIN_DECLS

/**
 * ZpciAddressRequest:
 *
 * One device that needs an address in a guest: what is asked for, and, when
 * zpci_address_set_assign() or what calls it has succeeded, what it got.
 */
typedef struct _ZpciAddressRequest ZpciAddressRequest;

#define ZPCI_TYPE_ADDRESS_REQUEST (zpci_address_request_get_type())

/**
 * zpci_address_request_get_type:
 *
 * Returns: the boxed type of #ZpciAddressRequest, for language bindings.
 */
ZPCI_EXPORT GType zpci_address_request_get_type(void);

/**
 * zpci_address_request_new:
 *
 * Returns: (transfer full): one that asks for nothing in particular.
 */
ZPCI_EXPORT ZpciAddressRequest *zpci_address_request_new(void);

/**
 * zpci_address_request_ref:
 *
 * Returns: (transfer full): @request with one more reference.
 */
ZPCI_EXPORT ZpciAddressRequest *zpci_address_request_ref(ZpciAddressRequest *request);

/**
 * zpci_address_request_unref:
 * @request: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_address_request_unref(ZpciAddressRequest *request);

/**
 * zpci_address_request_set_uid:
 * @uid: from %ZPCI_GUEST_UID_MIN
 *
 * Asks for this UID, and takes no other.
 */
ZPCI_EXPORT void zpci_address_request_set_uid(ZpciAddressRequest *request, guint16 uid);

/**
 * zpci_address_request_set_fid:
 *
 * Asks for this FID, of which 0 is one, and takes no other.
 */
ZPCI_EXPORT void zpci_address_request_set_fid(ZpciAddressRequest *request, guint32 fid);

/**
 * zpci_address_request_set_host:
 * @host: (nullable): the function of the host whose numbers may be mirrored; %NULL for none
 */
ZPCI_EXPORT void zpci_address_request_set_host(ZpciAddressRequest *request, ZpciFunction *host);

/**
 * zpci_address_request_set_line:
 * @line: where the device stands in its document, for messages; 0 if it is in none
 */
ZPCI_EXPORT void zpci_address_request_set_line(ZpciAddressRequest *request, guint line);

/**
 * zpci_address_request_get_uid:
 * @uid: (out) (optional): written if there is one
 *
 * Returns: whether a UID has been asked for or assigned.
 */
ZPCI_EXPORT gboolean zpci_address_request_get_uid(const ZpciAddressRequest *request, guint16 *uid);

/**
 * zpci_address_request_get_fid:
 * @fid: (out) (optional): written if there is one
 *
 * Returns: whether an FID has been asked for or assigned.
 */
ZPCI_EXPORT gboolean zpci_address_request_get_fid(const ZpciAddressRequest *request, guint32 *fid);

/**
 * zpci_address_request_get_note:
 *
 * Returns: (transfer none) (nullable): a translated sentence that says why the host's numbers could
 *   not be mirrored, valid until numbers are assigned again; %NULL if there is nothing to say.
 */
ZPCI_EXPORT const char *zpci_address_request_get_note(const ZpciAddressRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciAddressRequest, zpci_address_request_unref)

G_END_DECLS
