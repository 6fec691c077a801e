/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

#define DAEMON_PROCEDURE_PROGRAM 0x20008086
#define DAEMON_PROCEDURE_VERSION 1

/* The largest arguments, in bytes, of a call that the main thread answers. */
#define DAEMON_PROCEDURE_MAX_QUICK 65536

/**
 * daemon_procedure_may_block:
 *
 * Returns: whether a worker should do a call of procedure @number, and not the main thread.
 */
gboolean daemon_procedure_may_block(gint32 number);

/**
 * daemon_procedure_is_quick:
 *
 * Returns: whether neither a call of procedure @number nor daemon_procedure_prepare() for it is
 * work for a worker.
 */
gboolean daemon_procedure_is_quick(gint32 number);

/** daemon_procedure_is_for_all: whether a client may call it who has not authenticated. */
gboolean daemon_procedure_is_for_all(gint32 number);

/** daemon_procedure_get_work: which workers do it, if it is not quick. */
DaemonServiceWork daemon_procedure_get_work(gint32 number);

/**
 * daemon_procedure_prepare:
 * @call: as for daemon_procedure_run()
 *
 * Does what of a call may take long, if it is answered by the main thread for the rest.
 *
 * Returns: as #DaemonCallHandler does.
 */
gboolean daemon_procedure_prepare(gint32 number, DaemonCall *call);

/**
 * daemon_procedure_authorize:
 * @number: the procedure that the client calls: any number
 * @call: as for daemon_procedure_run()
 *
 * Asks polkit whether the client may make the call, if it is to be asked, and waits for the answer.
 *
 * Returns: as #DaemonCallHandler does.
 */
gboolean daemon_procedure_authorize(gint32 number, DaemonCall *call);

/**
 * daemon_procedure_try:
 * @number: the procedure that the client calls: any number
 * @call: as for daemon_procedure_run()
 *
 * Answers a call that a worker should do, if all that is asked for is at hand and nobody has to be
 * asked whether the client may make it. Takes no time.
 *
 * Returns: whether @call has its reply; if not, neither that nor its error means anything.
 */
gboolean daemon_procedure_try(gint32 number, DaemonCall *call);

/**
 * daemon_procedure_run:
 * @number: the procedure that the client calls: any number
 * @call: all but its function
 *
 * Answers one call, if the client may make it now.
 *
 * Returns: as #DaemonCallHandler does.
 */
gboolean daemon_procedure_run(gint32 number, DaemonCall *call);
