/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-chain.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "vfio-uapi.h"
#include "zpci-error.h"

/* Linux 6.6 and newer align capabilities to 8 bytes, older ones start at offset 20. */
#define VFIO_CHAIN_ALIGNMENT 4

/* Where the link to the next capability is written. */
static guint32
vfio_chain_link_offset(const VfioChain *chain)
{
    if (chain->count == 0)
        return VFIO_UAPI_INFO_CAP_OFFSET;
    return chain->capabilities[chain->count - 1].offset + VFIO_UAPI_CAP_NEXT;
}

static gboolean
vfio_chain_check_link(const ByteReader *reply, const VfioChain *chain, guint32 offset,
                      GError **error)
{
    guint32 link = vfio_chain_link_offset(chain);
    guint32 minimum = VFIO_UAPI_INFO_SIZE;
    const char *reason = NULL;
    g_autofree char *many = NULL;

    if (chain->count > 0)
        minimum = chain->capabilities[chain->count - 1].offset + VFIO_UAPI_CAP_SIZE;

    if (offset < minimum)
        reason = _("a chain only goes forward, past what came before");
    else if (offset % VFIO_CHAIN_ALIGNMENT != 0)
        reason = _("headers stand at multiples of 4");
    else if (!byte_reader_has(reply, offset, VFIO_UAPI_CAP_SIZE))
        reason = _("the reply ends before or within this header");
    else if (chain->count == VFIO_CHAIN_MAX_CAPABILITIES)
        reason = many =
            g_strdup_printf(_("a chain has at most %u capabilities"), VFIO_CHAIN_MAX_CAPABILITIES);

    if (reason == NULL)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("The link at offset %u leads to a capability at offset %u, but %s."), link,
                offset, reason);
    return FALSE;
}

static gboolean
vfio_chain_add(const ByteReader *reply, VfioChain *chain, guint32 offset, guint32 *next,
               GError **error)
{
    VfioCapability *capability = &chain->capabilities[chain->count];
    guint64 id, version, link;

    if (!byte_reader_number(reply, offset + VFIO_UAPI_CAP_ID, 2, "id", &id, error) ||
        !byte_reader_number(reply, offset + VFIO_UAPI_CAP_VERSION, 2, "version", &version, error) ||
        !byte_reader_number(reply, offset + VFIO_UAPI_CAP_NEXT, 4, "next", &link, error))
        return FALSE;

    capability->id = (guint16)id;
    capability->version = (guint16)version;
    capability->offset = offset;
    capability->size = (guint32)(link != 0 ? link : reply->size) - offset;
    chain->count++;
    *next = (guint32)link;
    return TRUE;
}

gboolean
vfio_chain_walk(const ByteReader *reply, VfioChain *chain, GError **error)
{
    VfioChain walked;
    ByteReader bounded;
    guint32 offset;

    if (!vfio_info_parse(reply, &walked.info, error))
        return FALSE;

    bounded = (ByteReader){ reply->data, walked.info.argsz, reply->byte_order };
    offset = walked.info.cap_offset;
    walked.count = 0;
    while (offset != 0) {
        if (!vfio_chain_check_link(&bounded, &walked, offset, error) ||
            !vfio_chain_add(&bounded, &walked, offset, &offset, error))
            return FALSE;
    }
    chain->info = walked.info;
    chain->count = walked.count;
    memcpy(chain->capabilities, walked.capabilities, walked.count * sizeof *walked.capabilities);
    return TRUE;
}
