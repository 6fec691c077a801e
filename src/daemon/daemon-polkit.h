/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-credentials.h"

/**
 * DaemonPolkitResult:
 * @DAEMON_POLKIT_ALLOWED: it may
 * @DAEMON_POLKIT_DENIED: it may not
 * @DAEMON_POLKIT_DISMISSED: the user was asked for a password and gave up
 * @DAEMON_POLKIT_NO_AGENT: a password is needed, and there is no agent to ask for it
 * @DAEMON_POLKIT_FAILED: polkit cannot be asked
 *
 * What polkit says.
 */
typedef enum {
    DAEMON_POLKIT_ALLOWED,
    DAEMON_POLKIT_DENIED,
    DAEMON_POLKIT_DISMISSED,
    DAEMON_POLKIT_NO_AGENT,
    DAEMON_POLKIT_FAILED,
} DaemonPolkitResult;

/**
 * daemon_polkit_check:
 * @subject: the process that wants to
 * @action: the name of what it wants to do
 * @details: (nullable): a floating or full a{ss} of what polkit's rules may look at; consumed
 * @is_interactive: whether the user may be asked for a password, which can take minutes
 * @cancellable: (nullable): calls the question off; then it has failed
 * @error: (nullable): set only with %DAEMON_POLKIT_FAILED
 *
 * Asks polkit over the system bus, and waits for its answer.
 */
DaemonPolkitResult daemon_polkit_check(const DaemonCredentials *subject, const char *action,
                                       GVariant *details, gboolean is_interactive,
                                       GCancellable *cancellable, GError **error);
