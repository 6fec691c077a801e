/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-request.h"

#include <glib/gi18n.h>

#include "daemon-access.h"
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

gsize
daemon_request_get_size(const DaemonRequest *request)
{
    return request->size;
}

static GByteArray *
begin_answer(const DaemonRequest *request, RpcFrameStatus status)
{
    RpcFrame header = request->frame;

    header.type = RPC_FRAME_REPLY;
    header.status = (gint32)status;
    return rpc_frame_begin(&header);
}

/* A part of the work on a call; if it fails, it sets the call's error. */
typedef gboolean (*DaemonRequestStep)(const RpcFrame *frame, DaemonCall *call);

/* Whether it is a call of a procedure at all; if not, nothing is done for it. */
static gboolean
is_call(const RpcFrame *frame)
{
    return frame->program == DAEMON_PROCEDURE_PROGRAM &&
           frame->version == DAEMON_PROCEDURE_VERSION && frame->status == RPC_FRAME_OK;
}

static gboolean
authorize(const RpcFrame *frame, DaemonCall *call)
{
    return !is_call(frame) || daemon_procedure_authorize(frame->procedure, call);
}

static gboolean
prepare(const RpcFrame *frame, DaemonCall *call)
{
    return !is_call(frame) || daemon_procedure_prepare(frame->procedure, call);
}

/* Makes a whole answer. */
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

static void
daemon_request_do(DaemonRequest *request, DaemonSession *session, DaemonRequestStep step)
{
    g_autoptr(GByteArray) reply = begin_answer(request, RPC_FRAME_OK);
    g_auto(RpcError) failure = { .detail = NULL };
    RpcXdr args;
    DaemonCall call = { .session = session, .args = &args, .reply = reply, .error = &failure };
    gboolean good;

    rpc_xdr_init(&args, request->payload, request->size);
    good = step(&request->frame, &call);
    if (!good)
        request->answer = make_error(request, &failure);
    else if (step == answer)
        request->answer = g_steal_pointer(&reply);
}

/* Answers a request that is not quick all the same, if what it asks for is at hand. */
static gboolean
try_to_answer(DaemonRequest *request, DaemonSession *session)
{
    const RpcFrame *frame = &request->frame;
    g_autoptr(GByteArray) reply = NULL;
    g_auto(RpcError) failure = { .detail = NULL };
    RpcXdr args;
    DaemonCall call = { .session = session, .args = &args, .error = &failure };

    if (frame->program != DAEMON_PROCEDURE_PROGRAM || frame->version != DAEMON_PROCEDURE_VERSION ||
        frame->status != RPC_FRAME_OK)
        return FALSE;
    reply = begin_answer(request, RPC_FRAME_OK);
    call.reply = reply;
    rpc_xdr_init(&args, request->payload, request->size);
    if (!daemon_procedure_try(frame->procedure, &call) || !rpc_frame_end(reply, NULL))
        return FALSE;
    request->answer = g_steal_pointer(&reply);
    return TRUE;
}

void
daemon_request_work(DaemonRequest *request, DaemonSession *session)
{
    gboolean is_whole = daemon_procedure_may_block(request->frame.procedure);

    if (request->answer != NULL)
        return;
    daemon_request_do(request, session, authorize);
    if (request->answer == NULL)
        daemon_request_do(request, session, is_whole ? answer : prepare);
}

DaemonWorkers *
daemon_request_begin(DaemonRequest *request, DaemonSession *session)
{
    guint32 procedure = request->frame.procedure;
    gboolean is_quick =
        daemon_procedure_is_quick(procedure) && !daemon_access_is_controlled(session);

    if (daemon_service_has_workers(session->service) && !is_quick &&
        !try_to_answer(request, session))
        return daemon_service_get_workers(
            session->service, session->authenticated ? daemon_procedure_get_work(procedure)
                                                     : DAEMON_SERVICE_ANONYMOUS);
    daemon_request_work(request, session);
    return NULL;
}

void
daemon_request_run(DaemonRequest *request, DaemonSession *session)
{
    if (request->answer == NULL)
        daemon_request_do(request, session, answer);
}

const GByteArray *
daemon_request_get_answer(const DaemonRequest *request)
{
    return request->answer;
}
