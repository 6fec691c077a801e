/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <gio/gio.h>

/**
 * DaemonSocket:
 * @socket: listens
 * @path: (nullable): our own file, to be removed at the end; %NULL if systemd made it
 * @is_read_only: whoever comes through it can change nothing
 *
 * A Unix socket on which clients come.
 */
typedef struct {
    GSocket *socket;
    char *path;
    gboolean is_read_only;
} DaemonSocket;

/**
 * daemon_socket_listen:
 * @path: where to make it; a socket that is there is removed, so nobody may be serving it
 * @mode: permission bits
 * @group: (nullable): the name of the group that it is given to
 * @backlog: how many clients may wait to be taken
 *
 * Returns: (transfer full): a socket of our own, listening; %NULL with @error set.
 */
DaemonSocket *daemon_socket_listen(const char *path, guint mode, const char *group, guint backlog,
                                   gboolean is_read_only, GError **error);

/**
 * daemon_socket_adopt:
 * @fd: (transfer full): a listening socket that we were started with
 *
 * Returns: (transfer full): it; %NULL with @error set if it is none, and closed.
 */
DaemonSocket *daemon_socket_adopt(int fd, gboolean is_read_only, GError **error);

/**
 * daemon_socket_free:
 * @socket: (transfer full) (nullable): %NULL does nothing
 *
 * Closes it, and removes its file if it is our own.
 */
void daemon_socket_free(DaemonSocket *socket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonSocket, daemon_socket_free)
