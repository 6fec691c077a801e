/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool-path.h"

/* What functions share, as JSON on standard output. */

/* What it needs to be known of each function besides TOOL_PATH_COLUMNS, as names of columns. */
#define TOOL_PATH_JSON_COLUMNS "name,fid,type,pchid,port,pfip"

/**
 * tool_path_json_print:
 * @rows: (element-type ZpciRow): all functions
 * @pairs: (element-type ToolPath): any two of them
 * @verdict: of all pairs
 */
void tool_path_json_print(const GPtrArray *rows, const GArray *pairs, ToolPathAnswer verdict);

/**
 * tool_path_json_print_partners:
 * @partners: (element-type ToolPath): each of @row and another function, the best first
 */
void tool_path_json_print_partners(const ZpciRow *row, const GArray *partners);
