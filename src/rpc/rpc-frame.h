/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "rpc-xdr.h"

/* A packet: a length word that counts itself, a header of six words, the payload. */
#define RPC_FRAME_LENGTH_SIZE 4
#define RPC_FRAME_MIN_SIZE 28
#define RPC_FRAME_MAX_SIZE 33554436

/* Most file descriptors that one call may carry. */
#define RPC_FRAME_MAX_DESCRIPTORS 32

typedef enum {
    RPC_FRAME_CALL = 0,
    RPC_FRAME_REPLY = 1,
    RPC_FRAME_MESSAGE = 2,
    RPC_FRAME_STREAM = 3,
    RPC_FRAME_CALL_WITH_DESCRIPTORS = 4,
    RPC_FRAME_REPLY_WITH_DESCRIPTORS = 5,
    RPC_FRAME_STREAM_HOLE = 6,
} RpcFrameType;

typedef enum {
    RPC_FRAME_OK = 0,
    RPC_FRAME_ERROR = 1,
    RPC_FRAME_CONTINUE = 2,
} RpcFrameStatus;

/**
 * RpcFrame:
 * @type: a #RpcFrameType, or whatever else the peer sent
 * @serial: chosen by the caller; a reply repeats it
 * @status: a #RpcFrameStatus, or whatever else the peer sent
 *
 * The header of a packet.
 */
typedef struct {
    guint32 program;
    guint32 version;
    gint32 procedure;
    gint32 type;
    guint32 serial;
    gint32 status;
} RpcFrame;

/**
 * rpc_frame_length_is_valid:
 * @length: a packet's first word
 *
 * Returns: whether a packet can be that long; if not, the stream cannot be followed any further.
 */
gboolean rpc_frame_length_is_valid(guint32 length);

/**
 * rpc_frame_decode:
 * @xdr: stands behind the length word; moves on to the payload
 * @frame: (out): written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED if the header is cut off.
 */
gboolean rpc_frame_decode(RpcXdr *xdr, RpcFrame *frame, GError **error);

/**
 * rpc_frame_begin:
 *
 * Returns: (transfer full): a packet with its header, to which the payload is to be appended.
 */
GByteArray *rpc_frame_begin(const RpcFrame *frame);

/**
 * rpc_frame_end:
 * @packet: from rpc_frame_begin(), complete
 *
 * Fills in the length word.
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNSUPPORTED if the packet is longer than %RPC_FRAME_MAX_SIZE.
 */
gboolean rpc_frame_end(GByteArray *packet, GError **error);
