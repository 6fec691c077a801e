/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-table.h"

/**
 * ToolTableStyle:
 * @no_headings: without the line of headings
 * @raw: for programs: values are not aligned, and blanks in them are written \x20
 *
 * How a table is printed.
 */
typedef struct {
    gboolean no_headings;
    gboolean raw;
} ToolTableStyle;

/**
 * tool_table_print:
 *
 * Prints the rows to standard output, one a line, as wide as the terminal if it is one; "-" stands
 * for what is not known or not there.
 */
void tool_table_print(const ZpciTable *table, const ToolTableStyle *style);
