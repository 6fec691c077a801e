/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-frame.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "zpci-error.h"

gboolean
rpc_frame_length_is_valid(guint32 length)
{
    return length >= RPC_FRAME_MIN_SIZE && length <= RPC_FRAME_MAX_SIZE;
}

gboolean
rpc_frame_decode(RpcXdr *xdr, RpcFrame *frame, GError **error)
{
    RpcXdr ahead = *xdr;
    RpcFrame read;

    if (!rpc_xdr_get_u32(&ahead, "program", &read.program, error) ||
        !rpc_xdr_get_u32(&ahead, "version", &read.version, error) ||
        !rpc_xdr_get_i32(&ahead, "procedure", &read.procedure, error) ||
        !rpc_xdr_get_i32(&ahead, "type", &read.type, error) ||
        !rpc_xdr_get_u32(&ahead, "serial", &read.serial, error) ||
        !rpc_xdr_get_i32(&ahead, "status", &read.status, error))
        return FALSE;

    *frame = read;
    *xdr = ahead;
    return TRUE;
}

GByteArray *
rpc_frame_begin(const RpcFrame *frame)
{
    GByteArray *packet = g_byte_array_new();

    rpc_xdr_put_u32(packet, 0);
    rpc_xdr_put_u32(packet, frame->program);
    rpc_xdr_put_u32(packet, frame->version);
    rpc_xdr_put_i32(packet, frame->procedure);
    rpc_xdr_put_i32(packet, frame->type);
    rpc_xdr_put_u32(packet, frame->serial);
    rpc_xdr_put_i32(packet, frame->status);
    return packet;
}

gboolean
rpc_frame_end(GByteArray *packet, GError **error)
{
    guint32 length = GUINT32_TO_BE(packet->len);

    if (packet->len > RPC_FRAME_MAX_SIZE) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("The answer has %u bytes, but the protocol allows a packet of %d."),
                    packet->len, RPC_FRAME_MAX_SIZE);
        return FALSE;
    }
    memcpy(packet->data, &length, sizeof(length));
    return TRUE;
}
