/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-table.h"

/* What a path needs to be known of each function, as names of columns. */
#define TOOL_PATH_COLUMNS "name,pchid,port,pfip,type,class"

/* The segments of the internal path. */
#define TOOL_PATH_SEGMENTS 4

/**
 * ToolPathAnswer:
 * @TOOL_PATH_SEPARATE: they do not share it
 * @TOOL_PATH_UNKNOWN: it is not known whether they do
 * @TOOL_PATH_NONE: there is nothing that they could share: an adapter without ports
 * @TOOL_PATH_PARTLY: they share some segments
 * @TOOL_PATH_SHARED: they share it
 *
 * Whether two functions share something. The less is the better for a bond.
 */
typedef enum {
    TOOL_PATH_SEPARATE,
    TOOL_PATH_UNKNOWN,
    TOOL_PATH_NONE,
    TOOL_PATH_PARTLY,
    TOOL_PATH_SHARED,
} ToolPathAnswer;

/**
 * ToolPathClass:
 * @TOOL_PATH_CLASS_NONE: nothing that could be bonded or mirrored
 * @TOOL_PATH_CLASS_UNKNOWN: it is not known
 * @TOOL_PATH_CLASS_NETWORK: a network interface: two make a bond
 * @TOOL_PATH_CLASS_DISK: a disk: two make a mirror
 *
 * What a function can stand in for.
 */
typedef enum {
    TOOL_PATH_CLASS_NONE,
    TOOL_PATH_CLASS_UNKNOWN,
    TOOL_PATH_CLASS_NETWORK,
    TOOL_PATH_CLASS_DISK,
} ToolPathClass;

/**
 * ToolPath:
 * @first, @second: the functions
 * @card: whether they share the physical channel
 * @port: whether they share the port of it
 * @path: whether they share the internal path
 * @segments: which segments of it they share
 *
 * What two functions share on their way to the outside.
 */
typedef struct {
    const ZpciRow *first;
    const ZpciRow *second;
    ToolPathAnswer card;
    ToolPathAnswer port;
    ToolPathAnswer path;
    gboolean segments[TOOL_PATH_SEGMENTS];
} ToolPath;

/** tool_path_compare: finds out what the two share. */
ToolPath tool_path_compare(const ZpciRow *first, const ZpciRow *second);

/** tool_path_judge: of all three answers: separate, unknown or shared. */
ToolPathAnswer tool_path_judge(const ToolPath *path);

/** tool_path_count_segments: how many segments they share. */
guint tool_path_count_segments(const ToolPath *path);

/** tool_path_get_class: by the PCI class, or the type of the function. */
ToolPathClass tool_path_get_class(const ZpciRow *row);

/** tool_path_rank: negative if @a is the better pair, as strcmp(). */
int tool_path_rank(const ToolPath *a, const ToolPath *b);

/** tool_path_get_answer_name: "separate", the same in every language. */
const char *tool_path_get_answer_name(ToolPathAnswer answer);
