/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front-opening.h"

#include "daemon-access.h"
#include "daemon-behind.h"
#include "daemon-front-stage.h"
#include "daemon-log.h"

#define OPEN_READ_ONLY 0x1

/* Nothing else of this connection is under way from now until it is open: what libvirtd answers is
 * known by its procedure, and nobody's call is done under our name. */
void
daemon_front_opening_try(DaemonFront *front)
{
    if (front->state == CALMING && front->outstanding == 0)
        daemon_front_stage_ask(front, OPENING, g_byte_array_ref(front->opening));
}

void
daemon_front_opening_begin(DaemonFront *front, const GByteArray *packet)
{
    /* libvirtd says what it thinks of a second time, and it is not ours to know what holds then. */
    if (front->state == OPENED) {
        front->looks = FALSE;
        front_port_send(front->libvirtd, packet);
        return;
    }
    daemon_front_stage_set_copy(&front->opening, packet);
    front->state = CALMING;
    daemon_front_stage_update(front);
    daemon_front_opening_try(front);
}

/* It is not opened after all: the client gets this error of libvirtd in answer, and can do nothing
 * over this connection, which would be ours. */
static void
give_up_opening(DaemonFront *front, const GByteArray *error)
{
    RpcFrame call = daemon_front_stage_read_frame(front->opening);
    RpcFrame frame = daemon_front_stage_read_frame(error);
    g_autoptr(GByteArray) answer = NULL;

    frame.procedure = call.procedure;
    frame.serial = call.serial;
    answer = rpc_frame_begin(&frame);
    g_byte_array_append(answer, error->data + RPC_FRAME_MIN_SIZE, error->len - RPC_FRAME_MIN_SIZE);
    rpc_frame_end(answer, NULL);
    if (frame.status == RPC_FRAME_ERROR)
        front_port_send(front->client, answer);
    front_port_close_when_sent(front->client);
    g_clear_pointer(&front->answer, g_byte_array_unref);
}

/* Reads what the client said. Returns (nullable) (transfer full): the name that it opens. */
static char *
read_opening(const DaemonFront *front, gboolean *read_only)
{
    char *name = NULL;
    guint32 flags = 0;
    RpcXdr args;

    rpc_xdr_init(&args, front->opening->data, front->opening->len);
    args.offset = RPC_FRAME_MIN_SIZE;
    rpc_xdr_get_optional_string(&args, "name", &name, NULL);
    rpc_xdr_get_u32(&args, "flags", &flags, NULL);
    *read_only =
        (flags & OPEN_READ_ONLY) != 0 || front->session->channel == DAEMON_CHANNEL_READ_ONLY;
    return name;
}

/* From now on calls about node devices are looked at, if they are this machine's. */
static void
begin_looking(DaemonFront *front, const char *uri)
{
    const DaemonUri this_machine = { NULL };
    const char *driver = daemon_behind_find_driver(uri);
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    gboolean read_only;
    DaemonHost *host;

    if (driver == NULL)
        return;
    name = read_opening(front, &read_only);
    host = daemon_service_open_host(front->session->service, &this_machine, read_only, &error);
    if (host == NULL) {
        daemon_log_write(G_LOG_LEVEL_WARNING, front->session, NULL, "%s", error->message);
        return;
    }
    front->session->driver = driver;
    daemon_session_open(front->session, g_strdup(uri), host, read_only);
    front->looks = TRUE;
}

/* The client may be here. A name that is no URI is for libvirtd to make one of, by its
 * configuration and its drivers. */
static void
find_uri(DaemonFront *front)
{
    gboolean read_only;
    g_autofree char *name = read_opening(front, &read_only);

    if (name == NULL || g_uri_peek_scheme(name) == NULL) {
        daemon_front_stage_ask(front, ASKING, daemon_behind_make_get_uri());
        return;
    }
    begin_looking(front, name);
    daemon_front_stage_go_on(front, OPENED);
}

/* Without access control whoever could authenticate may be here. */
static void
on_identified(DaemonFront *front)
{
    if (daemon_access_is_controlled(front->session))
        daemon_front_stage_ask(front, PROBING, daemon_behind_make_get_hostname());
    else
        find_uri(front);
}

static void
on_opened(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    daemon_front_stage_set_copy(&front->answer, packet);
    if (frame->status == RPC_FRAME_OK)
        daemon_front_stage_ask(front, IDENTIFYING, g_byte_array_ref(front->identity));
    else
        daemon_front_stage_go_on(front, PASSING);
}

static void
on_uri(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    g_autofree char *uri = daemon_behind_get_uri(frame, packet);

    if (uri != NULL)
        begin_looking(front, uri);
    daemon_front_stage_go_on(front, OPENED);
}

void
daemon_front_opening_on_answer(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    if (front->state == OPENING)
        on_opened(front, frame, packet);
    else if (front->state == ASKING)
        on_uri(front, frame, packet);
    else if (front->state == IDENTIFYING && daemon_behind_is_identified(frame))
        on_identified(front);
    else if (front->state == PROBING && !daemon_behind_is_denied(frame, packet))
        find_uri(front);
    else
        give_up_opening(front, packet);
}
