/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-socket.h"

/* The most sockets that we can be started with. */
#define DAEMON_ACTIVATION_MAX 16

/**
 * daemon_activation_take:
 * @sockets: (element-type DaemonSocket): where to add those that systemd has passed
 *
 * systemd says the name of the unit of each; those of *-ro.socket are for reading only. A name that
 * is none of ours is an error, because somebody would wait on that socket for ever.
 *
 * Returns: %FALSE with @error set if one cannot be used; without any it is %TRUE.
 */
gboolean daemon_activation_take(GPtrArray *sockets, GError **error);

/**
 * daemon_activation_notify:
 * @state: "READY=1" and the like, of sd_notify(3)
 *
 * Tells systemd, if it has started us and wants to know.
 */
void daemon_activation_notify(const char *state);
