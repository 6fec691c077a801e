/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "byte-reader.h"
#include "vfio-info.h"

#define VFIO_CHAIN_MAX_CAPABILITIES 64

/**
 * VfioCapability:
 * @id: which capability it is
 * @version: the version that the kernel wrote
 * @offset: where its header stands in the reply
 * @size: bytes from its header up to the next capability or the end of the reply
 */
typedef struct {
    guint16 id;
    guint16 version;
    guint32 offset;
    guint32 size;
} VfioCapability;

/**
 * VfioChain:
 *
 * The capabilities of one reply, in its order. Knows no capability's meaning.
 */
typedef struct {
    VfioInfo info;
    guint count;
    VfioCapability capabilities[VFIO_CHAIN_MAX_CAPABILITIES];
} VfioChain;

/**
 * vfio_chain_walk:
 * @reply: the whole reply
 * @chain: (out): written on success only; a reply without capabilities is a chain of none
 *
 * Follows the chain. Offsets must be multiples of 4, lie behind the fixed part and grow from header
 * to header, so a chain that loops or goes back is an error, as is one of more than
 * %VFIO_CHAIN_MAX_CAPABILITIES.
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED that names the offset.
 */
gboolean vfio_chain_walk(const ByteReader *reply, VfioChain *chain, GError **error);
