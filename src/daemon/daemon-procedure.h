/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-call.h"

#define DAEMON_PROCEDURE_PROGRAM 0x20008086
#define DAEMON_PROCEDURE_VERSION 1

/**
 * DaemonProcedureFlags:
 * @DAEMON_PROCEDURE_FOR_ALL: also for a client that has not authenticated
 * @DAEMON_PROCEDURE_UNOPENED: also before the connection is open
 * @DAEMON_PROCEDURE_WRITES: not on a read-only connection
 *
 * When a client may call a procedure.
 */
typedef enum {
    DAEMON_PROCEDURE_PLAIN = 0,
    DAEMON_PROCEDURE_FOR_ALL = 1 << 0,
    DAEMON_PROCEDURE_UNOPENED = 1 << 1,
    DAEMON_PROCEDURE_WRITES = 1 << 2,
} DaemonProcedureFlags;

/**
 * DaemonProcedure:
 * @name: libvirt's function of the call, for messages
 */
typedef struct {
    gint32 number;
    const char *name;
    DaemonProcedureFlags flags;
    DaemonCallHandler handler;
} DaemonProcedure;

/**
 * daemon_procedure_find:
 *
 * Returns: (nullable): the procedure of that number; %NULL if we do not know it, which includes the
 *   numbers of events.
 */
const DaemonProcedure *daemon_procedure_find(gint32 number);

/**
 * daemon_procedure_run:
 * @call: all but its function
 *
 * Answers one call, if the client may make it now.
 *
 * Returns: as #DaemonCallHandler does.
 */
gboolean daemon_procedure_run(const DaemonProcedure *procedure, DaemonCall *call);
