/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-chain.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "boxed-type.h"
#include "capability.h"
#include "zpci-capability-private.h"
#include "zpci-chain-private.h"

/* One block of memory: this, the capabilities, the fields, the reply's bytes. A daemon decodes a
 * chain for each function, and the allocator would cost more than the decoding. */
struct _ZpciChain {
    gatomicrefcount references;
    VfioInfo info;
    guint count;
    ZpciCapability *capabilities;
    ZpciField *fields;
    guint8 *data;
};

static ZpciChain *
zpci_chain_new(const ByteReader *reply, const VfioChain *walked)
{
    ZpciChain *chain;
    gsize fields = 0;
    gsize header = sizeof *chain + walked->count * sizeof *chain->capabilities;

    for (guint i = 0; i < walked->count; i++) {
        const CapabilityDecoder *decoder = capability_find_decoder(walked->capabilities[i].id);

        if (decoder != NULL)
            fields += decoder->n_fields;
    }
    chain = g_malloc(header + fields * sizeof *chain->fields + reply->size);
    chain->info = walked->info;
    g_atomic_ref_count_init(&chain->references);
    chain->count = 0;
    chain->capabilities = (ZpciCapability *)(chain + 1);
    chain->fields = (ZpciField *)(chain->capabilities + walked->count);
    chain->data = (guint8 *)(chain->fields + fields);
    memcpy(chain->data, reply->data, reply->size);
    return chain;
}

static gboolean
zpci_chain_has(const ZpciChain *chain, guint16 id)
{
    for (guint i = 0; i < chain->count; i++) {
        if (chain->capabilities[i].id == id)
            return TRUE;
    }
    return FALSE;
}

/* @fields is where the next capability's fields go; it moves on. */
static gboolean
zpci_chain_add(ZpciChain *chain, const ByteReader *reply, const VfioCapability *raw,
               ZpciField **fields, GError **error)
{
    const CapabilityDecoder *decoder = capability_find_decoder(raw->id);
    ZpciCapability *capability = &chain->capabilities[chain->count];

    *capability = (ZpciCapability){
        .chain = chain,
        .id = raw->id,
        .version = raw->version,
        .offset = raw->offset,
        .size = raw->size,
        .duplicate = zpci_chain_has(chain, raw->id),
        .data = chain->data + raw->offset,
    };
    chain->count++;
    if (decoder == NULL)
        return TRUE;

    if (!capability_decode(decoder, reply, raw, *fields, &capability->n_fields, error))
        return FALSE;
    capability->name = decoder->name;
    capability->fields = *fields;
    *fields += capability->n_fields;
    return TRUE;
}

ZpciChain *
zpci_chain_decode(const guint8 *data, gsize size, int byte_order, GError **error)
{
    g_autoptr(ZpciChain) chain = NULL;
    ByteReader reply = { data, size, byte_order };
    VfioChain walked;
    ZpciField *fields;

    if (!vfio_chain_walk(&reply, &walked, error))
        return NULL;

    reply.size = walked.info.argsz;
    chain = zpci_chain_new(&reply, &walked);
    reply.data = chain->data;
    fields = chain->fields;
    for (guint i = 0; i < walked.count; i++) {
        if (!zpci_chain_add(chain, &reply, &walked.capabilities[i], &fields, error))
            return NULL;
    }
    return g_steal_pointer(&chain);
}

ZpciChain *
zpci_chain_ref(ZpciChain *chain)
{
    g_atomic_ref_count_inc(&chain->references);
    return chain;
}

void
zpci_chain_unref(ZpciChain *chain)
{
    if (chain != NULL && g_atomic_ref_count_dec(&chain->references))
        g_free(chain);
}

guint32
zpci_chain_get_argsz(const ZpciChain *chain)
{
    return chain->info.argsz;
}

guint32
zpci_chain_get_flags(const ZpciChain *chain)
{
    return chain->info.flags;
}

guint32
zpci_chain_get_num_regions(const ZpciChain *chain)
{
    return chain->info.num_regions;
}

guint32
zpci_chain_get_num_irqs(const ZpciChain *chain)
{
    return chain->info.num_irqs;
}

guint32
zpci_chain_get_cap_offset(const ZpciChain *chain)
{
    return chain->info.cap_offset;
}

guint
zpci_chain_count_capabilities(const ZpciChain *chain)
{
    return chain->count;
}

const ZpciCapability *
zpci_chain_get_capability(const ZpciChain *chain, guint index)
{
    return index < chain->count ? &chain->capabilities[index] : NULL;
}

void
zpci_chain_collect(const ZpciChain *chain, ZpciFacts *facts)
{
    for (guint i = 0; i < chain->count; i++) {
        const ZpciCapability *capability = &chain->capabilities[i];
        const CapabilityDecoder *decoder = capability_find_decoder(capability->id);

        if (capability->duplicate)
            zpci_facts_warn(facts,
                            g_strdup_printf(_("The capability %u at offset %u stands in the chain "
                                              "twice; the first one counts."),
                                            capability->id, capability->offset));
        else if (decoder != NULL)
            capability_collect(decoder, capability, facts);
    }
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciChain, zpci_chain, zpci_chain_ref, zpci_chain_unref)
