/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-front-work.h"
#include "daemon-front.h"
#include "daemon-queue.h"
#include "front-port.h"
#include "rpc-timer.h"

/* What the files of a front share. */

/* How far a client has come. */
typedef enum {
    AT_THE_DOOR, /* it shows us who it is; nobody else hears it */
    CONNECTING,  /* it is let in; to libvirtd, while we look how it is called */
    GREETING,    /* libvirtd is asked whether it lets us in; likewise */
    NAMING,      /* libvirtd does; we still look how the client is called */
    PASSING,     /* frames pass, but nothing is open */
    CALMING,     /* it opens: the calls before that get their answers first */
    OPENING,     /* libvirtd opens it */
    IDENTIFYING, /* libvirtd is told who it is */
    PROBING,     /* libvirtd is asked whether it may be here */
    ASKING,      /* libvirtd is asked what was opened */
    OPENED,      /* frames pass */
} DaemonFrontStage;

struct _DaemonFront {
    DaemonQueue *works;     /* each a DaemonFrontWork */
    DaemonSession *session; /* belongs to them */
    const DaemonClientHandlers *handlers;
    gpointer user_data;
    const FrontPortHandlers *libvirtd_handlers;
    DaemonFrontStage state;
    FrontPort *client;
    FrontPort *libvirtd; /* NULL while there is no connection to it */
    RpcTimer *deadline;  /* NULL once the client is let in, or if it may take any time */
    RpcTimer *retry;     /* NULL unless it is set */
    gboolean is_known;

    GByteArray *identity; /* a packet; NULL until it is made */
    GByteArray *answer;   /* what the client gets when this state is over, or NULL */
    GByteArray *opening;  /* what it said to open, or NULL */
    guint outstanding;    /* calls that passed and have no answer */
    gboolean looks;       /* at calls about node devices */

    GQueue calls; /* DaemonFrontCall: passed on; their answers are looked at */
};

/** daemon_front_stage_is_in_between: whether something comes before what the client says next. */
gboolean daemon_front_stage_is_in_between(const DaemonFront *front);

/** daemon_front_stage_update: pauses those who have to wait, or lets them go on. */
void daemon_front_stage_update(DaemonFront *front);

/** daemon_front_stage_go_on: to another state, after the client has got the answer that was kept.
 */
void daemon_front_stage_go_on(DaemonFront *front, DaemonFrontStage state);

/**
 * daemon_front_stage_ask:
 * @packet: (transfer full): to libvirtd
 * @state: during which its answer comes
 */
void daemon_front_stage_ask(DaemonFront *front, DaemonFrontStage state, GByteArray *packet);

/** daemon_front_stage_send_error: answers @call. @code, @domain: as in #RpcError. */
void daemon_front_stage_send_error(const DaemonFront *front, const RpcFrame *call, int code,
                                   int domain, const char *detail);

/** daemon_front_stage_read_frame: the header of a packet. */
RpcFrame daemon_front_stage_read_frame(const GByteArray *packet);

/** daemon_front_stage_set_copy: @place: (inout): gets a copy of @packet. */
void daemon_front_stage_set_copy(GByteArray **place, const GByteArray *packet);
