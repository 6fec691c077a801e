/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-config.h"
#include "pci-vpd.h"
#include "zpci-facts.h"

/**
 * PciLife:
 * @device: the file system that the function's directory is in
 * @inode: its inode
 * @changed: when its entries changed last, in nanoseconds; 0 in the kernel's own sysfs
 *
 * Tells apart the functions that one address has had. The kernel gives a node of sysfs a number
 * that no other one has had: __kernfs_new_node() in fs/kernfs/dir.c. Other file systems do not.
 */
typedef struct {
    guint64 device;
    guint64 inode;
    gint64 changed;
} PciLife;

/**
 * PciSnapshotParts:
 * @PCI_SNAPSHOT_DEVICE: what every PCI function has
 * @PCI_SNAPSHOT_FACTS: what the attributes of a zPCI function say
 * @PCI_SNAPSHOT_ALL: both
 *
 * What is read together. Vital Product Data can take a tenth of a second, so who wants facts only
 * does not read it.
 */
typedef enum {
    PCI_SNAPSHOT_DEVICE = 1 << 0,
    PCI_SNAPSHOT_FACTS = 1 << 1,
    PCI_SNAPSHOT_ALL = PCI_SNAPSHOT_DEVICE | PCI_SNAPSHOT_FACTS,
} PciSnapshotParts;

/**
 * PciSnapshot:
 * @life: whose it is
 * @parts: those that were read without a failure, so that there is no reason to try again
 * @vendor: vendor ID
 * @product: device ID
 * @class_code: 24 bits, or %PCI_DEVICE_UNKNOWN
 * @config: what configuration space says, the link status as it was then; all zero if we may not
 * read it
 * @vpd: (nullable): its Vital Product Data, if it has any and it is good
 * @facts: (nullable): what the attributes of a zPCI function say, but for those that change; %NULL
 * if it is none
 *
 * What stays as it is as long as a PCI function exists. Immutable, so that threads share it.
 */
typedef struct {
    gatomicrefcount references;
    PciLife life;
    PciSnapshotParts parts;
    guint16 vendor;
    guint16 product;
    gint32 class_code;
    PciConfig config;
    PciVpd *vpd;
    ZpciFacts *facts;
} PciSnapshot;

/** pci_snapshot_life_equal: whether it is one function. */
gboolean pci_snapshot_life_equal(const PciLife *one, const PciLife *other);

/** pci_snapshot_copy: (transfer full): a new one with the parts of @known; it may be %NULL. */
PciSnapshot *pci_snapshot_copy(const PciSnapshot *known);

/** pci_snapshot_ref: (transfer full): @snapshot once more. */
PciSnapshot *pci_snapshot_ref(PciSnapshot *snapshot);

/** pci_snapshot_unref: @snapshot may be %NULL. */
void pci_snapshot_unref(PciSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PciSnapshot, pci_snapshot_unref)
