/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-family.h"
#include "upstream-caller.h"
#include "zpci-inventory.h"

/** zpci_inventory_get_host: the host that is read; belongs to @inventory. */
const ZpciHost *zpci_inventory_get_host(const ZpciInventory *inventory);

/** zpci_inventory_is_live: whether it is of this machine, and so can change. */
gboolean zpci_inventory_is_live(const ZpciInventory *inventory);

/** zpci_inventory_get_upstream: (nullable): the daemon behind us; belongs to @inventory. */
ZpciUpstream *zpci_inventory_get_upstream(const ZpciInventory *inventory);

/** zpci_inventory_get_caller: (nullable): who asks that daemon; belongs to @inventory. */
UpstreamCaller *zpci_inventory_get_caller(const ZpciInventory *inventory);

/** zpci_inventory_get_own_caller: the same for ourselves, whoever @inventory is for. */
UpstreamCaller *zpci_inventory_get_own_caller(const ZpciInventory *inventory);

/**
 * zpci_inventory_find_native:
 * @refusal: (inout) (transfer full) (nullable): why the daemon behind us has not answered; %NULL if
 *   there is none. It is taken over.
 *
 * Who is to answer then: we do if that daemon does not know the device, or cannot be reached, and
 * the device is one of ours.
 *
 * Returns: (nullable): the device's family; %NULL with @refusal, or %ZPCI_ERROR_NOT_FOUND, as
 *   @error.
 */
const NodeDeviceFamily *zpci_inventory_find_native(const ZpciInventory *inventory, const char *name,
                                                   GError **refusal, GError **error);
