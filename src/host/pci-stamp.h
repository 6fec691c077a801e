/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-device.h"
#include "pci-snapshot.h"
#include "zpci-host-private.h"

/* A file that was written less than so many seconds before it was looked at may be written again
 * without showing it: the times of files go forward in ticks, in some file systems of a second. */
#define PCI_STAMP_QUIET_SECONDS 2

/**
 * PciStampTimes:
 * @latest: the newest time of change of all files that were looked at, in nanoseconds
 * @digest: made of who all these are, and of all their times
 * @present: a bit for each of them that is there
 */
typedef struct {
    gint64 latest;
    guint64 digest;
    guint present;
} PciStampTimes;

/**
 * PciStamp:
 * @events: of the kernel's own sysfs: how many events there had been
 * @times: of files in its place: how they were
 *
 * The state of the world in which a function was read.
 */
typedef struct {
    char events[ZPCI_HOST_EVENTS_SIZE];
    PciStampTimes times;
} PciStamp;

/**
 * pci_stamp_begin:
 * @path: where the function is below sysfs
 * @directory: descriptor of that
 * @stamp: (out): what is to be noted before it is read
 *
 * Returns: whether anything will tell when something changes.
 */
gboolean pci_stamp_begin(const ZpciHost *host, const char *path, int directory, PciStamp *stamp);

/**
 * pci_stamp_end:
 * @begun: what pci_stamp_begin() noted before @device was read
 * @directory: descriptor of the function's directory
 * @snapshot: what @device was made of
 *
 * Returns: (transfer full) (nullable): a text for which pci_stamp_holds() as long as @device stays
 *   like this; %NULL if it can change without that.
 */
char *pci_stamp_end(const ZpciHost *host, const PciStamp *begun, int directory,
                    const PciSnapshot *snapshot, const PciDevice *device);

/** pci_stamp_holds: whether nothing is different about the function since it got @stamp. */
gboolean pci_stamp_holds(const ZpciHost *host, const PciAddress *address, const char *stamp);
