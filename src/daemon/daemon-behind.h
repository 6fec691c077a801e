/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-credentials.h"
#include "rpc-frame.h"

/* How libvirtd, behind us, learns for whom a connection is: our own calls, and its answers. Packets
 * are (transfer full). */

/**
 * daemon_behind_connect:
 * @path: libvirtd's socket for everything; the one for reading is beside it
 * @socket: (out) (transfer full) (nullable): %NULL if libvirtd has no room just now; written on
 *   success only
 *
 * Takes no time.
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNREACHABLE if it is not there.
 */
gboolean daemon_behind_connect(const char *path, gboolean read_only, GSocket **socket,
                               GError **error);

/** daemon_behind_make_auth_list: asks how we have to authenticate. */
GByteArray *daemon_behind_make_auth_list(void);

/** daemon_behind_lets_in: whether the answer to that says that we need not. */
gboolean daemon_behind_lets_in(const RpcFrame *frame, const GByteArray *packet);

/**
 * daemon_behind_make_identity:
 * @label: (nullable): from daemon_credentials_read_label()
 *
 * Tells whose calls follow, in the form in which libvirt's own daemons forward it. Looks for the
 * names of user and group, which may take long.
 *
 * Returns: the packet; %NULL with %ZPCI_ERROR_NOT_FOUND if one has no name. libvirtd does nothing
 *   for such a user.
 */
GByteArray *daemon_behind_make_identity(const DaemonCredentials *credentials, const char *label,
                                        GError **error);

/** daemon_behind_is_identified: whether the answer to that says that it is believed. */
gboolean daemon_behind_is_identified(const RpcFrame *frame);

/** daemon_behind_make_get_hostname: asks for what nobody is told who may not connect. */
GByteArray *daemon_behind_make_get_hostname(void);

/** daemon_behind_is_denied: whether the answer to that says so. A driver may not know the call. */
gboolean daemon_behind_is_denied(const RpcFrame *frame, const GByteArray *packet);

/** daemon_behind_make_get_uri: asks what was opened. */
GByteArray *daemon_behind_make_get_uri(void);

/** daemon_behind_get_uri: (transfer full) (nullable): the answer to that. */
char *daemon_behind_get_uri(const RpcFrame *frame, const GByteArray *packet);

/**
 * daemon_behind_find_driver:
 * @uri: what was opened at libvirtd
 *
 * Returns (nullable): what libvirtd calls the driver that it has opened; static. %NULL if the node
 *   devices of that connection are not those of this machine, but of another one, or made up.
 */
const char *daemon_behind_find_driver(const char *uri);
