/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-fact.h"

#include <inttypes.h>

#include "zpci-fact-private.h"

/* How facts are shown. The order within an element is the order of its attributes in XML. */
static const ZpciFact shown[] = {
    ZPCI_FACT_UID,         ZPCI_FACT_FID,      ZPCI_FACT_PFGID,         ZPCI_FACT_PCHID,
    ZPCI_FACT_VFN,         ZPCI_FACT_PFT,      ZPCI_FACT_PORT,          ZPCI_FACT_UID_UNIQUE,
    ZPCI_FACT_DMA_START,   ZPCI_FACT_DMA_END,  ZPCI_FACT_GROUP_VERSION, ZPCI_FACT_DASM,
    ZPCI_FACT_MSI_ADDRESS, ZPCI_FACT_REFRESH,  ZPCI_FACT_MUI,           ZPCI_FACT_NOI,
    ZPCI_FACT_MAXSTBL,     ZPCI_FACT_IMAXSTBL, ZPCI_FACT_PFIP,          ZPCI_FACT_HANDLE,
    ZPCI_FACT_FMB_LENGTH,  ZPCI_FACT_MIO,      ZPCI_FACT_FIDPARM,
};
G_STATIC_ASSERT(G_N_ELEMENTS(shown) == ZPCI_N_FACTS);

static const ZpciFactInfo facts[ZPCI_N_FACTS] = {
    [ZPCI_FACT_UID] = { "", "uid", ZPCI_FACT_KIND_IDENTITY, 2, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_FID] = { "", "fid", ZPCI_FACT_KIND_IDENTITY, 4, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PFGID] = { "", "pfgid", ZPCI_FACT_KIND_FUNCTION, 1, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PCHID] = { "function", "pchid", ZPCI_FACT_KIND_FUNCTION, 2, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_VFN] = { "function", "vfn", ZPCI_FACT_KIND_FUNCTION, 2, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PFT] = { "function", "pft", ZPCI_FACT_KIND_FUNCTION, 1, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_PORT] = { "function", "port", ZPCI_FACT_KIND_IDENTITY, 1, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_UID_UNIQUE] = { "function", "uidUnique", ZPCI_FACT_KIND_IDENTITY, 1,
                               ZPCI_FORMAT_YES_NO },
    [ZPCI_FACT_DMA_START] = { "dma", "start", ZPCI_FACT_KIND_FUNCTION, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_DMA_END] = { "dma", "end", ZPCI_FACT_KIND_FUNCTION, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_GROUP_VERSION] = { "group", "version", ZPCI_FACT_KIND_GROUP, 1,
                                  ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_DASM] = { "group", "dasm", ZPCI_FACT_KIND_GROUP, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_MSI_ADDRESS] = { "group", "msiAddress", ZPCI_FACT_KIND_GROUP, 8, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_REFRESH] = { "group", "refresh", ZPCI_FACT_KIND_GROUP, 1, ZPCI_FORMAT_YES_NO },
    [ZPCI_FACT_MUI] = { "group", "mui", ZPCI_FACT_KIND_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_NOI] = { "group", "noi", ZPCI_FACT_KIND_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_MAXSTBL] = { "group", "maxstbl", ZPCI_FACT_KIND_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_IMAXSTBL] = { "group", "imaxstbl", ZPCI_FACT_KIND_GROUP, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_PFIP] = { "pfip", "", ZPCI_FACT_KIND_FUNCTION, 4, ZPCI_FORMAT_PATH },
    [ZPCI_FACT_HANDLE] = { NULL, "handle", ZPCI_FACT_KIND_FUNCTION, 4, ZPCI_FORMAT_HEX },
    [ZPCI_FACT_FMB_LENGTH] = { NULL, "fmbLength", ZPCI_FACT_KIND_FUNCTION, 2, ZPCI_FORMAT_DECIMAL },
    [ZPCI_FACT_MIO] = { NULL, "mio", ZPCI_FACT_KIND_FUNCTION, 1, ZPCI_FORMAT_YES_NO },
    [ZPCI_FACT_FIDPARM] = { NULL, "fidparm", ZPCI_FACT_KIND_FUNCTION, 1, ZPCI_FORMAT_HEX },
};

const ZpciFact *
zpci_fact_list(guint *n_facts)
{
    *n_facts = G_N_ELEMENTS(shown);
    return shown;
}

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
