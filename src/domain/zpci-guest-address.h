/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/* What a guest may be given: libvirt's domain format, "The zpci element", and QEMU's zpci device.
 * UID 0 means "not set" to both, so it cannot be asked for; FID has no such value. */
#define ZPCI_GUEST_UID_MIN 1
#define ZPCI_GUEST_UID_MAX 0xffff
#define ZPCI_GUEST_FID_MAX 0xffffffff

/**
 * ZpciGuestAddress:
 * @uid: user-defined ID in the guest
 * @fid: function ID in the guest
 *
 * The `<zpci uid= fid=>` of a guest's PCI address.
 */
typedef struct {
    guint16 uid;
    guint32 fid;
} ZpciGuestAddress;

/**
 * zpci_guest_address_parse:
 * @uid: the text of its attribute
 * @fid: the text of its attribute
 * @address: (out): written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_DOCUMENT that names the attribute, what it holds and
 * what may stand there.
 */
ZPCI_EXPORT gboolean zpci_guest_address_parse(const char *uid, const char *fid,
                                              ZpciGuestAddress *address, GError **error);

G_END_DECLS
