/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* Lists of device names. */

/** node_device_names_make_set: (transfer full): for looking one up; the names stay in @names. */
GHashTable *node_device_names_make_set(const GPtrArray *names);

/**
 * node_device_names_merge:
 * @limit: (nullable): a set
 *
 * Adds to @names what is in @more, and in @limit unless that is %NULL, and is not there yet.
 */
void node_device_names_merge(GPtrArray *names, const GPtrArray *more, GHashTable *limit);

/** node_device_names_drop: takes out of @names what is in @all and not in @shown. */
void node_device_names_drop(GPtrArray *names, const GPtrArray *all, const GPtrArray *shown);

/** node_device_names_has_all: whether @names has each of @some. */
gboolean node_device_names_has_all(const GPtrArray *names, const GPtrArray *some);
