/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The longest name that is taken, in bytes: room for any path, encoded where that is needed. */
#define DAEMON_URI_MAX 8192

/**
 * DaemonUri:
 * @root: (nullable): the directory of a capture, from the parameter "root"; %NULL if there is none
 * @upstream: (nullable): the URI of another node device daemon, from the parameter "upstream";
 * %NULL if there is none. There is never both.
 *
 * The meaning of the name that a client opens.
 */
typedef struct {
    char *root;
    char *upstream;
} DaemonUri;

/**
 * daemon_uri_parse:
 * @name: nodedev:///system, or nodedev:///session for one who is not root; "" means the former.
 *   A query and a fragment may follow; of the query only "root" and "upstream" are looked at.
 * @is_root: whether we run as root
 *
 * Returns: (transfer full): what @name means; %NULL with %ZPCI_ERROR_UNSUPPORTED if it is of
 * another driver, %ZPCI_ERROR_INVALID_ARGUMENT if it is of ours but wrong.
 */
DaemonUri *daemon_uri_parse(const char *name, gboolean is_root, GError **error);

/**
 * daemon_uri_free:
 * @uri: (transfer full) (nullable): %NULL does nothing
 */
void daemon_uri_free(DaemonUri *uri);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonUri, daemon_uri_free)
