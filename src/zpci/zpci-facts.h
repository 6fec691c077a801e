/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-fact-private.h"

/**
 * ZpciFacts:
 * @values: by fact, in host byte order; means something only if the fact's source is set
 * @sources: by fact; %ZPCI_SOURCE_NONE if it is not known
 * @reasons: (nullable): by fact, why it could not be read
 * @util: the utility string, EBCDIC
 * @util_source: where it comes from; %ZPCI_SOURCE_NONE if there is none
 * @is_standby: it is a function in standby, of which CLP tells the identity too
 * @warnings: (nullable) (element-type utf8): what is odd about the source
 *
 * Facts while they are collected. Set to zeros to begin; zpci_facts_clear() at the end.
 */
typedef struct {
    guint64 values[ZPCI_N_FACTS];
    guint8 sources[ZPCI_N_FACTS];
    char *reasons[ZPCI_N_FACTS];
    guint8 util[ZPCI_UTIL_SIZE];
    ZpciSource util_source;
    gboolean is_standby;
    GPtrArray *warnings;
} ZpciFacts;

/** zpci_facts_clear: frees what @facts holds and makes it empty. */
void zpci_facts_clear(ZpciFacts *facts);

/** zpci_facts_copy: (transfer full): to be freed with g_free() after zpci_facts_clear(). */
ZpciFacts *zpci_facts_copy(const ZpciFacts *facts);

/** zpci_facts_set: @value is of at most the fact's width. */
void zpci_facts_set(ZpciFacts *facts, ZpciFact fact, ZpciSource source, guint64 value);

/**
 * zpci_facts_set_util:
 *
 * Takes the first %ZPCI_UTIL_SIZE of @size bytes. A string of zeros or blanks only is none.
 */
void zpci_facts_set_util(ZpciFacts *facts, ZpciSource source, const guint8 *bytes, gsize size);

/** zpci_facts_set_reason: says why @fact could not be read; @reason is taken over. */
void zpci_facts_set_reason(ZpciFacts *facts, ZpciFact fact, char *reason);

/**
 * zpci_facts_explain:
 *
 * Gives @reason for every fact that the chain or CLP would have told, is not known, and has no
 * reason yet.
 */
void zpci_facts_explain(ZpciFacts *facts, const char *reason);

/** zpci_facts_warn: keeps a translated sentence for those who look closer; @warning is taken over.
 */
void zpci_facts_warn(ZpciFacts *facts, char *warning);

/** zpci_facts_trust: how far @source is trusted in facts of @kind: more is better, 0 is not at all.
 */
guint zpci_facts_trust(ZpciFactKind kind, ZpciSource source);

/**
 * zpci_facts_merge:
 * @facts: what is known so far
 * @other: what another source says; emptied
 *
 * Adds @other to @facts by the rules of trust of #ZpciFactKind. Where both know a fact and differ,
 * the more trusted one stays and a warning names both.
 */
void zpci_facts_merge(ZpciFacts *facts, ZpciFacts *other);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ZpciFacts, zpci_facts_clear)
