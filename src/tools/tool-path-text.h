/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool-path.h"

/* What two functions share, in words on standard output. */

/** tool_path_text_print: card, port, internal path, and whether one can stand in for the other. */
void tool_path_text_print(const ToolPath *path);

/** tool_path_text_print_verdict: of all pairs. */
void tool_path_text_print_verdict(ToolPathAnswer verdict);

/** tool_path_text_print_partner: of @path, the second function in one line. */
void tool_path_text_print_partner(const ToolPath *path);
