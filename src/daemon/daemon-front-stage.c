/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front-stage.h"

#include "rpc-error.h"

gboolean
daemon_front_stage_is_in_between(const DaemonFront *front)
{
    return front->state != AT_THE_DOOR && front->state != PASSING && front->state != OPENED;
}

/* Nothing of a client is read while we are in the middle of something that comes before it. */
void
daemon_front_stage_update(DaemonFront *front)
{
    guint under_way = front->calls.length + daemon_queue_get_length(front->works);
    gboolean is_full = daemon_queue_get_size(front->works) >= DAEMON_FRONT_MAX_QUEUED_BYTES;

    front_port_set_paused(front->client,
                          daemon_front_stage_is_in_between(front) || is_full ||
                              under_way >= DAEMON_FRONT_MAX_CALLS ||
                              (front->state == AT_THE_DOOR && daemon_queue_is_busy(front->works)));
    if (front->libvirtd != NULL)
        front_port_set_paused(front->libvirtd, is_full || front->state == NAMING);
}

RpcFrame
daemon_front_stage_read_frame(const GByteArray *packet)
{
    RpcFrame frame = { 0 };
    RpcXdr xdr;

    rpc_xdr_init(&xdr, packet->data, packet->len);
    xdr.offset = RPC_FRAME_LENGTH_SIZE;
    rpc_frame_decode(&xdr, &frame, NULL);
    return frame;
}

void
daemon_front_stage_send_error(const DaemonFront *front, const RpcFrame *call, int code, int domain,
                              const char *detail)
{
    g_auto(RpcError) error = { .detail = NULL };
    g_autoptr(GByteArray) packet = NULL;
    RpcFrame frame = *call;

    frame.type = RPC_FRAME_REPLY;
    frame.status = RPC_FRAME_ERROR;
    packet = rpc_frame_begin(&frame);
    rpc_error_set(&error, code, domain, rpc_error_prefix((RpcErrorCode)code), detail);
    rpc_error_encode(&error, packet);
    if (rpc_frame_end(packet, NULL))
        front_port_send(front->client, packet);
}

void
daemon_front_stage_set_copy(GByteArray **place, const GByteArray *packet)
{
    g_clear_pointer(place, g_byte_array_unref);
    *place = g_byte_array_append(g_byte_array_new(), packet->data, packet->len);
}

void
daemon_front_stage_go_on(DaemonFront *front, DaemonFrontStage state)
{
    if (front->answer != NULL)
        front_port_send(front->client, front->answer);
    g_clear_pointer(&front->answer, g_byte_array_unref);
    front->state = state;
    daemon_front_stage_update(front);
}

/* @packet: (transfer none): to libvirtd. */
void
daemon_front_stage_ask(DaemonFront *front, DaemonFrontStage state, GByteArray *packet)
{
    front->state = state;
    front_port_send(front->libvirtd, packet);
    g_byte_array_unref(packet);
}
