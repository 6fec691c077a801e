/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool.h"
#include "zpci-table.h"

/* The most hosts that are asked at once; each has a thread. */
#define TOOL_HOSTS_MAX 256

/**
 * ToolHostsOptions:
 * @uris: (nullable): where to ask libvirt in place of this machine
 * @time_out: for how many seconds to wait; 0 if nobody has said
 */
typedef struct {
    char **uris;
    int time_out;
} ToolHostsOptions;

/** The options for a #ToolHostsOptions. */
extern const GOptionEntry tool_hosts_entries[];

/** tool_hosts_are_several: whether there is more than one. */
gboolean tool_hosts_are_several(const ToolHostsOptions *options);

/** tool_hosts_check: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if the options are wrong. */
gboolean tool_hosts_check(const ToolHostsOptions *options, const char *root, GError **error);

/**
 * tool_hosts_read:
 * @root: (nullable): the captured host in place of this machine, if @options name no others
 * @columns: (element-type ZpciColumn): what will be shown
 * @status: (out): %TOOL_OK, or %TOOL_PARTLY if some hosts do not tell, each of which has got a line
 *   on standard error
 *
 * Reads this host, or asks all that are named, at the same time.
 *
 * Returns: (transfer full): the functions of all hosts that tell, in the order of the options;
 *   %NULL with @error set if this host cannot be read.
 */
ZpciTable *tool_hosts_read(const ToolHostsOptions *options, const char *root, ZpciStates states,
                           GPtrArray *columns, ToolStatus *status, GError **error);

/** tool_hosts_explain_none: says on standard error that there are no functions. */
void tool_hosts_explain_none(const ToolHostsOptions *options);

/** tool_hosts_format_name: (transfer full): the function's name, with that of its host if @row has
 * one. */
char *tool_hosts_format_name(const ZpciRow *row);
