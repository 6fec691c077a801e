/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool.h"

/**
 * ToolRequest:
 * @hostdevs: (element-type ZpciHostdev): what somebody wants a guest to have
 * @policy: how numbers are chosen
 * @names: (element-type utf8): the node devices, as many as @hostdevs
 *
 * The hostdevs that the command line asks for, and what their borrowed texts belong to.
 */
typedef struct {
    GArray *hostdevs;
    ZpciAddressPolicy policy;
    GPtrArray *names;
    GPtrArray *addresses;
    GPtrArray *functions;
} ToolRequest;

/** The options that say how a hostdev shall be. */
extern const GOptionEntry tool_request_entries[];

/**
 * tool_request_new:
 * @names: what names functions of the host, as tool_open_inventory() resolves it
 *
 * Returns: (transfer full): the hostdevs, not assigned yet; %NULL with @error set, which is
 *   %ZPCI_ERROR_INVALID_ARGUMENT if the options contradict each other or hold no number.
 */
ToolRequest *tool_request_new(const char *root, char **names, GError **error);

/** tool_request_free: @request may be %NULL. */
void tool_request_free(ToolRequest *request);

/** tool_request_print_notes: prints to standard error why numbers are not those of the host. */
void tool_request_print_notes(const ToolRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolRequest, tool_request_free)
