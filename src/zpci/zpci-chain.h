/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZpciChain:
 *
 * One reply of VFIO_DEVICE_GET_INFO, decoded. Immutable.
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
 * ZpciField:
 * @name: the name that the kernel's header gives it
 * @bytes: (nullable): its bytes, if it is a string; else %NULL and @number counts
 * @width: how many bytes it has
 * @number: its value, in host byte order
 *
 * One field of a capability.
 */
typedef struct {
    const char *name;
    const guint8 *bytes;
    guint width;
    guint64 number;
} ZpciField;

/**
 * ZpciCapability:
 * @id: its number, linux/vfio.h
 * @version: the version that the kernel wrote, which may be newer than what we know
 * @offset: where its header stands in the reply
 * @size: bytes from its header up to the next capability or the end of the reply
 * @name: (nullable): its name, %NULL if its number is not known to us
 * @duplicate: the number was there before; the first one counts
 * @n_fields: how many @fields there are
 * @fields: (nullable): all fields of the newest version that both sides know; %NULL for an unknown
 * one
 * @data: its @size bytes, header included
 *
 * One capability; everything in it is valid as long as the chain.
 */
typedef struct {
    guint16 id;
    guint16 version;
    guint32 offset;
    guint32 size;
    const char *name;
    gboolean duplicate;
    guint n_fields;
    const ZpciField *fields;
    const guint8 *data;
} ZpciCapability;

/**
 * ZpciChainInfo:
 * @argsz: bytes of the whole reply
 * @flags: VFIO_DEVICE_FLAGS_*
 * @num_regions: number of regions
 * @num_irqs: number of interrupt types
 * @cap_offset: where the first capability stands; 0 if there is none
 *
 * The fixed part of the reply, struct vfio_device_info in linux/vfio.h.
 */
typedef struct {
    guint32 argsz;
    guint32 flags;
    guint32 num_regions;
    guint32 num_irqs;
    guint32 cap_offset;
} ZpciChainInfo;

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
 * zpci_chain_free:
 * @chain: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_chain_free(ZpciChain *chain);

/**
 * zpci_chain_get_info:
 *
 * Returns: (transfer none): the fixed part, valid as long as @chain.
 */
ZPCI_EXPORT const ZpciChainInfo *zpci_chain_get_info(const ZpciChain *chain);

/**
 * zpci_chain_get_capabilities:
 * @count: (out): how many there are, at most 64
 *
 * Returns: (transfer none) (array length=count): the capabilities in the order of the reply, valid
 * as long as @chain.
 */
ZPCI_EXPORT const ZpciCapability *zpci_chain_get_capabilities(const ZpciChain *chain, guint *count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciChain, zpci_chain_free)

G_END_DECLS
