/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * own_directory_open:
 * @make: whether it is made, with those above it, if it is not there
 *
 * Opens a directory that is this user's, and that nobody else can write to; no other is believed,
 * and no link is followed to one.
 *
 * Returns: a descriptor for openat(); -1 with @error set.
 */
int own_directory_open(const char *path, gboolean make, GError **error);
