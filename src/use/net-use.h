/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * net_use_check:
 * @path: a function's directory below sysfs
 * @function: its address, for messages
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE if a network interface of the function is up, or belongs
 *   to a bond, bridge or team; or with another code if that cannot be told. An interface that was
 *   moved to another network namespace is not seen.
 */
gboolean net_use_check(int sysfs, const char *path, const char *function, GError **error);

/**
 * net_use_read_up:
 * @name: a network interface
 * @up: (out): whether it is up; one that has gone meanwhile is not
 *
 * Returns: %FALSE with @error set if that cannot be told.
 */
gboolean net_use_read_up(int sysfs, const char *name, gboolean *up, GError **error);
