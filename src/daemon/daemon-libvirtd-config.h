/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-config.h"

/* The longest libvirtd.conf that is read, in bytes. */
#define DAEMON_LIBVIRTD_CONFIG_MAX_SIZE (1024 * 1024)

/**
 * daemon_libvirtd_config_load:
 * @path: of libvirtd.conf; without a file libvirtd's defaults hold
 * @config: (inout): who may come, how many may, and what they may do is from now on as libvirtd has
 *   it; changed on success only
 *
 * Whoever stands in front of libvirtd lets in whom libvirtd would let in.
 *
 * Returns: %FALSE with @error, which names the file and the key, if the file cannot be read, or
 *   says something that can be kept only by libvirtd itself.
 */
gboolean daemon_libvirtd_config_load(const char *path, DaemonConfig *config, GError **error);
