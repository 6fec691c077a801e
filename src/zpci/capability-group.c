/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capability.h"
#include "zpci-uapi.h"

static const CapabilityField fields[] = {
    { "dasm", ZPCI_UAPI_GROUP_DASM, 8, 1, ZPCI_FACT_DASM, 0 },
    { "msi_addr", ZPCI_UAPI_GROUP_MSI_ADDR, 8, 1, ZPCI_FACT_MSI_ADDRESS, 0 },
    { "flags", ZPCI_UAPI_GROUP_FLAGS, 8, 1, ZPCI_FACT_REFRESH, ZPCI_UAPI_GROUP_FLAG_REFRESH },
    { "mui", ZPCI_UAPI_GROUP_MUI, 2, 1, ZPCI_FACT_MUI, 0 },
    { "noi", ZPCI_UAPI_GROUP_NOI, 2, 1, ZPCI_FACT_NOI, 0 },
    { "maxstbl", ZPCI_UAPI_GROUP_MAXSTBL, 2, 1, ZPCI_FACT_MAXSTBL, 0 },
    { "version", ZPCI_UAPI_GROUP_VERSION, 1, 1, ZPCI_FACT_GROUP_VERSION, 0 },
    { "imaxstbl", ZPCI_UAPI_GROUP_IMAXSTBL, 2, 2, ZPCI_FACT_IMAXSTBL, 0 },
};

const CapabilityDecoder capability_group = {
    .id = VFIO_CAP_ZPCI_GROUP,
    .name = "GROUP",
    .n_fields = G_N_ELEMENTS(fields),
    .fields = fields,
};
