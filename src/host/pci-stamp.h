/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-device.h"
#include "pci-snapshot.h"
#include "zpci-host.h"

/* A file that was written less than so many seconds before it was looked at may be written again
 * without showing it: the times of files go forward in ticks, in some file systems of a second. */
#define PCI_STAMP_QUIET_SECONDS 2

/**
 * pci_stamp_begin:
 *
 * What to note before a function is read.
 *
 * Returns: (transfer full) (nullable): %NULL if nothing would tell when something changes.
 */
char *pci_stamp_begin(const ZpciHost *host, const PciAddress *address);

/**
 * pci_stamp_end:
 * @begun: what pci_stamp_begin() said before @device was read
 * @directory: descriptor of the function's directory
 * @snapshot: what @device was made of
 *
 * Returns: (transfer full) (nullable): what pci_stamp_read() says as long as @device stays like
 *   this; %NULL if it can change without that.
 */
char *pci_stamp_end(const ZpciHost *host, const char *begun, int directory,
                    const PciSnapshot *snapshot, const PciDevice *device);

/**
 * pci_stamp_read:
 *
 * Returns: (transfer full) (nullable): a text that is another one as soon as anything is different
 *   about the function; %NULL if nothing tells of changes.
 */
char *pci_stamp_read(const ZpciHost *host, const PciAddress *address);
