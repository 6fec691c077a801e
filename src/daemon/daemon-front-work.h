/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-front-call.h"
#include "daemon-request.h"

/**
 * DaemonFrontWork:
 *
 * What is done for the client of a front and may take long. Most of it becomes a packet for the
 * client: a call that we answer, libvirtd's answer to which something may be added, or what it says
 * by itself and has to come behind that. Besides, it is found out how the client is called.
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

/** daemon_front_work_new_naming: (transfer full): finds out how the client is called. */
DaemonFrontWork *daemon_front_work_new_naming(void);

/**
 * daemon_front_work_free:
 * @work: (transfer full) (nullable): %NULL does nothing
 */
void daemon_front_work_free(DaemonFrontWork *work);

/** daemon_front_work_get_size: in bytes. */
gsize daemon_front_work_get_size(const DaemonFrontWork *work);

/**
 * daemon_front_work_begin:
 * @session: of the client; nobody else may use it meanwhile
 *
 * Does it if it takes no time, or what it needs is at hand.
 *
 * Returns: (nullable) (transfer none): the workers who do it otherwise.
 */
DaemonWorkers *daemon_front_work_begin(DaemonFrontWork *work, DaemonSession *session);

/**
 * daemon_front_work_do:
 * @session: of the client; nobody else may use it meanwhile
 *
 * May take long, and may be called in any thread.
 */
void daemon_front_work_do(DaemonFrontWork *work, DaemonSession *session);

/** daemon_front_work_is_naming: whether daemon_front_work_new_naming() has made it. */
gboolean daemon_front_work_is_naming(const DaemonFrontWork *work);

/**
 * daemon_front_work_take_identity:
 * @work: that is naming, and done
 *
 * Returns: (nullable) (transfer full): the packet that tells libvirtd; %NULL with @error set if it
 *   cannot be told how the client is called.
 */
GByteArray *daemon_front_work_take_identity(DaemonFrontWork *work, GError **error);

/**
 * daemon_front_work_finish:
 * @work: that is not naming, and done
 *
 * Returns: (nullable): the packet for the client; belongs to @work.
 */
const GByteArray *daemon_front_work_finish(DaemonFrontWork *work, DaemonSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonFrontWork, daemon_front_work_free)
