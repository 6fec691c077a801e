/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "byte-reader.h"
#include "vfio-chain.h"
#include "vfio-uapi.h"
#include "zpci-capability-private.h"
#include "zpci-facts.h"

/* The most fields that a capability has. */
#define CAPABILITY_MAX_FIELDS 16

/* What a field of a capability is to us. */
#define CAPABILITY_NO_FACT (-1)

/* A field's width: the bytes that the field before it counts. */
#define CAPABILITY_COUNTED 0

/**
 * CapabilityField:
 * @name: the kernel's name
 * @offset: from the capability's header
 * @width: bytes, or %CAPABILITY_COUNTED
 * @since: the capability's version that brought it
 * @fact: the #ZpciFact that it states, or %CAPABILITY_NO_FACT
 * @bit: if not 0, the fact is whether this bit of the field is set
 */
typedef struct {
    const char *name;
    guint offset;
    guint width;
    guint since;
    int fact;
    guint64 bit;
} CapabilityField;

/**
 * CapabilityDecoder:
 * @id: the capability
 * @name: its name for people
 * @n_fields: how many @fields there are, at most %CAPABILITY_MAX_FIELDS
 * @fields: in the order of their offsets
 * @collect: (nullable): adds what the table cannot say
 *
 * One capability that we know. Its file holds this table and nothing else knows the layout.
 */
typedef struct {
    VfioCapabilityId id;
    const char *name;
    guint n_fields;
    const CapabilityField *fields;
    void (*collect)(const ZpciCapability *capability, ZpciFacts *facts);
} CapabilityDecoder;

extern const CapabilityDecoder capability_base;
extern const CapabilityDecoder capability_group;
extern const CapabilityDecoder capability_util;
extern const CapabilityDecoder capability_pfip;
extern const CapabilityDecoder capability_pci_atomic;

/** capability_find_decoder: (nullable): who decodes capabilities of this id, %NULL if nobody does.
 */
const CapabilityDecoder *capability_find_decoder(guint16 id);

/** capability_count_fields: how many fields a capability of this version has for us. */
guint capability_count_fields(const CapabilityDecoder *decoder, guint version);

/**
 * capability_decode:
 * @reply: the whole reply
 * @raw: where the capability stands in it
 * @fields: (out): room for all fields of @decoder
 * @n_fields: (out): how many of them the version has; written on success only
 *
 * Reads all fields that the capability's version has. A version newer than ours is read as the
 * newest one we know, for the kernel only ever appends.
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED if a field is cut off or the version is 0.
 */
gboolean capability_decode(const CapabilityDecoder *decoder, const ByteReader *reply,
                           const VfioCapability *raw, ZpciField *fields, guint *n_fields,
                           GError **error);

/** capability_collect: adds to @facts what a decoded capability says. */
void capability_collect(const CapabilityDecoder *decoder, const ZpciCapability *capability,
                        ZpciFacts *facts);
