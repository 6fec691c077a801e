/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* Flags of the list call that do not name a capability. The release followed, 9.0.0, knows neither
 * the two groups' bits 22 and 23 nor 28 and 29, and refuses them. */
#define DAEMON_CAPABILITY_STATE_INACTIVE 0x40000000U
#define DAEMON_CAPABILITY_STATE_ACTIVE 0x80000000U

/* All flags of the list call that name a capability: bits 0 to 21. */
#define DAEMON_CAPABILITY_FLAGS 0x003fffffU

/**
 * daemon_capability_names:
 * @flags: of the list call; only %DAEMON_CAPABILITY_FLAGS of them matter
 *
 * Returns: (transfer container) (nullable) (array zero-terminated=1): the names of the capabilities
 *   that are asked for, to be freed with g_free(); %NULL if no flag restricts the list.
 */
const char **daemon_capability_names(guint32 flags);
