/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <gio/gio.h>

#include "front-inlet.h"
#include "rpc-poll.h"

/* How many bytes are asked of a socket at once: more than a socket of the Unix domain usually
 * holds. */
#define FRONT_PORT_CHUNK (256 * 1024)

/* While more bytes than this wait for a port to take them, nothing more is read from the other. */
#define FRONT_PORT_MAX_WAITING (256 * 1024)

/* A port that lets more than this wait is cut off: packets of our own come whether it reads them or
 * not. */
#define FRONT_PORT_MAX_QUEUED (64 * 1024 * 1024)

/**
 * FrontPort:
 *
 * One of the two sockets of a connection that is passed on. What comes in goes to the other port,
 * but for the frames that are held; what the other port does not take waits, and then nothing more
 * is read.
 */
typedef struct _FrontPort FrontPort;

/**
 * FrontPortHandlers:
 * @judge: a frame of @length bytes begins. Returns: whether to hold it, as for #FrontInlet
 * @held: a frame that was held is whole; @packet is borrowed
 * @drained: (nullable): the port is congested no more
 * @closed: the stream has ended; called exactly once, from the main context. It may free both
 *   ports.
 *
 * The others may pause ports, send and close, but not free a port.
 */
typedef struct {
    gboolean (*judge)(FrontPort *port, const RpcFrame *frame, guint32 length, gpointer user_data);
    void (*held)(FrontPort *port, const RpcFrame *frame, const GByteArray *packet,
                 gpointer user_data);
    void (*drained)(FrontPort *port, gpointer user_data);
    void (*closed)(FrontPort *port, gpointer user_data);
} FrontPortHandlers;

/**
 * front_port_new:
 * @socket: a connected stream socket of the Unix domain; a reference is taken, and it is made
 *   non-blocking
 * @poll: borrowed: serves it, and must outlive it
 * @handlers: static
 *
 * Returns: (transfer full): the port, already being served; never fails. Without a second one all
 *   frames have to be held.
 */
FrontPort *front_port_new(GSocket *socket, RpcPoll *poll, const FrontPortHandlers *handlers,
                          gpointer user_data);

/**
 * front_port_free:
 * @port: (transfer full) (nullable): %NULL does nothing
 *
 * Closes the socket, without a call of the closed handler. The other port is alone from now on.
 */
void front_port_free(FrontPort *port);

/** front_port_join: from now on what comes in from each of the two goes out to the other. */
void front_port_join(FrontPort *port, FrontPort *other);

/** front_port_set_max_packet: whoever sends a longer frame is cut off. */
void front_port_set_max_packet(FrontPort *port, guint max_packet);

/**
 * front_port_send:
 * @packet: a whole packet of our own; copied
 *
 * Sends it between two frames of the other port. A port that lets too many bytes wait is closed.
 */
void front_port_send(FrontPort *port, const GByteArray *packet);

/** front_port_set_paused: while paused, no frame of this port is begun. */
void front_port_set_paused(FrontPort *port, gboolean paused);

/** front_port_is_congested: whether more than %FRONT_PORT_MAX_WAITING bytes wait for the port. Who
 * sends it packets of their own should wait, too, until they are fewer. */
gboolean front_port_is_congested(const FrontPort *port);

/** front_port_close: ends the stream, not before the next turn of the main loop. */
void front_port_close(FrontPort *port);

/** front_port_close_when_sent: the same when everything has gone out; nothing more is read. */
void front_port_close_when_sent(FrontPort *port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrontPort, front_port_free)
