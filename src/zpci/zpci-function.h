/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"
#include "zpci-fact.h"

G_BEGIN_DECLS

/**
 * ZpciFunction:
 *
 * What all sources together say of one zPCI function. Immutable; may be read from any thread.
 */
typedef struct _ZpciFunction ZpciFunction;

#define ZPCI_TYPE_FUNCTION (zpci_function_get_type())

/**
 * zpci_function_get_type:
 *
 * Returns: the boxed type of #ZpciFunction, for language bindings.
 */
ZPCI_EXPORT GType zpci_function_get_type(void);

/**
 * zpci_function_ref:
 *
 * Returns: (transfer full): @function with one more reference.
 */
ZPCI_EXPORT ZpciFunction *zpci_function_ref(ZpciFunction *function);

/**
 * zpci_function_unref:
 * @function: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_function_unref(ZpciFunction *function);

/**
 * zpci_function_is_standby:
 *
 * Returns: whether the function was in standby when it was read: the host has been given it but has
 *   not configured it.
 */
ZPCI_EXPORT gboolean zpci_function_is_standby(const ZpciFunction *function);

/**
 * zpci_function_get:
 * @value: (out) (optional): the fact's value, in the unit that #ZpciFact names; written on success
 * only
 *
 * Returns: whether @fact is known. No error: zpci_function_get_reason() may say why it is not.
 */
ZPCI_EXPORT gboolean zpci_function_get(const ZpciFunction *function, ZpciFact fact, guint64 *value);

/**
 * zpci_function_get_source:
 *
 * Returns: where @fact comes from; %ZPCI_SOURCE_NONE if it is not known.
 */
ZPCI_EXPORT ZpciSource zpci_function_get_source(const ZpciFunction *function, ZpciFact fact);

/**
 * zpci_function_get_kind_source:
 *
 * Returns: the most trusted source that gave any fact of @kind; %ZPCI_SOURCE_NONE if none did.
 */
ZPCI_EXPORT ZpciSource zpci_function_get_kind_source(const ZpciFunction *function,
                                                     ZpciFactKind kind);

/**
 * zpci_function_get_reason:
 *
 * Returns: (transfer none) (nullable): a translated sentence that says why @fact could not be read,
 *   valid as long as @function; %NULL if it is known or the host does not offer it.
 */
ZPCI_EXPORT const char *zpci_function_get_reason(const ZpciFunction *function, ZpciFact fact);

/**
 * zpci_function_get_util:
 * @source: (out) (optional): where it comes from
 *
 * Returns: (transfer none) (nullable) (array fixed-size=64): the utility string as the machine has
 *   it, %ZPCI_UTIL_SIZE bytes of EBCDIC, valid as long as @function; %NULL if the function has
 * none, which is the same as one of zeros or blanks only.
 */
ZPCI_EXPORT const guint8 *zpci_function_get_util(const ZpciFunction *function, ZpciSource *source);

/**
 * zpci_function_get_util_text:
 *
 * Returns: (transfer full) (nullable): the utility string as UTF-8, without the padding at its end;
 *   what has no place in a text becomes U+FFFD. %NULL if the function has none.
 */
ZPCI_EXPORT char *zpci_function_get_util_text(const ZpciFunction *function);

/**
 * zpci_function_get_warnings:
 *
 * Returns: (transfer none) (array zero-terminated=1): translated sentences about sources that
 *   disagree or replies that are odd; valid as long as @function, empty if all is well.
 */
ZPCI_EXPORT const char *const *zpci_function_get_warnings(const ZpciFunction *function);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciFunction, zpci_function_unref)

G_END_DECLS
