/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool.h"

/**
 * tool_json_add_function:
 *
 * Adds an object for one function: the values and their nesting are those of its XML, then what XML
 * does not carry, the source of each value ("provenance"), why others are missing, and warnings.
 */
void tool_json_add_function(JsonBuilder *builder, const char *name, const ZpciFunction *function);

/** tool_json_get_path: (transfer full): the path of a fact within that object: "group.noi". */
char *tool_json_get_path(ZpciFact fact);

/** tool_json_get_state: "configured" or "standby", the machine's own words. */
const char *tool_json_get_state(const ZpciFunction *function);
