/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capability.h"
#include "zpci-uapi.h"

static const CapabilityField fields[] = {
    { "start_dma", ZPCI_UAPI_BASE_START_DMA, 8, 1, ZPCI_FACT_DMA_START, 0 },
    { "end_dma", ZPCI_UAPI_BASE_END_DMA, 8, 1, ZPCI_FACT_DMA_END, 0 },
    { "pchid", ZPCI_UAPI_BASE_PCHID, 2, 1, ZPCI_FACT_PCHID, 0 },
    { "vfn", ZPCI_UAPI_BASE_VFN, 2, 1, ZPCI_FACT_VFN, 0 },
    { "fmb_length", ZPCI_UAPI_BASE_FMB_LENGTH, 2, 1, ZPCI_FACT_FMB_LENGTH, 0 },
    { "pft", ZPCI_UAPI_BASE_PFT, 1, 1, ZPCI_FACT_PFT, 0 },
    { "gid", ZPCI_UAPI_BASE_GID, 1, 1, ZPCI_FACT_PFGID, 0 },
    { "fh", ZPCI_UAPI_BASE_FH, 4, 2, ZPCI_FACT_HANDLE, 0 },
    { "ccdf_err_length", ZPCI_UAPI_BASE_CCDF_ERR_LENGTH, 4, 3, CAPABILITY_NO_FACT, 0 },
};

const CapabilityDecoder capability_base = {
    .id = VFIO_CAP_ZPCI_BASE,
    .name = "BASE",
    .n_fields = G_N_ELEMENTS(fields),
    .fields = fields,
};
