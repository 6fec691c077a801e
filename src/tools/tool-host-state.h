/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool.h"

/**
 * ToolHostState:
 *
 * What a host and its domains say of functions that documents want.
 */
typedef struct _ToolHostState ToolHostState;

/**
 * tool_host_state_new:
 * @uri: (nullable): which libvirt to ask for domains; %NULL for its default
 *
 * A captured host has no domains unless @uri says where. If nobody gave a URI and libvirt is not
 * there, a line on standard error says so, and only the host itself is asked.
 *
 * Returns: (transfer full): %NULL with @error set if the host cannot be read, or libvirt not at
 *   @uri.
 */
ToolHostState *tool_host_state_new(const char *root, const char *uri, GError **error);

/** tool_host_state_free: @state may be %NULL. */
void tool_host_state_free(ToolHostState *state);

/** tool_host_state_knows_holders: whether libvirt's domains have been looked at. */
gboolean tool_host_state_knows_holders(const ToolHostState *state);

/** tool_host_state_look_up: a ZpciHostLookup; @data is a #ToolHostState. */
gboolean tool_host_state_look_up(const char *address, const char *domain, ZpciHostState *state,
                                 gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolHostState, tool_host_state_free)
