/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-states.h"

/* The flags of virConnectListAllNodeDevices(). */

/** node_device_flags_get_known: all of the libvirt that is followed. */
guint node_device_flags_get_known(void);

/**
 * node_device_flags_get_capabilities:
 *
 * Returns: (transfer container) (nullable) (array zero-terminated=1): the names of the capabilities
 *   that are asked for, to be freed with g_free(); %NULL if no flag restricts the list to any.
 */
const char **node_device_flags_get_capabilities(guint flags);

/** node_device_flags_get_states: the states that are asked for. */
ZpciStates node_device_flags_get_states(guint flags);

/**
 * node_device_flags_accept:
 *
 * Returns: whether a device that is persistent, or is not, is asked for.
 */
gboolean node_device_flags_accept(guint flags, gboolean persistent);

/** node_device_flags_of_states: the flags that ask for devices in @states. */
guint node_device_flags_of_states(ZpciStates states);
