/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-host.h"

/* The largest settle time, a day. */
#define DAEMON_CONFIG_MAX_SETTLE_SECONDS 86400

/* The largest configuration file that is read, in bytes. */
#define DAEMON_CONFIG_MAX_SIZE (64 * 1024)

/* The permissions of a socket for which the file says none. */
#define DAEMON_CONFIG_MODE_BY_AUTH G_MAXUINT

/** DaemonAuth: how a client of a socket shows who it is. */
typedef enum {
    DAEMON_AUTH_NONE,
    DAEMON_AUTH_POLKIT,
} DaemonAuth;

/**
 * DaemonConfig:
 *
 * What virtzpcid.conf(5) says, under the names of its keys. Times are in seconds, sizes in bytes.
 */
typedef struct {
    guint vfio_read; /* ZpciVfioRead */
    guint vfio_settle_seconds;
    guint standby;  /* gboolean */
    char *upstream; /* a URI of libvirt */

    guint log_level;   /* DaemonLogLevel */
    char *log_filters; /* for daemon_log_filter_parse(), which understands it */

    char *unix_sock_dir;
    char *unix_sock_group;
    guint unix_sock_ro_perms;
    guint unix_sock_rw_perms;
    guint auth_unix_ro; /* DaemonAuth */
    guint auth_unix_rw;
    guint access_drivers; /* DaemonAuth */

    guint max_clients;
    guint max_queued_clients;
    guint max_anonymous_clients;
    guint max_workers;
    guint max_client_requests;
    guint max_message_bytes;
    guint max_client_outgoing_bytes;
    guint keepalive_interval;
    guint keepalive_count;
    guint idle_timeout;
    guint auth_timeout;
} DaemonConfig;

/**
 * daemon_config_load:
 * @path: (nullable): a file that must exist; %NULL for the installed one, which may be missing
 * @config: (out): written on success only, and to be cleared with daemon_config_clear(); what the
 *   file leaves out has its default
 *
 * Returns: %FALSE with @error, which names the file, the line and the key, if there is anything in
 * it that is not known.
 */
gboolean daemon_config_load(const char *path, DaemonConfig *config, GError **error);

/** daemon_config_set_defaults: what holds without a file; @config holds nothing yet. */
void daemon_config_set_defaults(DaemonConfig *config);

/** daemon_config_clear: frees what @config holds; one that is all zero holds nothing. */
void daemon_config_clear(DaemonConfig *config);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DaemonConfig, daemon_config_clear)
