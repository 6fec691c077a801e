/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capability.h"
#include "zpci-uapi.h"

/* Which atomic completer operations the function may use; any PCI function can have it. */
static const CapabilityField fields[] = {
    { "flags", ZPCI_UAPI_ATOMIC_FLAGS, 4, 1, CAPABILITY_NO_FACT, 0 },
};

const CapabilityDecoder capability_pci_atomic = {
    .id = VFIO_CAP_PCI_ATOMIC_COMP,
    .name = "PCI_ATOMIC_COMP",
    .n_fields = G_N_ELEMENTS(fields),
    .fields = fields,
};
