/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-attribute.h"

#include <glib/gi18n-lib.h>

#include "names.h"
#include "number.h"

static const ZpciAttribute attributes[] = {
    { ZPCI_FACT_FID, { NAME_FUNCTION_ID } },
    { ZPCI_FACT_UID, { NAME_UID } },
    { ZPCI_FACT_PFGID, { NAME_PFGID } },
    { ZPCI_FACT_PCHID, { NAME_PCHID } },
    { ZPCI_FACT_VFN, { NAME_VFN } },
    { ZPCI_FACT_PFT, { NAME_PFT } },
    { ZPCI_FACT_PORT, { NAME_PORT } },
    { ZPCI_FACT_UID_UNIQUE, { NAME_UID_IS_UNIQUE }, .changes = TRUE },
    { ZPCI_FACT_HANDLE, { NAME_FUNCTION_HANDLE }, .changes = TRUE },
    { ZPCI_FACT_MIO, { NAME_MIO_ENABLED } },
    { ZPCI_FACT_FIDPARM, { NAME_FIDPARM } },
    { ZPCI_FACT_PFIP,
      { NAME_PFIP_SEGMENT "0", NAME_PFIP_SEGMENT "1", NAME_PFIP_SEGMENT "2",
        NAME_PFIP_SEGMENT "3" } },
};

const ZpciAttribute *
zpci_attribute_list(guint *count)
{
    *count = G_N_ELEMENTS(attributes);
    return attributes;
}

static guint
zpci_attribute_count_files(const ZpciAttribute *attribute)
{
    return g_strv_length((char **)attribute->names);
}

void
zpci_attribute_parse(const ZpciAttribute *attribute, const char *const *texts, ZpciFacts *facts)
{
    guint files = zpci_attribute_count_files(attribute);
    const ZpciFactInfo *info = zpci_fact_get_info(attribute->fact);
    guint bits = 8 * info->width / files;
    guint64 maximum = info->format == ZPCI_FORMAT_YES_NO ? 1 : G_MAXUINT64 >> (64 - bits);
    guint64 value = 0;

    for (guint i = 0; i < files; i++) {
        g_autoptr(GError) error = NULL;
        guint64 part;

        if (!number_parse(texts[i], maximum, &part, &error)) {
            zpci_facts_set_reason(facts, attribute->fact,
                                  g_strdup_printf(_("The attribute %s is damaged: %s"),
                                                  attribute->names[i], error->message));
            return;
        }
        value = value << bits | part;
    }
    zpci_facts_set(facts, attribute->fact, ZPCI_SOURCE_SYSFS, value);
}
