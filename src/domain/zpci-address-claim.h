/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-function.h"
#include "zpci-guest-address.h"

/**
 * ZpciAddressClaim:
 * @address: what is asked for, as far as @has_uid and @has_fid say; afterwards the result
 * @has_uid: whether @address.uid is asked for
 * @has_fid: whether @address.fid is asked for; 0 is an FID
 * @host: (nullable): the function of the host whose numbers may be mirrored; borrowed
 * @line: where the device stands in its document, for messages; 0 if it is in none
 * @note: (nullable): written on success only: a translated sentence that says why the host's
 *   numbers could not be mirrored; to be freed with g_free()
 *
 * What a #ZpciAddressRequest holds, as a plain value. Set to zeros to begin.
 */
typedef struct {
    ZpciGuestAddress address;
    gboolean has_uid;
    gboolean has_fid;
    ZpciFunction *host;
    guint line;
    char *note;
} ZpciAddressClaim;
