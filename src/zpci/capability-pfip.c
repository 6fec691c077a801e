/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "capability.h"
#include "zpci-uapi.h"

/* CLP_PFIP_NR_SEGMENTS in the kernel's asm/pci_clp.h. */
#define PFIP_SEGMENTS 4

static const CapabilityField fields[] = {
    { "size", ZPCI_UAPI_STRING_SIZE, 4, 1, CAPABILITY_NO_FACT, 0 },
    { "pfip", ZPCI_UAPI_STRING_BYTES, CAPABILITY_COUNTED, 1, CAPABILITY_NO_FACT, 0 },
};

static void
capability_pfip_collect(const ZpciCapability *capability, ZpciFacts *facts)
{
    const ZpciField *path = &capability->fields[1];
    guint64 number = 0;

    if (path->width != PFIP_SEGMENTS) {
        zpci_facts_warn(facts, g_strdup_printf(_("The function's internal path has %u segments "
                                                 "instead of %u; it is not shown."),
                                               path->width, PFIP_SEGMENTS));
        return;
    }
    for (guint i = 0; i < PFIP_SEGMENTS; i++)
        number = number << 8 | path->bytes[i];
    zpci_facts_set(facts, ZPCI_FACT_PFIP, ZPCI_SOURCE_VFIO, number);
}

const CapabilityDecoder capability_pfip = {
    .id = VFIO_CAP_ZPCI_PFIP,
    .name = "PFIP",
    .n_fields = G_N_ELEMENTS(fields),
    .fields = fields,
    .collect = capability_pfip_collect,
};
