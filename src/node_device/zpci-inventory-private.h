/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-inventory.h"

/** zpci_inventory_get_host: the host that is read; belongs to @inventory. */
const ZpciHost *zpci_inventory_get_host(const ZpciInventory *inventory);

/** zpci_inventory_is_live: whether it is of this machine, and so can change. */
gboolean zpci_inventory_is_live(const ZpciInventory *inventory);
