/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-address-claim.h"
#include "zpci-address-set.h"

/**
 * zpci_address_set_give:
 * @claims: (array length=n_claims) (inout): the devices, in any order
 *
 * What zpci_address_set_assign() does, with plain values.
 */
gboolean zpci_address_set_give(ZpciAddressSet *set, ZpciAddressClaim *claims, guint n_claims,
                               ZpciAddressPolicy policy, GError **error);
