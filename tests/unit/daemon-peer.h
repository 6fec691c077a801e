/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-client.h"
#include "rpc-frame.h"

enum {
    DAEMON_PEER_OPEN = 1,
    DAEMON_PEER_CLOSE = 2,
    DAEMON_PEER_GET_TYPE = 3,
    DAEMON_PEER_AUTH_LIST = 66,
    DAEMON_PEER_COUNT = 111,
    DAEMON_PEER_LIST_NAMES = 112,
    DAEMON_PEER_LOOKUP = 113,
    DAEMON_PEER_GET_XML = 114,
    DAEMON_PEER_GET_PARENT = 115,
};

/**
 * DaemonPeer:
 * @config: (nullable): of the service; %NULL if that is another peer's
 * @client: (nullable): what is tested; freed, and %NULL, once its stream has ended
 * @fd: the other end of its socket pair, non-blocking; -1 if the test has closed it
 * @in: what has arrived at that end and was not taken yet
 *
 * A client of the daemon, served in this process, and the peer at its other end.
 */
typedef struct {
    DaemonConfig *config;
    DaemonService *service;
    DaemonClient *client;
    int fd;
    GByteArray *in;
} DaemonPeer;

/** daemon_peer_new: (transfer full): a client that has said nothing yet. */
DaemonPeer *daemon_peer_new(DaemonChannel channel);

/** daemon_peer_new_open: (transfer full): one that has opened the shipped capture @host. */
DaemonPeer *daemon_peer_new_open(const char *host);

/** daemon_peer_new_beside: (transfer full): another client of the same service. */
DaemonPeer *daemon_peer_new_beside(DaemonService *service, DaemonChannel channel);

/** daemon_peer_open: the client, which has said nothing yet, opens the shipped capture @host, or
 * what the service serves if that is %NULL. */
void daemon_peer_open(DaemonPeer *peer, const char *host);

/** daemon_peer_free: drops the client, if it is still there, and the peer. */
void daemon_peer_free(DaemonPeer *peer);

/** daemon_peer_settle: lets the daemon do what it has to do. */
void daemon_peer_settle(DaemonPeer *peer);

/** daemon_peer_receive: appends what has arrived to what was not taken yet. */
void daemon_peer_receive(DaemonPeer *peer);

/**
 * daemon_peer_next_packet:
 *
 * Returns: (transfer full) (nullable): the oldest packet that was not taken yet; %NULL if the
 * daemon has sent no more.
 */
GByteArray *daemon_peer_next_packet(DaemonPeer *peer);

/**
 * daemon_peer_wait_for_packet:
 *
 * Returns: (transfer full): the oldest packet that was not taken yet, whatever workers are still
 * busy with when it comes.
 */
GByteArray *daemon_peer_wait_for_packet(DaemonPeer *peer);

/** daemon_peer_read_word: the @word'th word of a packet, from 0. */
gint32 daemon_peer_read_word(const GByteArray *packet, guint word);

/** daemon_peer_put_open: appends the arguments of a call that opens @name. */
void daemon_peer_put_open(GByteArray *payload, const char *name);

/** daemon_peer_send_call: @payload may be %NULL. */
void daemon_peer_send_call(DaemonPeer *peer, gint32 procedure, const GByteArray *payload);

/** daemon_peer_take_answer: (transfer full): the next packet, which answers so. */
GByteArray *daemon_peer_take_answer(DaemonPeer *peer, gint32 procedure, RpcFrameStatus status);

/** daemon_peer_call: a call that succeeds, and whose answer does not matter. */
void daemon_peer_call(DaemonPeer *peer, gint32 procedure, const GByteArray *payload);
