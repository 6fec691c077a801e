/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"
#include "zpci-host.h"

/* What a slot's attribute "power" says, and what is written to it. */
#define PCI_SLOT_POWER_OFF "0"
#define PCI_SLOT_POWER_ON "1"

/**
 * PciSlotState:
 * @PCI_SLOT_ABSENT: the machine does not give this host a function of this ID
 * @PCI_SLOT_STANDBY: it does, but the host has to switch it on first
 * @PCI_SLOT_CONFIGURED: it is switched on
 *
 * On s390x each function has a slot of its own, which is named for its function ID and is there in
 * standby too; drivers/pci/hotplug/s390_pci_hpc.c. The slot's own attribute "address" is no way to
 * a function: several functions of one adapter share what pciutils take it for. Only function_id
 * tells which function belongs to a slot.
 */
typedef enum {
    PCI_SLOT_ABSENT,
    PCI_SLOT_STANDBY,
    PCI_SLOT_CONFIGURED,
} PciSlotState;

/**
 * pci_slot_parse_name:
 * @fid: (out): written on success only
 *
 * Returns: whether @name is how the slot of a zPCI function is named: 8 lower-case hexadecimal
 *   digits. Other machines name their slots freely, by a number or a label.
 */
gboolean pci_slot_parse_name(const char *name, guint32 *fid);

/** pci_slot_get_state: by the slot's power; a slot that cannot be read is none. */
PciSlotState pci_slot_get_state(const ZpciHost *host, guint32 fid);

/** pci_slot_get_path: (transfer full): the slot's directory below sysfs, "bus/pci/slots/...". */
char *pci_slot_get_path(guint32 fid);

/** pci_slot_get_power_path: (transfer full): its attribute "power", likewise. */
char *pci_slot_get_power_path(guint32 fid);

/**
 * pci_slot_list_standby:
 *
 * Returns: (transfer full) (element-type guint32): the function IDs of all functions in standby, in
 *   rising order; %NULL with @error set. A host without slots has none.
 */
GArray *pci_slot_list_standby(const ZpciHost *host, GError **error);

/**
 * pci_slot_get_fid:
 * @fid: (out): the function ID of the PCI function @address; written on success only
 *
 * Returns: %FALSE, without an error, if it is no zPCI function.
 */
gboolean pci_slot_get_fid(const ZpciHost *host, const PciAddress *address, guint32 *fid);
