/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capability.h"

#include <glib/gi18n-lib.h>

#include "zpci-error.h"

const CapabilityDecoder *
capability_find_decoder(guint16 id)
{
    static const CapabilityDecoder *const decoders[] = {
        &capability_base, &capability_group,      &capability_util,
        &capability_pfip, &capability_pci_atomic,
    };

    for (guint i = 0; i < G_N_ELEMENTS(decoders); i++) {
        if (decoders[i]->id == id)
            return decoders[i];
    }
    return NULL;
}

guint
capability_count_fields(const CapabilityDecoder *decoder, guint version)
{
    guint count = 0;

    while (count < decoder->n_fields && decoder->fields[count].since <= version)
        count++;
    return count;
}

/* @rest ends where the capability ends, so that a field cannot reach into the next one; @field[-1]
 * has been read already. */
static gboolean
capability_decode_field(const CapabilityField *layout, const ByteReader *rest, guint32 offset,
                        ZpciField *field, GError **error)
{
    field->name = layout->name;
    if (layout->width == CAPABILITY_COUNTED) {
        field->width = (guint)field[-1].number;
        field->number = 0;
        return byte_reader_bytes(rest, offset + layout->offset, field->width, layout->name,
                                 &field->bytes, error);
    }
    field->width = layout->width;
    field->bytes = NULL;
    return byte_reader_number(rest, offset + layout->offset, layout->width, layout->name,
                              &field->number, error);
}

gboolean
capability_decode(const CapabilityDecoder *decoder, const ByteReader *reply,
                  const VfioCapability *raw, ZpciField *fields, guint *n_fields, GError **error)
{
    ByteReader rest = { reply->data, (gsize)raw->offset + raw->size, reply->byte_order };
    guint count = capability_count_fields(decoder, raw->version);

    if (raw->version == 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("The capability %s at offset %u has version 0; versions begin at 1."),
                    decoder->name, raw->offset);
        return FALSE;
    }
    for (guint i = 0; i < count; i++) {
        if (!capability_decode_field(&decoder->fields[i], &rest, raw->offset, &fields[i], error)) {
            g_prefix_error(error, _("The capability %s at offset %u is cut off: "), decoder->name,
                           raw->offset);
            return FALSE;
        }
    }
    *n_fields = count;
    return TRUE;
}

void
capability_collect(const CapabilityDecoder *decoder, const ZpciCapability *capability,
                   ZpciFacts *facts)
{
    for (guint i = 0; i < capability->n_fields; i++) {
        const CapabilityField *layout = &decoder->fields[i];
        guint64 number = capability->fields[i].number;

        if (layout->fact != CAPABILITY_NO_FACT)
            zpci_facts_set(facts, (ZpciFact)layout->fact, ZPCI_SOURCE_VFIO,
                           layout->bit != 0 ? (number & layout->bit) != 0 : number);
    }
    if (decoder->collect != NULL)
        decoder->collect(capability, facts);
}
