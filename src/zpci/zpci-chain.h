/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-capability.h"
#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZpciChain:
 *
 * One reply of VFIO_DEVICE_GET_INFO, decoded. Immutable; may be read from any thread.
 */
typedef struct _ZpciChain ZpciChain;

#define ZPCI_TYPE_CHAIN (zpci_chain_get_type())

/**
 * zpci_chain_get_type:
 *
 * Returns: the boxed type of #ZpciChain, for language bindings.
 */
ZPCI_EXPORT GType zpci_chain_get_type(void);

/**
 * zpci_chain_decode:
 * @data: (array length=size): the reply; copied
 * @size: its size in bytes
 * @byte_order: G_BIG_ENDIAN or G_LITTLE_ENDIAN, the order of the machine that wrote it
 *
 * Decodes one reply and trusts nothing in it. A reply without capabilities is a chain of none.
 *
 * Returns: (transfer full): the chain; %NULL with %ZPCI_ERROR_MALFORMED that names the offset and
 *   the reason, and then nothing of the reply is known.
 */
ZPCI_EXPORT ZpciChain *zpci_chain_decode(const guint8 *data, gsize size, int byte_order,
                                         GError **error);

/**
 * zpci_chain_ref:
 *
 * Returns: (transfer full): @chain with one more reference.
 */
ZPCI_EXPORT ZpciChain *zpci_chain_ref(ZpciChain *chain);

/**
 * zpci_chain_unref:
 * @chain: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_chain_unref(ZpciChain *chain);

/**
 * zpci_chain_get_argsz:
 *
 * Returns: bytes of the whole reply. This and the next four are the fixed part of the reply, struct
 *   vfio_device_info in linux/vfio.h, under the kernel's names.
 */
ZPCI_EXPORT guint32 zpci_chain_get_argsz(const ZpciChain *chain);

/**
 * zpci_chain_get_flags:
 *
 * Returns: VFIO_DEVICE_FLAGS_*, all that the kernel has set.
 */
ZPCI_EXPORT guint32 zpci_chain_get_flags(const ZpciChain *chain);

/**
 * zpci_chain_get_num_regions:
 *
 * Returns: the number of regions.
 */
ZPCI_EXPORT guint32 zpci_chain_get_num_regions(const ZpciChain *chain);

/**
 * zpci_chain_get_num_irqs:
 *
 * Returns: the number of interrupt types.
 */
ZPCI_EXPORT guint32 zpci_chain_get_num_irqs(const ZpciChain *chain);

/**
 * zpci_chain_get_cap_offset:
 *
 * Returns: where the first capability stands; 0 if there is none.
 */
ZPCI_EXPORT guint32 zpci_chain_get_cap_offset(const ZpciChain *chain);

/**
 * zpci_chain_count_capabilities:
 *
 * Returns: how many there are, at most 64.
 */
ZPCI_EXPORT guint zpci_chain_count_capabilities(const ZpciChain *chain);

/**
 * zpci_chain_get_capability:
 * @index: which one, from 0, in the order of the reply
 *
 * Returns: (transfer none) (nullable): the capability, valid as long as @chain; %NULL if there are
 *   not so many.
 */
ZPCI_EXPORT const ZpciCapability *zpci_chain_get_capability(const ZpciChain *chain, guint index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciChain, zpci_chain_unref)

G_END_DECLS
