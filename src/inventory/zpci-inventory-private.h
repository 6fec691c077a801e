/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"
#include "zpci-inventory.h"

/** zpci_inventory_get_host: the host that is read; belongs to @inventory. */
const ZpciHost *zpci_inventory_get_host(const ZpciInventory *inventory);

/** zpci_inventory_is_live: whether it is of this machine, and so can change. */
gboolean zpci_inventory_is_live(const ZpciInventory *inventory);

/**
 * zpci_inventory_prefer:
 * @source: (transfer full)
 *
 * Asks @source before the host itself, instead of another one for which this was called earlier.
 */
void zpci_inventory_prefer(ZpciInventory *inventory, NodeDeviceSource *source);

/**
 * zpci_inventory_get_sources:
 *
 * Returns: (element-type NodeDeviceSource): who is asked, one after the other; the last is the host
 *   itself.
 */
const GPtrArray *zpci_inventory_get_sources(const ZpciInventory *inventory);

/** zpci_inventory_get_base_sources: the same for ourselves, whoever @inventory is for. */
const GPtrArray *zpci_inventory_get_base_sources(const ZpciInventory *inventory);

/** zpci_inventory_get_own_source: the host itself; belongs to @inventory. */
NodeDeviceSource *zpci_inventory_get_own_source(const ZpciInventory *inventory);
