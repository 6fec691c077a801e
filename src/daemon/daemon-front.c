/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front.h"

#include <glib/gi18n.h>

#include "daemon-front-entry.h"
#include "daemon-front-opening.h"
#include "daemon-front-stage.h"
#include "daemon-log.h"
#include "daemon-procedure.h"
#include "names.h"
#include "rpc-error.h"
#include "rpc-keepalive.h"

#define PROGRAM_QEMU 0x20008087
#define PROGRAM_LXC 0x00068000

#define OPEN 1

static DaemonWorkers *
begin_work(gpointer work, DaemonSession *session)
{
    return daemon_front_work_begin(work, session);
}

static void
do_work(gpointer work, DaemonSession *session)
{
    daemon_front_work_do(work, session);
}

static void
finish_work(gpointer piece, gpointer user_data)
{
    DaemonFront *front = user_data;
    g_autoptr(DaemonFrontWork) work = piece;
    const GByteArray *answer;

    if (daemon_front_work_is_naming(work)) {
        daemon_front_entry_on_named(front, work);
        return;
    }
    answer = daemon_front_work_finish(work, front->session);
    if (front->state == AT_THE_DOOR && front->session->authenticated && answer != NULL)
        daemon_front_entry_let_in(front, answer);
    else if (answer != NULL)
        front_port_send(front->client, answer);
    if (front->session->leaves)
        front_port_close_when_sent(front->client);
}

static gsize
get_size_of_work(gconstpointer work)
{
    return daemon_front_work_get_size(work);
}

static void
free_work(gpointer work)
{
    daemon_front_work_free(work);
}

/* For one who does not read the answers that there are, nothing more is done. */
static gboolean
may_go_on(gpointer user_data)
{
    const DaemonFront *front = user_data;

    return !front_port_is_congested(front->client);
}

static void
update(gpointer user_data)
{
    daemon_front_stage_update(user_data);
}

static const DaemonQueueHandlers work_handlers = {
    .may_go_on = may_go_on,
    .begin = begin_work,
    .work = do_work,
    .done = finish_work,
    .rests = update,
    .get_size = get_size_of_work,
    .free = free_work,
};

static void
answer_call(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    RpcXdr payload;

    rpc_xdr_init(&payload, packet->data, packet->len);
    payload.offset = RPC_FRAME_MIN_SIZE;
    daemon_queue_add(front->works,
                     daemon_front_work_new_request(daemon_request_new(frame, &payload)));
}

/* Whether libvirtd would know such a call, and not do it for somebody who has not authenticated. */
static gboolean
is_of_libvirtd(const RpcFrame *frame)
{
    if (frame->program == DAEMON_PROCEDURE_PROGRAM)
        return !daemon_procedure_is_for_all(frame->procedure);
    return frame->program == PROGRAM_QEMU || frame->program == PROGRAM_LXC;
}

/* As libvirtd does before somebody has authenticated. */
static void
answer_at_the_door(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    g_autoptr(GByteArray) pong = rpc_keepalive_answer(frame);

    if (pong != NULL)
        front_port_send(front->client, pong);
    else if (frame->type == RPC_FRAME_CALL && is_of_libvirtd(frame))
        daemon_front_stage_send_error(front, frame, RPC_ERROR_RPC, RPC_DOMAIN_RPC,
                                      _("authentication required"));
    else if (frame->type == RPC_FRAME_CALL)
        answer_call(front, frame, packet);
}

/* Returns (nullable): the call that passed on and that @frame answers. */
static GList *
find_call(const DaemonFront *front, const RpcFrame *frame)
{
    for (GList *link = front->calls.head; link != NULL; link = link->next) {
        if (daemon_front_call_is_answered(link->data, frame))
            return link;
    }
    return NULL;
}

/* Whether it tells of a device, and answers that it gave before are still being made: a client that
 * has no answer to its registration does not know what to do with that. */
static gboolean
comes_early(const DaemonFront *front, const RpcFrame *frame)
{
    return frame->type == RPC_FRAME_MESSAGE && frame->program == DAEMON_PROCEDURE_PROGRAM &&
           (daemon_queue_is_busy(front->works) || daemon_queue_get_length(front->works) > 0) &&
           daemon_notifier_is_event(frame->procedure);
}

/* Of what libvirtd says, few are held; which ones depends on how far we are. */
static gboolean
judge_libvirtd(G_GNUC_UNUSED FrontPort *port, const RpcFrame *frame, G_GNUC_UNUSED guint32 length,
               gpointer user_data)
{
    DaemonFront *front = user_data;
    gboolean is_reply = frame->type == RPC_FRAME_REPLY;

    if (front->state == GREETING)
        return TRUE;
    if (daemon_front_stage_is_in_between(front) && front->state != CALMING)
        return is_reply && frame->program == DAEMON_PROCEDURE_PROGRAM;
    if (front->outstanding > 0 && (is_reply || frame->type == RPC_FRAME_REPLY_WITH_DESCRIPTORS))
        front->outstanding--;
    daemon_front_opening_try(front);
    return length <= FRONT_INLET_MAX_HELD &&
           (comes_early(front, frame) || (is_reply && frame->program == DAEMON_PROCEDURE_PROGRAM &&
                                          find_call(front, frame) != NULL));
}

static void
on_answer(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    GList *link = find_call(front, frame);
    DaemonFrontCall *call;

    if (frame->type == RPC_FRAME_MESSAGE)
        daemon_queue_add(front->works, daemon_front_work_new_reply(NULL, packet));
    if (link == NULL)
        return;
    call = link->data;
    g_queue_delete_link(&front->calls, link);
    if (frame->status == RPC_FRAME_OK) {
        daemon_queue_add(front->works, daemon_front_work_new_reply(call, packet));
        return;
    }
    daemon_front_call_free(call);
    front_port_send(front->client, packet);
    daemon_front_stage_update(front);
}

static void
held_libvirtd(G_GNUC_UNUSED FrontPort *port, const RpcFrame *frame, const GByteArray *packet,
              gpointer user_data)
{
    DaemonFront *front = user_data;

    if (front->state == GREETING)
        daemon_front_entry_on_greeted(front, frame, packet);
    else if (daemon_front_stage_is_in_between(front) && front->state != CALMING)
        daemon_front_opening_on_answer(front, frame, packet);
    else
        on_answer(front, frame, packet);
}

/* What it has said goes out; then the client's stream ends, too. */
static void
closed_libvirtd(FrontPort *port, gpointer user_data)
{
    DaemonFront *front = user_data;

    front->libvirtd = NULL;
    front_port_free(port);
    front_port_close_when_sent(front->client);
}

static const FrontPortHandlers libvirtd_handlers = {
    .judge = judge_libvirtd,
    .held = held_libvirtd,
    .closed = closed_libvirtd,
};

/* A call that opens comes to us however it is made, lest libvirtd take what follows for ours. */
static gboolean
judge_client(G_GNUC_UNUSED FrontPort *port, const RpcFrame *frame, guint32 length,
             gpointer user_data)
{
    DaemonFront *front = user_data;
    gboolean is_call =
        frame->type == RPC_FRAME_CALL || frame->type == RPC_FRAME_CALL_WITH_DESCRIPTORS;

    if (front->state == AT_THE_DOOR)
        return TRUE;
    if (is_call && frame->program == DAEMON_PROCEDURE_PROGRAM) {
        if (frame->procedure == OPEN ||
            (front->looks && frame->type == RPC_FRAME_CALL && frame->status == RPC_FRAME_OK &&
             length <= DAEMON_FRONT_CALL_MAX && daemon_front_call_concerns(frame->procedure)))
            return TRUE;
    }
    if (is_call)
        front->outstanding++;
    return FALSE;
}

static void
look_at(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    gboolean standby = daemon_service_get_config(front->session->service)->standby != 0;
    DaemonFrontCall *call = NULL;

    switch (daemon_front_call_judge(frame, packet, standby, &call)) {
    case DAEMON_FRONT_ANSWER:
        answer_call(front, frame, packet);
        return;
    case DAEMON_FRONT_WATCH:
        g_queue_push_tail(&front->calls, call);
        break;
    case DAEMON_FRONT_PASS:
        break;
    }
    front->outstanding++;
    front_port_send(front->libvirtd, packet);
    daemon_front_stage_update(front);
}

static void
held_client(G_GNUC_UNUSED FrontPort *port, const RpcFrame *frame, const GByteArray *packet,
            gpointer user_data)
{
    DaemonFront *front = user_data;

    if (front->state == AT_THE_DOOR)
        answer_at_the_door(front, frame, packet);
    else if (frame->procedure == OPEN)
        daemon_front_opening_begin(front, packet);
    else
        look_at(front, frame, packet);
}

static void
drained_client(G_GNUC_UNUSED FrontPort *port, gpointer user_data)
{
    const DaemonFront *front = user_data;

    daemon_queue_go_on(front->works);
}

static void
closed_client(G_GNUC_UNUSED FrontPort *port, gpointer user_data)
{
    DaemonFront *front = user_data;

    daemon_log_write(G_LOG_LEVEL_INFO, front->session, NULL, "It has gone.");
    front->handlers->closed(front, front->user_data);
}

static const FrontPortHandlers client_handlers = {
    .judge = judge_client,
    .held = held_client,
    .drained = drained_client,
    .closed = closed_client,
};

static void
send_event(const GByteArray *packet, gpointer user_data)
{
    const DaemonFront *front = user_data;

    front_port_send(front->client, packet);
}

/* libvirtd tells of what it knows. */
static gboolean
wants_event(const char *name, G_GNUC_UNUSED gpointer user_data)
{
    return daemon_front_call_names_ours(name);
}

static const DaemonNotifierHandlers notifier_handlers = {
    .send = send_event,
    .wants = wants_event,
};

static void
on_deadline(gpointer user_data)
{
    DaemonFront *front = user_data;

    daemon_log_write(G_LOG_LEVEL_INFO, front->session, NULL, "It has not shown who it is in time.");
    front_port_close(front->client);
}

static gpointer
front_make(GSocket *socket, DaemonChannel channel, DaemonService *service,
           const DaemonClientHandlers *handlers, gpointer user_data)
{
    DaemonFront *front = g_new0(DaemonFront, 1);
    guint seconds = daemon_service_get_config(service)->auth_timeout;

    front->handlers = handlers;
    front->user_data = user_data;
    front->libvirtd_handlers = &libvirtd_handlers;
    g_queue_init(&front->calls);
    front->session =
        daemon_session_new(channel, service, daemon_notifier_new(&notifier_handlers, front));
    front->works = daemon_queue_new(front->session, &work_handlers, front);
    daemon_credentials_read(socket, &front->session->credentials, NULL);
    front->session->label = daemon_credentials_read_label(socket, NAME_SELINUX);
    front->client =
        front_port_new(socket, daemon_service_get_poll(service), &client_handlers, front);
    front_port_set_max_packet(front->client, DAEMON_CLIENT_MAX_ANONYMOUS_BYTES);
    if (seconds > 0) {
        front->deadline = rpc_timer_new(daemon_service_get_timers(service), on_deadline, front);
        rpc_timer_set(front->deadline, seconds * (gint64)1000);
    }
    daemon_log_write(G_LOG_LEVEL_INFO, front->session, NULL, "It has come to libvirtd%s.",
                     channel == DAEMON_CHANNEL_READ_ONLY ? " for reading" : "");
    return front;
}

static gboolean
front_is_authenticated(gconstpointer client)
{
    return ((const DaemonFront *)client)->is_known;
}

static void
free_call(gpointer data)
{
    daemon_front_call_free(data);
}

static void
front_free(gpointer client)
{
    DaemonFront *front = client;

    if (front == NULL)
        return;
    daemon_queue_free(front->works);
    rpc_timer_free(front->deadline);
    rpc_timer_free(front->retry);
    front_port_free(front->client);
    front_port_free(front->libvirtd);
    g_queue_clear_full(&front->calls, free_call);
    g_clear_pointer(&front->identity, g_byte_array_unref);
    g_clear_pointer(&front->answer, g_byte_array_unref);
    g_clear_pointer(&front->opening, g_byte_array_unref);
    g_free(front);
}

const DaemonClientKind daemon_front_kind = {
    .make = front_make,
    .is_authenticated = front_is_authenticated,
    .free = front_free,
};
