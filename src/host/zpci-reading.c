/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-reading.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "chain-source.h"
#include "clp-source.h"
#include "names.h"
#include "pci-slot.h"
#include "sysfs.h"
#include "zpci-attribute.h"
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

/* What tells functions apart in a list; the handle is there for CLP, which is asked by it. */
static gboolean
zpci_reading_is_outline(ZpciFact fact)
{
    switch (fact) {
    case ZPCI_FACT_FID:
    case ZPCI_FACT_UID:
    case ZPCI_FACT_PFGID:
    case ZPCI_FACT_PCHID:
    case ZPCI_FACT_VFN:
    case ZPCI_FACT_PFT:
    case ZPCI_FACT_PORT:
    case ZPCI_FACT_HANDLE:
        return TRUE;
    default:
        return FALSE;
    }
}

static void
zpci_reading_read_outlined(int directory, ZpciFacts *facts)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    for (guint i = 0; i < count; i++) {
        if (zpci_reading_is_outline(attributes[i].fact))
            zpci_reading_read_attribute(directory, &attributes[i], facts);
    }
}

static void
zpci_reading_read_changing(int directory, ZpciFacts *facts)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    for (guint i = 0; i < count; i++) {
        if (attributes[i].changes)
            zpci_reading_read_attribute(directory, &attributes[i], facts);
    }
}

gboolean
zpci_reading_is_zpci(const ZpciFacts *facts)
{
    return facts->sources[ZPCI_FACT_FID] != ZPCI_SOURCE_NONE ||
           facts->reasons[ZPCI_FACT_FID] != NULL;
}

gboolean
zpci_reading_read_constant(int directory, ZpciFacts *facts)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);
    gboolean complete = TRUE;

    for (guint i = 0; i < count && (i == 0 || zpci_reading_is_zpci(facts)); i++) {
        if (attributes[i].changes)
            continue;
        zpci_reading_read_attribute(directory, &attributes[i], facts);
        complete = complete && facts->reasons[attributes[i].fact] == NULL;
    }
    if (zpci_reading_is_zpci(facts))
        zpci_reading_read_util(directory, facts);
    return complete && facts->warnings == NULL;
}

/* The chain and CLP tell the same facts, so CLP is asked only where there is no chain. */
static void
zpci_reading_read_machine(const ZpciHost *host, int directory, const char *address,
                          gboolean may_open, ZpciFacts *facts)
{
    g_auto(ZpciFacts) chain = { 0 };
    g_auto(ZpciFacts) clp = { 0 };
    g_autofree char *chain_reason = NULL;
    g_autofree char *clp_reason = NULL;
    g_autofree char *both = NULL;
    gboolean has_chain;

    has_chain = chain_source_collect(host, directory, address, may_open, &chain, &chain_reason);
    /* A damaged chain tells nothing but a warning. */
    zpci_facts_merge(facts, &chain);
    if (has_chain)
        return;
    if (clp_source_collect(host, facts, &clp, &clp_reason)) {
        zpci_facts_merge(facts, &clp);
    } else if (chain_reason != NULL || clp_reason != NULL) {
        both = g_strjoin(" ", chain_reason != NULL ? chain_reason : clp_reason,
                         chain_reason != NULL ? clp_reason : NULL, NULL);
        zpci_facts_explain(facts, both);
    }
}

ZpciFunction *
zpci_reading_read(const ZpciHost *host, int directory, const char *address,
                  const ZpciFacts *constant, gboolean may_open)
{
    g_autofree ZpciFacts *facts = zpci_facts_copy(constant);

    zpci_reading_read_changing(directory, facts);
    zpci_reading_read_machine(host, directory, address, may_open, facts);
    return zpci_function_new(facts);
}

ZpciFunction *
zpci_reading_read_outline(const ZpciHost *host, int directory, const char *address)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_reading_read_outlined(directory, &facts);
    if (!zpci_reading_is_zpci(&facts))
        return NULL;
    zpci_reading_read_machine(host, directory, address, FALSE, &facts);
    return zpci_function_new(&facts);
}

/* Newer kernels tell everybody whether the machine checks UIDs, for all of its functions. */
static void
zpci_reading_read_firmware(const ZpciHost *host, ZpciFacts *facts)
{
    static const ZpciAttribute uid_checking = { ZPCI_FACT_UID_UNIQUE, { NAME_UID_CHECKING } };
    int directory = sysfs_open_directory(zpci_host_get_sysfs(host), NAME_CLP_FIRMWARE, NULL);

    if (directory < 0)
        return;
    zpci_reading_read_attribute(directory, &uid_checking, facts);
    close(directory);
}

/* Newer kernels tell the UID at the slot. */
static void
zpci_reading_read_slot(const ZpciHost *host, guint32 fid, ZpciFacts *facts)
{
    g_autofree char *path = pci_slot_get_path(fid);
    int directory = sysfs_open_directory(zpci_host_get_sysfs(host), path, NULL);
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    if (directory < 0)
        return;
    for (guint i = 0; i < count; i++) {
        if (attributes[i].fact == ZPCI_FACT_UID)
            zpci_reading_read_attribute(directory, &attributes[i], facts);
    }
    close(directory);
}

ZpciFunction *
zpci_reading_read_standby(const ZpciHost *host, guint32 fid, GError **error)
{
    g_auto(ZpciFacts) facts = { .is_standby = TRUE };
    g_auto(ZpciFacts) clp = { 0 };
    g_autofree char *reason = NULL;

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, fid);
    zpci_reading_read_slot(host, fid, &facts);
    zpci_reading_read_firmware(host, &facts);
    if (clp_source_collect_listed(host, fid, &clp, &reason))
        zpci_facts_merge(&facts, &clp);
    else if (reason != NULL)
        zpci_facts_explain(&facts, reason);

    /* What was switched on meanwhile is another node device by now. */
    if (pci_slot_get_state(host, fid) == PCI_SLOT_STANDBY)
        return zpci_function_new(&facts);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                _("There is no function 0x%08x in standby on this host."), fid);
    return NULL;
}
