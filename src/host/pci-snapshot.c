/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-snapshot.h"

gboolean
pci_snapshot_life_equal(const PciLife *one, const PciLife *other)
{
    return one->device == other->device && one->inode == other->inode &&
           one->changed == other->changed;
}

PciSnapshot *
pci_snapshot_copy(const PciSnapshot *known)
{
    PciSnapshot *snapshot = g_new0(PciSnapshot, 1);

    g_atomic_ref_count_init(&snapshot->references);
    if (known != NULL && (known->parts & PCI_SNAPSHOT_DEVICE) != 0) {
        snapshot->vendor = known->vendor;
        snapshot->product = known->product;
        snapshot->class_code = known->class_code;
        snapshot->config = known->config;
        snapshot->vpd = pci_vpd_ref(known->vpd);
        snapshot->parts |= PCI_SNAPSHOT_DEVICE;
    }
    if (known != NULL && (known->parts & PCI_SNAPSHOT_FACTS) != 0) {
        snapshot->facts = known->facts != NULL ? zpci_facts_copy(known->facts) : NULL;
        snapshot->parts |= PCI_SNAPSHOT_FACTS;
    }
    return snapshot;
}

PciSnapshot *
pci_snapshot_ref(PciSnapshot *snapshot)
{
    g_atomic_ref_count_inc(&snapshot->references);
    return snapshot;
}

void
pci_snapshot_unref(PciSnapshot *snapshot)
{
    if (snapshot == NULL || !g_atomic_ref_count_dec(&snapshot->references))
        return;
    pci_vpd_unref(snapshot->vpd);
    if (snapshot->facts != NULL)
        zpci_facts_clear(snapshot->facts);
    g_free(snapshot->facts);
    g_free(snapshot);
}
