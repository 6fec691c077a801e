/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-front-call.h"
#include "daemon-request.h"

/**
 * DaemonFrontWork:
 *
 * What becomes a packet for the client of a front: a call that we answer, libvirtd's answer to
 * which something may be added, or what it says by itself and has to come behind that.
 */
typedef struct _DaemonFrontWork DaemonFrontWork;

/** daemon_front_work_new_request: (transfer full): @request: (transfer full): that we answer. */
DaemonFrontWork *daemon_front_work_new_request(DaemonRequest *request);

/**
 * daemon_front_work_new_reply:
 * @call: (transfer full) (nullable): that libvirtd has answered
 * @reply: copied
 *
 * Returns: (transfer full): it.
 */
DaemonFrontWork *daemon_front_work_new_reply(DaemonFrontCall *call, const GByteArray *reply);

/**
 * daemon_front_work_free:
 * @work: (transfer full) (nullable): %NULL does nothing
 */
void daemon_front_work_free(DaemonFrontWork *work);

/** daemon_front_work_get_size: in bytes. */
gsize daemon_front_work_get_size(const DaemonFrontWork *work);

/**
 * daemon_front_work_try:
 * @session: of the client; nobody else may use it meanwhile
 *
 * Does it if it takes no time, or what it needs is at hand.
 *
 * Returns: whether it is done; if so, daemon_front_work_finish() has to follow.
 */
gboolean daemon_front_work_try(DaemonFrontWork *work, DaemonSession *session);

/** daemon_front_work_get_workers: who does it otherwise. */
DaemonWorkers *daemon_front_work_get_workers(const DaemonFrontWork *work,
                                             const DaemonSession *session);

/**
 * daemon_front_work_do:
 * @session: of the client; nobody else may use it meanwhile
 *
 * May take long, and may be called in any thread; daemon_front_work_finish() has to follow.
 */
void daemon_front_work_do(DaemonFrontWork *work, DaemonSession *session);

/**
 * daemon_front_work_finish:
 *
 * Returns: (nullable): the packet for the client; belongs to @work.
 */
const GByteArray *daemon_front_work_finish(DaemonFrontWork *work, DaemonSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonFrontWork, daemon_front_work_free)
