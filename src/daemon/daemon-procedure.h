/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

#define DAEMON_PROCEDURE_PROGRAM 0x20008086
#define DAEMON_PROCEDURE_VERSION 1

/**
 * daemon_procedure_may_block:
 *
 * Returns: whether a call of procedure @number may take long, so that a worker should do it.
 */
gboolean daemon_procedure_may_block(gint32 number);

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
 * daemon_procedure_run:
 * @number: the procedure that the client calls: any number
 * @call: all but its function
 *
 * Answers one call, if the client may make it now.
 *
 * Returns: as #DaemonCallHandler does.
 */
gboolean daemon_procedure_run(gint32 number, DaemonCall *call);
