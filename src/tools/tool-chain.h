/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "tool.h"

/** tool_chain_print: prints a chain for people; @name heads it unless it is empty. */
void tool_chain_print(const char *name, const ZpciChain *chain);

/** tool_chain_add_json: adds an object with everything that the chain holds. */
void tool_chain_add_json(JsonBuilder *builder, const char *name, const ZpciChain *chain);
