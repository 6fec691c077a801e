/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-session.h"
#include "rpc-frame.h"

/**
 * DaemonRequest:
 *
 * One call of a client, from its packet to the packet that answers it.
 */
typedef struct _DaemonRequest DaemonRequest;

/**
 * daemon_request_new:
 * @payload: copied
 *
 * Returns: (transfer full): the request; never fails.
 */
DaemonRequest *daemon_request_new(const RpcFrame *frame, const RpcXdr *payload);

/**
 * daemon_request_free:
 * @request: (transfer full) (nullable): %NULL does nothing
 */
void daemon_request_free(DaemonRequest *request);

/** daemon_request_get_size: of its arguments, in bytes. */
gsize daemon_request_get_size(const DaemonRequest *request);

/**
 * daemon_request_begin:
 * @session: of the client; nobody else may use it meanwhile
 *
 * Does daemon_request_work() if that takes no time, because no device is asked for or what it asks
 * for is at hand, or if there are no workers.
 *
 * Returns: (nullable) (transfer none): the workers who do it otherwise.
 */
DaemonWorkers *daemon_request_begin(DaemonRequest *request, DaemonSession *session);

/**
 * daemon_request_work:
 * @session: of the client; nobody else may use it meanwhile
 *
 * Does what of answering the request may take long, and asks first whether the client may make it.
 * May be called in any thread; daemon_request_run() has to follow.
 */
void daemon_request_work(DaemonRequest *request, DaemonSession *session);

/**
 * daemon_request_run:
 * @session: of the client; nobody else may use it meanwhile
 *
 * Does what the call asks for, if it has no answer yet.
 */
void daemon_request_run(DaemonRequest *request, DaemonSession *session);

/**
 * daemon_request_get_answer:
 *
 * Returns: (nullable): the whole packet that answers it, after daemon_request_run(); belongs to
 *   @request. %NULL if no answer fits into a packet, which cannot be.
 */
const GByteArray *daemon_request_get_answer(const DaemonRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonRequest, daemon_request_free)
