/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-table.h"

/* What a branch needs to be known of each function, as names of columns. */
#define TOOL_BRANCH_COLUMNS \
    "name,state,pchid,port,physical,virtual,iface,iface_state,disk,used_by,use"

/**
 * ToolBranchKind:
 * @TOOL_BRANCH_ALL: of which all grow
 * @TOOL_BRANCH_HOST: a host
 * @TOOL_BRANCH_CARD: a physical channel
 * @TOOL_BRANCH_PORT: a port of it
 * @TOOL_BRANCH_FUNCTION: a function of that port, or a virtual function of a function
 * @TOOL_BRANCH_INTERFACE: a network interface of a function
 * @TOOL_BRANCH_DISK: a disk of a function
 * @TOOL_BRANCH_HOLDER: who uses a function
 */
typedef enum {
    TOOL_BRANCH_ALL,
    TOOL_BRANCH_HOST,
    TOOL_BRANCH_CARD,
    TOOL_BRANCH_PORT,
    TOOL_BRANCH_FUNCTION,
    TOOL_BRANCH_INTERFACE,
    TOOL_BRANCH_DISK,
    TOOL_BRANCH_HOLDER,
} ToolBranchKind;

/**
 * ToolBranch:
 * @kind: what it is
 * @text: (nullable): what to call it, safe to print; %NULL for what is not worth a line: the only
 *   host, the port of an adapter that has no ports, and one that is not known of a card that is not
 *   known
 * @number: of a card its PCHID, of a port its number; %ZPCI_ROW_UNKNOWN if not known
 * @row: (nullable): the function, which its table owns
 * @children: (element-type ToolBranch)
 *
 * A thing of a host, and the things that are gone when it fails.
 */
typedef struct {
    ToolBranchKind kind;
    char *text;
    gint64 number;
    const ZpciRow *row;
    GPtrArray *children;
} ToolBranch;

/**
 * tool_branch_grow:
 * @table: with %TOOL_BRANCH_COLUMNS, and "host" if hosts are to be named; it has to live longer
 *
 * Hosts stand in the order of the table. Cards and ports stand in the order of their numbers, what
 * is not known last, functions in that of the table. A virtual function stands below its physical
 * function if the table has that.
 *
 * Returns: (transfer full): what the hosts grow from.
 */
ToolBranch *tool_branch_grow(const ZpciTable *table);

/** tool_branch_free: with all that grows from it; @branch may be %NULL. */
void tool_branch_free(ToolBranch *branch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolBranch, tool_branch_free)
