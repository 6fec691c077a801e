/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-reading.h"

#include <glib/gi18n-lib.h>

#include "names.h"
#include "sysfs.h"
#include "zpci-attribute.h"
#include "zpci-chain-private.h"
#include "zpci-error.h"
#include "zpci-function-private.h"
#include "zpci-host-private.h"

static void
zpci_reading_read_attribute(int directory, const ZpciAttribute *attribute, ZpciFacts *facts)
{
    char texts[ZPCI_ATTRIBUTE_MAX_FILES][SYSFS_ATTRIBUTE_MAX + 1];
    const char *pointers[ZPCI_ATTRIBUTE_MAX_FILES];

    for (guint i = 0; attribute->names[i] != NULL; i++) {
        g_autoptr(GError) problem = NULL;
        SysfsResult result = sysfs_read_text(directory, attribute->names[i], texts[i], &problem);

        if (result == SYSFS_UNREADABLE)
            zpci_facts_set_reason(facts, attribute->fact, g_strdup(problem->message));
        if (result != SYSFS_READ)
            return;
        pointers[i] = texts[i];
    }
    zpci_attribute_parse(attribute, pointers, facts);
}

static void
zpci_reading_read_util(int directory, ZpciFacts *facts)
{
    guint8 util[ZPCI_UTIL_SIZE];
    g_autoptr(GError) problem = NULL;
    gsize length;

    switch (sysfs_read_bytes(directory, NAME_UTIL_STRING, util, sizeof util, &length, &problem)) {
    case SYSFS_READ:
        zpci_facts_set_util(facts, ZPCI_SOURCE_SYSFS, util, length);
        break;
    case SYSFS_UNREADABLE:
        zpci_facts_warn(facts, g_strdup(problem->message));
        break;
    case SYSFS_ABSENT:
    default:
        break;
    }
}

static void
zpci_reading_read_sysfs(int directory, ZpciFacts *facts)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    for (guint i = 0; i < count; i++)
        zpci_reading_read_attribute(directory, &attributes[i], facts);
    zpci_reading_read_util(directory, facts);
}

static void
zpci_reading_read_chain(const ZpciHost *host, const char *address, ZpciFacts *facts)
{
    const Capture *capture = zpci_host_get_capture(host);
    g_autoptr(GByteArray) reply = NULL;
    g_autoptr(ZpciChain) chain = NULL;
    g_autoptr(GError) problem = NULL;

    if (capture == NULL)
        return;
    if (capture_read_chain(capture, address, &reply, &problem) && reply != NULL)
        chain = zpci_chain_decode(reply->data, reply->len, capture->byte_order, &problem);
    if (chain != NULL)
        zpci_chain_collect(chain, facts);
    else if (problem != NULL)
        zpci_facts_warn(
            facts, g_strdup_printf(_("The capability chain of %s is damaged and is not used: %s"),
                                   address, problem->message));
}

ZpciFunction *
zpci_reading_read(const ZpciHost *host, int directory, const char *address)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_auto(ZpciFacts) chain_facts = { 0 };

    zpci_reading_read_sysfs(directory, &facts);
    if (facts.sources[ZPCI_FACT_FID] == ZPCI_SOURCE_NONE && facts.reasons[ZPCI_FACT_FID] == NULL)
        return NULL;
    zpci_reading_read_chain(host, address, &chain_facts);
    zpci_facts_merge(&facts, &chain_facts);
    return zpci_function_new(&facts);
}
