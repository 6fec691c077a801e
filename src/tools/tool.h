/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "libvirt-zpci.h"
#include "tool-options.h"

/* A command's own options, and those that others have too. */
#define TOOL_COMMAND_MAX_TABLES 2

/**
 * ToolStatus:
 * @TOOL_OK: done
 * @TOOL_FAILED: it could not be done, or the input has faults
 * @TOOL_USAGE: the command line is wrong, or there is nothing to judge
 * @TOOL_PARTLY: done, but without hosts that do not tell
 *
 * Exit statuses, the same for every subcommand; documented in virt-zpci(1).
 */
typedef enum {
    TOOL_OK = 0,
    TOOL_FAILED = 1,
    TOOL_USAGE = 2,
    TOOL_PARTLY = 3,
} ToolStatus;

/**
 * ToolCommand:
 * @name: the subcommand
 * @arguments: what follows its options, for the usage line
 * @summary: one line for the list of subcommands, marked for translation
 * @description: what --help says below the options, marked for translation
 * @describe: (nullable) (transfer full): more of that, made when it is asked for
 * @options: its options, without those of @takes_root; one without entries ends them
 * @options_size: of the struct that they are read into, for @run
 * @takes_root: whether it reads a host, and so has --root
 * @minimum: the least number of arguments
 * @maximum: the largest number of arguments, -1 for any
 * @run: does it; @options is that struct, @arguments are as many as promised
 */
typedef struct {
    const char *name;
    const char *arguments;
    const char *summary;
    const char *description;
    char *(*describe)(void);
    ToolOptionTable options[TOOL_COMMAND_MAX_TABLES + 1];
    gsize options_size;
    gboolean takes_root;
    int minimum;
    int maximum;
    ToolStatus (*run)(const char *root, gconstpointer options, char **arguments);
} ToolCommand;

extern const ToolCommand tool_attach_command;
extern const ToolCommand tool_capture_command;
extern const ToolCommand tool_check_command;
extern const ToolCommand tool_configure_command;
extern const ToolCommand tool_decode_command;
extern const ToolCommand tool_deconfigure_command;
extern const ToolCommand tool_detach_command;
extern const ToolCommand tool_diff_command;
extern const ToolCommand tool_dumpxml_command;
extern const ToolCommand tool_export_command;
extern const ToolCommand tool_groups_command;
extern const ToolCommand tool_hostdev_command;
extern const ToolCommand tool_list_command;
extern const ToolCommand tool_page_command;
extern const ToolCommand tool_paths_command;
extern const ToolCommand tool_probe_command;
extern const ToolCommand tool_show_command;
extern const ToolCommand tool_stat_command;
extern const ToolCommand tool_tree_command;
extern const ToolCommand tool_uri_command;
extern const ToolCommand tool_validate_command;
extern const ToolCommand tool_watch_command;

/** tool_fail: prints "virt-zpci: " and the message to standard error; returns %TOOL_FAILED. */
ToolStatus tool_fail(const GError *error);

/** tool_refuse: the same for a command line that is wrong; returns %TOOL_USAGE. */
ToolStatus tool_refuse(const GError *error);

/**
 * tool_open_inventory:
 *
 * Opens the host in @root, or this machine, in such a way that only "virt-zpci probe" opens
 * devices.
 *
 * Returns: (transfer full): its inventory; %NULL with @error set.
 */
ZpciInventory *tool_open_inventory(const char *root, GError **error);

/** tool_print_json: prints what @builder built, indented, with a newline. */
void tool_print_json(JsonBuilder *builder);
