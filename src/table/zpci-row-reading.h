/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-inventory.h"
#include "zpci-row.h"

/**
 * zpci_row_reading_read:
 * @names: (array zero-terminated=1): of node devices
 * @parts: what to read of them
 *
 * Returns: (transfer full) (element-type ZpciRow): the zPCI functions among @names, in their order,
 *   without those that left meanwhile; %NULL with @error set if the host cannot be read.
 */
GPtrArray *zpci_row_reading_read(ZpciInventory *inventory, char **names, ZpciRowParts parts,
                                 GError **error);
