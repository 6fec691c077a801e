/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-facts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ebcdic.h"
#include "text-quote.h"

#define EBCDIC_BLANK 0x40

void
zpci_facts_clear(ZpciFacts *facts)
{
    for (guint i = 0; i < ZPCI_N_FACTS; i++)
        g_free(facts->reasons[i]);
    g_clear_pointer(&facts->warnings, g_ptr_array_unref);
    memset(facts, 0, sizeof *facts);
}

ZpciFacts *
zpci_facts_copy(const ZpciFacts *facts)
{
    ZpciFacts *copy = g_memdup2(facts, sizeof *facts);

    for (guint i = 0; i < ZPCI_N_FACTS; i++)
        copy->reasons[i] = g_strdup(facts->reasons[i]);
    copy->warnings = NULL;
    for (guint i = 0; facts->warnings != NULL && i < facts->warnings->len; i++)
        zpci_facts_warn(copy, g_strdup(g_ptr_array_index(facts->warnings, i)));
    return copy;
}

void
zpci_facts_set(ZpciFacts *facts, ZpciFact fact, ZpciSource source, guint64 value)
{
    facts->values[fact] = value;
    facts->sources[fact] = (guint8)source;
    g_clear_pointer(&facts->reasons[fact], g_free);
}

void
zpci_facts_set_util(ZpciFacts *facts, ZpciSource source, const guint8 *bytes, gsize size)
{
    guint8 util[ZPCI_UTIL_SIZE] = { 0 };
    gboolean has_text = FALSE;

    memcpy(util, bytes, MIN(size, sizeof util));
    for (gsize i = 0; i < sizeof util; i++)
        has_text = has_text || (util[i] != 0 && util[i] != EBCDIC_BLANK);
    if (!has_text)
        return;
    memcpy(facts->util, util, sizeof util);
    facts->util_source = source;
}

void
zpci_facts_set_reason(ZpciFacts *facts, ZpciFact fact, char *reason)
{
    g_free(facts->reasons[fact]);
    facts->reasons[fact] = reason;
}

/* MIO and FIDPARM are known to sysfs only. */
static gboolean
zpci_facts_can_explain(const ZpciFacts *facts, ZpciFact fact)
{
    return (facts->is_standby || zpci_fact_get_info(fact)->kind != ZPCI_FACT_KIND_IDENTITY) &&
           fact != ZPCI_FACT_MIO && fact != ZPCI_FACT_FIDPARM;
}

void
zpci_facts_explain(ZpciFacts *facts, const char *reason)
{
    for (guint fact = 0; fact < ZPCI_N_FACTS; fact++) {
        if (zpci_facts_can_explain(facts, fact) && facts->sources[fact] == ZPCI_SOURCE_NONE &&
            facts->reasons[fact] == NULL)
            zpci_facts_set_reason(facts, fact, g_strdup(reason));
    }
}

void
zpci_facts_warn(ZpciFacts *facts, char *warning)
{
    if (facts->warnings == NULL)
        facts->warnings = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(facts->warnings, warning);
}

guint
zpci_facts_trust(ZpciFactKind kind, ZpciSource source)
{
    static const guint8 trust[ZPCI_N_FACT_KINDS][ZPCI_SOURCE_VFIO + 1] = {
        [ZPCI_FACT_KIND_IDENTITY] = { [ZPCI_SOURCE_SYSFS] = 3,
                                      [ZPCI_SOURCE_CLP] = 2,
                                      [ZPCI_SOURCE_VFIO] = 1 },
        [ZPCI_FACT_KIND_FUNCTION] = { [ZPCI_SOURCE_SYSFS] = 1,
                                      [ZPCI_SOURCE_CLP] = 2,
                                      [ZPCI_SOURCE_VFIO] = 3 },
        [ZPCI_FACT_KIND_GROUP] = { [ZPCI_SOURCE_SYSFS] = 1,
                                   [ZPCI_SOURCE_CLP] = 2,
                                   [ZPCI_SOURCE_VFIO] = 3 },
    };

    return trust[kind][source];
}

/* The handle changes by itself, and what VFIO offers for DMA is narrower than what the function
 * could reach by CLP: there the sources speak of two things. */
static gboolean
zpci_facts_must_agree(ZpciFact fact)
{
    return fact != ZPCI_FACT_HANDLE && fact != ZPCI_FACT_DMA_START && fact != ZPCI_FACT_DMA_END;
}

static void
zpci_facts_warn_difference(ZpciFacts *facts, const char *name, const char *shown,
                           ZpciSource shown_source, const char *hidden, ZpciSource hidden_source)
{
    zpci_facts_warn(
        facts, g_strdup_printf(
                   _("%s is %s according to %s, but %s according to %s; the first one is shown."),
                   name, shown, zpci_source_get_name(shown_source), hidden,
                   zpci_source_get_name(hidden_source)));
}

static void
zpci_facts_warn_conflict(ZpciFacts *facts, ZpciFact fact, guint64 shown, ZpciSource shown_source,
                         guint64 hidden, ZpciSource hidden_source)
{
    g_autofree char *shown_text = zpci_fact_format(fact, shown);
    g_autofree char *hidden_text = zpci_fact_format(fact, hidden);

    zpci_facts_warn_difference(facts, zpci_fact_get_info(fact)->name, shown_text, shown_source,
                               hidden_text, hidden_source);
}

static void
zpci_facts_merge_fact(ZpciFacts *facts, ZpciFact fact, guint64 value, ZpciSource source)
{
    ZpciFactKind kind = zpci_fact_get_info(fact)->kind;
    ZpciSource old_source = facts->sources[fact];
    guint64 old_value = facts->values[fact];
    gboolean wins = zpci_facts_trust(kind, source) > zpci_facts_trust(kind, old_source);

    if (wins)
        zpci_facts_set(facts, fact, source, value);
    if (old_source == ZPCI_SOURCE_NONE || old_value == value || !zpci_facts_must_agree(fact))
        return;
    if (wins)
        zpci_facts_warn_conflict(facts, fact, value, source, old_value, old_source);
    else
        zpci_facts_warn_conflict(facts, fact, old_value, old_source, value, source);
}

static char *
zpci_facts_quote_util(const ZpciFacts *facts)
{
    g_autofree char *text = ebcdic_to_utf8(facts->util, sizeof facts->util);

    return text_quote(text);
}

static void
zpci_facts_warn_util(ZpciFacts *facts, const ZpciFacts *shown, const ZpciFacts *hidden)
{
    g_autofree char *shown_text = zpci_facts_quote_util(shown);
    g_autofree char *hidden_text = zpci_facts_quote_util(hidden);

    zpci_facts_warn_difference(facts, "util", shown_text, shown->util_source, hidden_text,
                               hidden->util_source);
}

static void
zpci_facts_merge_util(ZpciFacts *facts, const ZpciFacts *other)
{
    gboolean wins = zpci_facts_trust(ZPCI_FACT_KIND_FUNCTION, other->util_source) >
                    zpci_facts_trust(ZPCI_FACT_KIND_FUNCTION, facts->util_source);

    if (facts->util_source != ZPCI_SOURCE_NONE && other->util_source != ZPCI_SOURCE_NONE &&
        memcmp(facts->util, other->util, sizeof facts->util) != 0)
        zpci_facts_warn_util(facts, wins ? other : facts, wins ? facts : other);
    if (wins) {
        memcpy(facts->util, other->util, sizeof facts->util);
        facts->util_source = other->util_source;
    }
}

void
zpci_facts_merge(ZpciFacts *facts, ZpciFacts *other)
{
    for (guint i = 0; i < ZPCI_N_FACTS; i++) {
        if (other->sources[i] != ZPCI_SOURCE_NONE)
            zpci_facts_merge_fact(facts, i, other->values[i], other->sources[i]);
        else if (other->reasons[i] != NULL && facts->sources[i] == ZPCI_SOURCE_NONE)
            zpci_facts_set_reason(facts, i, g_steal_pointer(&other->reasons[i]));
    }
    zpci_facts_merge_util(facts, other);
    for (guint i = 0; other->warnings != NULL && i < other->warnings->len; i++)
        zpci_facts_warn(facts, g_strdup(g_ptr_array_index(other->warnings, i)));
    zpci_facts_clear(other);
}
