/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-address-claim.h"
#include "zpci-address-request.h"

/** zpci_address_request_copy: (transfer full): another one that asks for the same. */
ZpciAddressRequest *zpci_address_request_copy(const ZpciAddressRequest *request);

/** zpci_address_request_get_claim: its values; they belong to @request. */
const ZpciAddressClaim *zpci_address_request_get_claim(const ZpciAddressRequest *request);

/**
 * zpci_address_request_take_claim:
 * @claim: what zpci_address_set_give() has made of its values; its note is taken over
 */
void zpci_address_request_take_claim(ZpciAddressRequest *request, const ZpciAddressClaim *claim);
