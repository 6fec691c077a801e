/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-session.h"
#include "rpc-frame.h"

/* The longest call that is looked at, in bytes. It has a name in it, or what identifies somebody; a
 * longer one names nothing of ours. */
#define DAEMON_FRONT_CALL_MAX 65536

/**
 * DaemonFrontCall:
 *
 * A call about node devices that passes on to libvirtd, and whose answer is looked at.
 */
typedef struct _DaemonFrontCall DaemonFrontCall;

/**
 * DaemonFrontVerdict:
 * @DAEMON_FRONT_PASS: the call is libvirtd's alone
 * @DAEMON_FRONT_WATCH: so is it, and something is added to its answer, or learned from it
 * @DAEMON_FRONT_ANSWER: it is about what libvirtd does not know, so we answer it
 */
typedef enum {
    DAEMON_FRONT_PASS,
    DAEMON_FRONT_WATCH,
    DAEMON_FRONT_ANSWER,
} DaemonFrontVerdict;

/** daemon_front_call_concerns: whether calls of procedure @number have to be looked at. */
gboolean daemon_front_call_concerns(gint32 number);

/** daemon_front_call_names_ours: whether libvirtd does not know such a device, and we may. */
gboolean daemon_front_call_names_ours(const char *name);

/**
 * daemon_front_call_judge:
 * @packet: the whole call
 * @standby: whether functions in standby are shown
 * @call: (out) (transfer full): what its answer is looked at for; only with %DAEMON_FRONT_WATCH
 */
DaemonFrontVerdict daemon_front_call_judge(const RpcFrame *frame, const GByteArray *packet,
                                           gboolean standby, DaemonFrontCall **call);

/**
 * daemon_front_call_free:
 * @call: (transfer full) (nullable): %NULL does nothing
 */
void daemon_front_call_free(DaemonFrontCall *call);

/** daemon_front_call_is_answered: whether @frame is its answer. */
gboolean daemon_front_call_is_answered(const DaemonFrontCall *call, const RpcFrame *frame);

/**
 * daemon_front_call_get_procedure:
 */
gint32 daemon_front_call_get_procedure(const DaemonFrontCall *call);

/**
 * daemon_front_call_try:
 * @answer: (out) (transfer full) (nullable): what daemon_front_call_work() returns
 *
 * The same without it, if what is asked for is at hand. Takes no time.
 *
 * Returns: whether it is; @answer is written only then.
 */
gboolean daemon_front_call_try(const DaemonFrontCall *call, const DaemonSession *session,
                               const GByteArray *reply, GByteArray **answer);

/**
 * daemon_front_call_work:
 * @session: of the client, which is open; nobody else may use it meanwhile
 * @reply: libvirtd's answer, which is good
 *
 * Makes the answer that the client gets. May take long, and may be called in any thread.
 *
 * Returns: (transfer full) (nullable): %NULL if it gets @reply as it is.
 */
GByteArray *daemon_front_call_work(const DaemonFrontCall *call, DaemonSession *session,
                                   const GByteArray *reply);

/**
 * daemon_front_call_finish:
 *
 * Learns from @reply what we have to know. Takes no time; daemon_front_call_work() has been called.
 */
void daemon_front_call_finish(const DaemonFrontCall *call, DaemonSession *session,
                              const GByteArray *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonFrontCall, daemon_front_call_free)
