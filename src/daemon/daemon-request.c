/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-request.h"

#include <glib/gi18n.h>

#include "daemon-procedure.h"

struct _DaemonRequest {
    RpcFrame frame;
    guint8 *payload;
    gsize size;
    GByteArray *answer;
};

DaemonRequest *
daemon_request_new(const RpcFrame *frame, const RpcXdr *payload)
{
    DaemonRequest *request = g_new0(DaemonRequest, 1);

    request->frame = *frame;
    request->size = payload->reader.size - payload->offset;
    request->payload = g_memdup2(payload->reader.data + payload->offset, request->size);
    return request;
}

void
daemon_request_free(DaemonRequest *request)
{
    if (request == NULL)
        return;
    g_clear_pointer(&request->answer, g_byte_array_unref);
    g_free(request->payload);
    g_free(request);
}

gboolean
daemon_request_may_block(const DaemonRequest *request)
{
    return daemon_procedure_may_block(request->frame.procedure);
}

static GByteArray *
begin_answer(const DaemonRequest *request, RpcFrameStatus status)
{
    RpcFrame header = request->frame;

    header.type = RPC_FRAME_REPLY;
    header.status = (gint32)status;
    return rpc_frame_begin(&header);
}

/* Makes a whole answer; if that fails, sets the call's error. */
static gboolean
answer(const RpcFrame *frame, DaemonCall *call)
{
    g_autoptr(GError) error = NULL;

    if (frame->program != DAEMON_PROCEDURE_PROGRAM || frame->version != DAEMON_PROCEDURE_VERSION)
        return daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC,
                                _("Cannot find program 0x%x version %u"), frame->program,
                                frame->version);
    if (frame->status != RPC_FRAME_OK)
        return daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC,
                                _("Unexpected message status %d in a call"), frame->status);

    if (!daemon_procedure_run(frame->procedure, call))
        return FALSE;
    return rpc_frame_end(call->reply, &error) || daemon_call_fail_decoding(call, error);
}

static GByteArray *
make_error(const DaemonRequest *request, const RpcError *failure)
{
    g_autoptr(GByteArray) packet = begin_answer(request, RPC_FRAME_ERROR);

    rpc_error_encode(failure, packet);
    /* RPC_ERROR_MAX_MESSAGE keeps it far below the size of a packet. */
    return rpc_frame_end(packet, NULL) ? g_steal_pointer(&packet) : NULL;
}

void
daemon_request_run(DaemonRequest *request, DaemonSession *session)
{
    g_autoptr(GByteArray) reply = begin_answer(request, RPC_FRAME_OK);
    g_auto(RpcError) failure = { .detail = NULL };
    RpcXdr args;
    DaemonCall call = { .session = session, .args = &args, .reply = reply, .error = &failure };

    rpc_xdr_init(&args, request->payload, request->size);
    request->answer =
        answer(&request->frame, &call) ? g_steal_pointer(&reply) : make_error(request, &failure);
}

const GByteArray *
daemon_request_get_answer(const DaemonRequest *request)
{
    return request->answer;
}
