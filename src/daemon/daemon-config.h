/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-host.h"

/* The largest settle time, a day. */
#define DAEMON_CONFIG_MAX_SETTLE_SECONDS 86400

/* The largest configuration file that is read, in bytes. */
#define DAEMON_CONFIG_MAX_SIZE (64 * 1024)

/**
 * DaemonConfig:
 * @vfio_read: when functions may be opened to read their capability chains
 * @vfio_settle_seconds: for how long one must have been bound before
 *
 * What virtzpcid.conf(5) says.
 */
typedef struct {
    ZpciVfioRead vfio_read;
    guint vfio_settle_seconds;
} DaemonConfig;

/**
 * daemon_config_load:
 * @path: (nullable): a file that must exist; %NULL for the installed one, which may be missing
 * @config: (out): written on success only; what the file leaves out has its default
 *
 * Returns: %FALSE with @error, which names the file, the line and the key, if there is anything in
 * it that is not known.
 */
gboolean daemon_config_load(const char *path, DaemonConfig *config, GError **error);
