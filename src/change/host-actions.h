/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-host-private.h"

/**
 * HostActions:
 * @write: puts @text into the attribute @path below @sysfs, in one go; a link in the last step is
 * not followed. An errno becomes an error as in system_error_set()
 * @load_module: loads a module of the kernel, if the host lets it be loaded. Success says only that
 * nothing failed, not that there is a driver now
 *
 * All that changes this machine. Nothing else writes to sysfs. Tests pass their own, which play the
 * kernel's part.
 */
struct HostActions {
    gboolean (*write)(int sysfs, const char *path, const char *text, GError **error);
    gboolean (*load_module)(const char *name, GError **error);
};

/** host_actions_get: those of @host, which is no capture: the real ones, or what a test passed. */
const HostActions *host_actions_get(const ZpciHost *host);

/** host_actions_kernel: the real ones. */
extern const HostActions host_actions_kernel;
