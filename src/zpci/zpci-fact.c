/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-fact.h"

#include <inttypes.h>

/* The order within an element is the order of its attributes in XML. */
static const ZpciFactInfo facts[ZPCI_N_FACTS] = {
    [ZPCI_FACT_UID] = { "", "uid", ZPCI_CLASS_IDENTITY, 2, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_FID] = { "", "fid", ZPCI_CLASS_IDENTITY, 4, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PFGID] = { "", "pfgid", ZPCI_CLASS_FUNCTION, 1, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PCHID] = { "function", "pchid", ZPCI_CLASS_FUNCTION, 2, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_VFN] = { "function", "vfn", ZPCI_CLASS_FUNCTION, 2, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PFT] = { "function", "pft", ZPCI_CLASS_FUNCTION, 1, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PORT] = { "function", "port", ZPCI_CLASS_IDENTITY, 1, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_UID_UNIQUE] = { "function", "uidUnique", ZPCI_CLASS_IDENTITY, 1,
                               ZPCI_FORMAT_YES_NO },
    [ZPCI_FACT_DMA_START] = { "dma", "start", ZPCI_CLASS_FUNCTION, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_DMA_END] = { "dma", "end", ZPCI_CLASS_FUNCTION, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_GROUP_VERSION] = { "group", "version", ZPCI_CLASS_GROUP, 1, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_DASM] = { "group", "dasm", ZPCI_CLASS_GROUP, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_MSI_ADDRESS] = { "group", "msiAddress", ZPCI_CLASS_GROUP, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_REFRESH] = { "group", "refresh", ZPCI_CLASS_GROUP, 1, ZPCI_FORMAT_YES_NO },
    [ZPCI_FACT_MUI] = { "group", "mui", ZPCI_CLASS_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_NOI] = { "group", "noi", ZPCI_CLASS_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_MAXSTBL] = { "group", "maxstbl", ZPCI_CLASS_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_IMAXSTBL] = { "group", "imaxstbl", ZPCI_CLASS_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_PFIP] = { "pfip", "", ZPCI_CLASS_FUNCTION, 4, ZPCI_FORMAT_PATH },
    [ZPCI_FACT_HANDLE] = { NULL, "handle", ZPCI_CLASS_FUNCTION, 4, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_FMB_LENGTH] = { NULL, "fmbLength", ZPCI_CLASS_FUNCTION, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_MIO] = { NULL, "mio", ZPCI_CLASS_FUNCTION, 1, ZPCI_FORMAT_YES_NO },
    [ZPCI_FACT_FIDPARM] = { NULL, "fidparm", ZPCI_CLASS_FUNCTION, 1, ZPCI_FORMAT_HEX },
};

const ZpciFactInfo *
zpci_fact_get_info(ZpciFact fact)
{
    return (guint)fact < ZPCI_N_FACTS ? &facts[fact] : NULL;
}

char *
zpci_fact_format(ZpciFact fact, guint64 value)
{
    const ZpciFactInfo *info = zpci_fact_get_info(fact);

    g_return_val_if_fail(info != NULL, NULL);

    switch (info->format) {
    case ZPCI_FORMAT_HEX:
        return g_strdup_printf("0x%0*" PRIx64, (int)(2 * info->width), value);
    case ZPCI_FORMAT_YES_NO:
        return g_strdup(value != 0 ? "yes" : "no");
    case ZPCI_FORMAT_PATH:
        return g_strdup_printf("%02x.%02x.%02x.%02x", (guint)(value >> 24 & 0xff),
                               (guint)(value >> 16 & 0xff), (guint)(value >> 8 & 0xff),
                               (guint)(value & 0xff));
    case ZPCI_FORMAT_DECIMAL:
    default:
        return g_strdup_printf("%" PRIu64, value);
    }
}

const char *
zpci_source_get_name(ZpciSource source)
{
    static const char *const names[] = {
        [ZPCI_SOURCE_NONE] = NULL,
        [ZPCI_SOURCE_SYSFS] = "sysfs",
        [ZPCI_SOURCE_CLP] = "clp",
        [ZPCI_SOURCE_VFIO] = "vfio",
    };

    return (guint)source < G_N_ELEMENTS(names) ? names[source] : NULL;
}

const char *
zpci_pft_get_name(guint64 pft)
{
    switch (pft) {
    case 0x00:
        return "unclassified";
    case 0x02:
        return "roce";
    case 0x05:
        return "ism";
    case 0x0a:
        return "roce2";
    case 0x0b:
        return "nvme";
    case 0x0c:
        return "networkExpressHybrid";
    case 0x0d:
        return "cnw";
    case 0x0f:
        return "networkExpressDirect";
    default:
        return NULL;
    }
}
