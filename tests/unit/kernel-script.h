/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "clp-request.h"

/* A chain like that of a real function, as a table of chain_builder_build(). */
#define KERNEL_SCRIPT_CHAIN                                                              \
    "4:$ 4:0x83 4:9 4:5 4:20\n"                                                          \
    "2:1 2:2 4:60 8:0x100000000 8:0x17fffffff 2:0 2:0 2:0 1:0 1:0xff 4:0x80020000 4:0\n" \
    "2:2 2:2 4:108 8:0 8:0xfe00000000000000 8:1 2:4000 2:128 2:128 1:0 1:0 2:128 @108\n" \
    "2:4 2:1 4:0 4:4 4:0"

/* What CLP says of the function of a #LiveHost and of its group, and the list of functions. */
#define KERNEL_SCRIPT_FUNCTION                                                                     \
    "2:256 2:0x10 @16 2:0 1:0 1:0xff 4:0xc @56 4:0 2:0 1:0 1:0 8:0x100000000 8:0x1ffffffffffffff " \
    "@124 4:5 @256"
#define KERNEL_SCRIPT_GROUP \
    "2:72 2:0x10 @16 2:128 1:0 1:1 2:128 2:4000 1:0x40 @32 8:0 8:0xfe00000000000000 @72"
#define KERNEL_SCRIPT_LIST                    \
    "2:64 2:0x10 @16 8:0 4:0 2:255 1:0 1:16 " \
    "2:0x1005 2:0x1af4 4:0 4:0x100 4:0x00020001 2:0x1000 2:0x1af4 4:0x80000000 4:0xc 4:0x80020000"

/* Refusals of CLP. */
#define KERNEL_SCRIPT_STALE_HANDLE "2:16 2:0x0101 @16"
#define KERNEL_SCRIPT_NO_GROUP "2:16 2:0x010b @16"

/** kernel_script_add_group: the chain is read through the group's node. */
void kernel_script_add_group(const char *chain);

/** kernel_script_add_cdev: the chain is read through the function's own node. */
void kernel_script_add_cdev(const char *chain);

/** kernel_script_add_clp: CLP is asked for @command with @argument, and replies @table. */
void kernel_script_add_clp(ClpCommand command, guint64 argument, const char *table);

/** kernel_script_add_failure: opening @node, a path below dev/, fails. */
void kernel_script_add_failure(const char *node, int error_number);
