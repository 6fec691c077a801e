/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool-branch.h"

/* The most functions of which a picture is drawn: the time it takes grows with their square. */
#define TOOL_GRAPH_MAX_FUNCTIONS 1000

/** tool_graph_format: (transfer full): all that grows from @all, in the language of Graphviz. */
char *tool_graph_format(const ToolBranch *all);

/**
 * tool_graph_draw:
 * @text: from tool_graph_format()
 *
 * Returns: (transfer full): a picture in SVG; %NULL with @error set if there is no Graphviz, or it
 *   does not draw it.
 */
char *tool_graph_draw(const char *text, GError **error);
