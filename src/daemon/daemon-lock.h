/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * daemon_lock_take:
 * @path: a file that is made if it is not there; it holds our process ID
 * @lock: (out): a descriptor that holds the lock until it is closed; written on success only
 *
 * Makes sure that we are the only instance. The kernel drops the lock when we end, however that
 * happens.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE, which names the other process, or another code.
 */
gboolean daemon_lock_take(const char *path, int *lock, GError **error);
