/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-access.h"
#include "zpci-monitor.h"

/* How many events may wait for polkit's word; a client for which there are more is told of none any
 * more. */
#define DAEMON_GATE_MAX_WAITING 65536

/**
 * DaemonGate:
 *
 * Holds events back until polkit has said that the client may know of their devices, and keeps
 * their order.
 */
typedef struct _DaemonGate DaemonGate;

/**
 * daemon_gate_new:
 * @session: borrowed, and looked at only in daemon_gate_push()
 * @pass: called from the default main context with each event that the client may know of
 *
 * Returns: (transfer full): an empty gate; never fails.
 */
DaemonGate *daemon_gate_new(const DaemonSession *session, ZpciMonitorHandler pass,
                            gpointer user_data);

/**
 * daemon_gate_free:
 * @gate: (transfer full) (nullable): %NULL does nothing
 *
 * What waits is lost; @pass is not called any more.
 */
void daemon_gate_free(DaemonGate *gate);

/**
 * daemon_gate_push:
 *
 * Returns: %FALSE if too many events wait already.
 */
gboolean daemon_gate_push(DaemonGate *gate, ZpciEvent event, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonGate, daemon_gate_free)
