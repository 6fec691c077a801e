/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * OtherProcessWork:
 * @round: how often it was done before
 *
 * Returns: whether it went as it should.
 */
typedef gboolean (*OtherProcessWork)(gpointer data, guint round);

/**
 * OtherProcess:
 *
 * A process beside the test, as another client's daemon is one. It works whenever it is told to,
 * and what one work has opened it keeps for the next.
 */
typedef struct _OtherProcess OtherProcess;

/** other_process_start: (transfer full): it does nothing yet. @data is as it is now. */
OtherProcess *other_process_start(OtherProcessWork work, gpointer data);

/** other_process_begin: it works once, at the same time as the test goes on. */
void other_process_begin(OtherProcess *process);

/** other_process_finish: waits for it, and asserts that the work went as it should. */
void other_process_finish(OtherProcess *process);

/** other_process_kill: without a warning. */
void other_process_kill(OtherProcess *process);

/** other_process_free: ends it, if it was not killed, and asserts that nothing was wrong. */
void other_process_free(OtherProcess *process);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OtherProcess, other_process_free)
