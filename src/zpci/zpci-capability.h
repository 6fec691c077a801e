/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZpciCapability:
 *
 * One capability of a #ZpciChain, of which it is a part: whoever has a reference to it keeps the
 * chain. Immutable; may be read from any thread.
 */
typedef struct _ZpciCapability ZpciCapability;

#define ZPCI_TYPE_CAPABILITY (zpci_capability_get_type())

/**
 * zpci_capability_get_type:
 *
 * Returns: the boxed type of #ZpciCapability, for language bindings.
 */
ZPCI_EXPORT GType zpci_capability_get_type(void);

/**
 * zpci_capability_ref:
 *
 * Returns: (transfer full): @capability with one more reference.
 */
ZPCI_EXPORT ZpciCapability *zpci_capability_ref(ZpciCapability *capability);

/**
 * zpci_capability_unref:
 * @capability: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_capability_unref(ZpciCapability *capability);

/**
 * zpci_capability_get_id:
 *
 * Returns: its number, linux/vfio.h.
 */
ZPCI_EXPORT guint zpci_capability_get_id(const ZpciCapability *capability);

/**
 * zpci_capability_get_version:
 *
 * Returns: the version that the kernel wrote, which may be newer than what we know.
 */
ZPCI_EXPORT guint zpci_capability_get_version(const ZpciCapability *capability);

/**
 * zpci_capability_get_offset:
 *
 * Returns: where its header stands in the reply.
 */
ZPCI_EXPORT guint32 zpci_capability_get_offset(const ZpciCapability *capability);

/**
 * zpci_capability_get_name:
 *
 * Returns: (transfer none) (nullable): its name, valid for ever; %NULL if its number is not known
 *   to us.
 */
ZPCI_EXPORT const char *zpci_capability_get_name(const ZpciCapability *capability);

/**
 * zpci_capability_is_duplicate:
 *
 * Returns: whether its number was in the chain before; the first one counts.
 */
ZPCI_EXPORT gboolean zpci_capability_is_duplicate(const ZpciCapability *capability);

/**
 * zpci_capability_get_data:
 * @size: (out): how many bytes there are, up to the next capability or the end of the reply
 *
 * Returns: (transfer none) (array length=size): its bytes, header included, in the byte order of
 *   the machine that wrote them; valid as long as @capability.
 */
ZPCI_EXPORT const guint8 *zpci_capability_get_data(const ZpciCapability *capability, gsize *size);

/**
 * zpci_capability_count_fields:
 *
 * Returns: how many fields the newest version has that both sides know; 0 if its number is not
 *   known to us.
 */
ZPCI_EXPORT guint zpci_capability_count_fields(const ZpciCapability *capability);

/**
 * zpci_capability_get_field_name:
 * @index: which field, from 0
 *
 * Returns: (transfer none) (nullable): the name that the kernel's header gives it, valid for ever;
 *   %NULL if there are not so many.
 */
ZPCI_EXPORT const char *zpci_capability_get_field_name(const ZpciCapability *capability,
                                                       guint index);

/**
 * zpci_capability_get_field_width:
 * @index: which field, from 0
 *
 * Returns: how many bytes it has; 0 if it is an empty string, or there are not so many.
 */
ZPCI_EXPORT guint zpci_capability_get_field_width(const ZpciCapability *capability, guint index);

/**
 * zpci_capability_get_field_number:
 * @index: which field, from 0
 * @number: (out) (optional): its value, in host byte order; written on success only
 *
 * Returns: whether it is a number; %FALSE for a string, or if there are not so many. No error.
 */
ZPCI_EXPORT gboolean zpci_capability_get_field_number(const ZpciCapability *capability, guint index,
                                                      guint64 *number);

/**
 * zpci_capability_get_field_bytes:
 * @index: which field, from 0
 * @size: (out): how many bytes there are, 0 with %NULL
 *
 * Returns: (transfer none) (nullable) (array length=size): the bytes of a string, valid as long as
 *   @capability; %NULL for a number, or if there are not so many.
 */
ZPCI_EXPORT const guint8 *zpci_capability_get_field_bytes(const ZpciCapability *capability,
                                                          guint index, gsize *size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciCapability, zpci_capability_unref)

G_END_DECLS
