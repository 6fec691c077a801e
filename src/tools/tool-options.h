/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <stddef.h>

/** The place of an option's value, for the arg_data of a #GOptionEntry: a member of the struct that
 * the options are read into. */
#define TOOL_OPTION(type, member) GSIZE_TO_POINTER(offsetof(type, member))

/**
 * ToolOptionTable:
 * @entries: (nullable): options, each with its TOOL_OPTION()
 * @offset: where their struct is in that of the command
 */
typedef struct {
    const GOptionEntry *entries;
    gsize offset;
} ToolOptionTable;

/**
 * tool_options_add:
 * @values: the command's struct, which takes them when @context parses; zeroed before
 */
void tool_options_add(GOptionContext *context, const ToolOptionTable *table, gpointer values);

/** tool_options_clear: frees the texts that have been read into @values. */
void tool_options_clear(const ToolOptionTable *table, gpointer values);
