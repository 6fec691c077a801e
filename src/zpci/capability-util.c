/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "capability.h"
#include "zpci-uapi.h"

static const CapabilityField fields[] = {
    { "size", ZPCI_UAPI_STRING_SIZE, 4, 1, CAPABILITY_NO_FACT, 0 },
    { "util_str", ZPCI_UAPI_STRING_BYTES, CAPABILITY_COUNTED, 1, CAPABILITY_NO_FACT, 0 },
};

static void
capability_util_collect(const ZpciCapability *capability, ZpciFacts *facts)
{
    const ZpciField *text = &capability->fields[1];

    if (text->width > ZPCI_UTIL_SIZE)
        zpci_facts_warn(facts,
                        g_strdup_printf(_("The utility string has %u bytes instead of %u; the "
                                          "rest is not shown."),
                                        text->width, ZPCI_UTIL_SIZE));
    zpci_facts_set_util(facts, ZPCI_SOURCE_VFIO, text->bytes, text->width);
}

const CapabilityDecoder capability_util = {
    .id = VFIO_CAP_ZPCI_UTIL,
    .name = "UTIL",
    .n_fields = G_N_ELEMENTS(fields),
    .fields = fields,
    .collect = capability_util_collect,
};
