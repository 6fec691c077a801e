/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-host.h"
#include "zpci-row.h"

/**
 * zpci_holder_reading_fill:
 * @rows: (element-type ZpciRow): with all their other parts
 *
 * Finds out who uses the functions. All processes and mounted file systems are looked at once, for
 * all rows. It opens no node. A file system that is mounted in another container only is not seen.
 */
void zpci_holder_reading_fill(const ZpciHost *host, GPtrArray *rows);
