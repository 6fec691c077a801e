/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-function.h"

#include <string.h>

#include "boxed-type.h"
#include "ebcdic.h"
#include "zpci-function-private.h"

struct _ZpciFunction {
    gatomicrefcount references;
    ZpciFacts facts;
};

ZpciFunction *
zpci_function_new(ZpciFacts *facts)
{
    ZpciFunction *function = g_new0(ZpciFunction, 1);

    g_atomic_ref_count_init(&function->references);
    function->facts = *facts;
    memset(facts, 0, sizeof *facts);
    if (function->facts.warnings == NULL)
        function->facts.warnings = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(function->facts.warnings, NULL);
    return function;
}

ZpciFunction *
zpci_function_ref(ZpciFunction *function)
{
    g_atomic_ref_count_inc(&function->references);
    return function;
}

void
zpci_function_unref(ZpciFunction *function)
{
    if (function == NULL || !g_atomic_ref_count_dec(&function->references))
        return;
    zpci_facts_clear(&function->facts);
    g_free(function);
}

gboolean
zpci_function_is_standby(const ZpciFunction *function)
{
    return function->facts.is_standby;
}

gboolean
zpci_function_get(const ZpciFunction *function, ZpciFact fact, guint64 *value)
{
    g_return_val_if_fail((guint)fact < ZPCI_N_FACTS, FALSE);

    if (function->facts.sources[fact] == ZPCI_SOURCE_NONE)
        return FALSE;
    if (value != NULL)
        *value = function->facts.values[fact];
    return TRUE;
}

ZpciSource
zpci_function_get_source(const ZpciFunction *function, ZpciFact fact)
{
    g_return_val_if_fail((guint)fact < ZPCI_N_FACTS, ZPCI_SOURCE_NONE);

    return function->facts.sources[fact];
}

ZpciSource
zpci_function_get_kind_source(const ZpciFunction *function, ZpciFactKind kind)
{
    ZpciSource best = ZPCI_SOURCE_NONE;

    g_return_val_if_fail((guint)kind < ZPCI_N_FACT_KINDS, ZPCI_SOURCE_NONE);

    for (guint fact = 0; fact < ZPCI_N_FACTS; fact++) {
        ZpciSource source = function->facts.sources[fact];

        if (zpci_fact_get_info(fact)->kind == kind &&
            zpci_facts_trust(kind, source) > zpci_facts_trust(kind, best))
            best = source;
    }
    return best;
}

const char *
zpci_function_get_reason(const ZpciFunction *function, ZpciFact fact)
{
    g_return_val_if_fail((guint)fact < ZPCI_N_FACTS, NULL);

    return function->facts.reasons[fact];
}

const guint8 *
zpci_function_get_util(const ZpciFunction *function, ZpciSource *source)
{
    if (function->facts.util_source == ZPCI_SOURCE_NONE)
        return NULL;
    if (source != NULL)
        *source = function->facts.util_source;
    return function->facts.util;
}

char *
zpci_function_get_util_text(const ZpciFunction *function)
{
    const guint8 *util = zpci_function_get_util(function, NULL);

    return util != NULL ? ebcdic_to_utf8(util, ZPCI_UTIL_SIZE) : NULL;
}

const char *const *
zpci_function_get_warnings(const ZpciFunction *function)
{
    return (const char *const *)function->facts.warnings->pdata;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciFunction, zpci_function, zpci_function_ref, zpci_function_unref)
