/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front-entry.h"

#include <glib/gi18n.h>

#include "daemon-behind.h"
#include "daemon-front-stage.h"
#include "daemon-log.h"
#include "rpc-error.h"

/* For how long libvirtd is left alone when its queue is full. */
#define RETRY_MS 20

/* The client is not let in after all, and may try again. */
static void
turn_away(DaemonFront *front, int code, int domain, const char *reason)
{
    RpcFrame call = daemon_front_stage_read_frame(front->answer);

    daemon_log_write(G_LOG_LEVEL_WARNING, front->session, NULL, "%s", reason);
    daemon_front_stage_send_error(front, &call, code, domain, reason);
    g_clear_pointer(&front->answer, g_byte_array_unref);
    front->session->authenticated = FALSE;
    daemon_front_stage_go_on(front, AT_THE_DOOR);
}

/* The client has authenticated, and libvirtd is there. */
static void
welcome(DaemonFront *front)
{
    front->is_known = TRUE;
    g_clear_pointer(&front->deadline, rpc_timer_free);
    front_port_set_max_packet(front->client, RPC_FRAME_MAX_SIZE);
    front_port_join(front->client, front->libvirtd);
    if (front->handlers->authenticated != NULL)
        front->handlers->authenticated(front, front->user_data);
    daemon_front_stage_go_on(front, PASSING);
}

/* libvirtd may have gone meanwhile; then the client is about to. */
static void
go_on_when_named(DaemonFront *front)
{
    if (front->state == NAMING && front->identity != NULL && front->libvirtd != NULL)
        welcome(front);
    else
        daemon_front_stage_update(front);
}

void
daemon_front_entry_on_greeted(DaemonFront *front, const RpcFrame *frame, const GByteArray *packet)
{
    if (frame->type != RPC_FRAME_REPLY)
        return;
    if (!daemon_behind_lets_in(frame, packet)) {
        turn_away(front, RPC_ERROR_AUTH_FAILED, RPC_DOMAIN_RPC,
                  _("libvirtd refuses the connection of virtzpcid, which stands in front of it"));
        front_port_close_when_sent(front->client);
        return;
    }
    front->state = NAMING;
    go_on_when_named(front);
}

static void try_to_connect(gpointer user_data);

static void
try_again_later(DaemonFront *front)
{
    if (front->retry == NULL)
        front->retry = rpc_timer_new(daemon_service_get_timers(front->session->service),
                                     try_to_connect, front);
    rpc_timer_set(front->retry, RETRY_MS);
}

static void
try_to_connect(gpointer user_data)
{
    DaemonFront *front = user_data;
    const DaemonService *service = front->session->service;
    g_autoptr(GSocket) socket = NULL;
    g_autoptr(GError) error = NULL;

    if (front->state != CONNECTING)
        return;
    if (!daemon_behind_connect(daemon_service_get_behind(service),
                               front->session->channel == DAEMON_CHANNEL_READ_ONLY, &socket,
                               &error)) {
        turn_away(front, RPC_ERROR_SYSTEM, RPC_DOMAIN_RPC, error->message);
        return;
    }
    if (socket == NULL) {
        try_again_later(front);
        return;
    }
    front->libvirtd =
        front_port_new(socket, daemon_service_get_poll(service), front->libvirtd_handlers, front);
    daemon_front_stage_ask(front, GREETING, daemon_behind_make_auth_list());
}

void
daemon_front_entry_on_named(DaemonFront *front, DaemonFrontWork *naming)
{
    g_autoptr(GError) error = NULL;

    front->identity = daemon_front_work_take_identity(naming, &error);
    if (front->identity == NULL && front->state != AT_THE_DOOR) {
        g_clear_pointer(&front->libvirtd, front_port_free);
        turn_away(front, RPC_ERROR_SYSTEM, RPC_DOMAIN_NONE, error->message);
        return;
    }
    go_on_when_named(front);
}

/* Lets the client in once libvirtd lets us in and it is known how the client is called; neither
 * waits for the other. */
void
daemon_front_entry_let_in(DaemonFront *front, const GByteArray *answer)
{
    daemon_front_stage_set_copy(&front->answer, answer);
    front->state = CONNECTING;
    g_clear_pointer(&front->identity, g_byte_array_unref);
    daemon_queue_add_next(front->works, daemon_front_work_new_naming());
    try_to_connect(front);
}
