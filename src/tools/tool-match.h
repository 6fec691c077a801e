/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-table.h"

/**
 * tool_match_list:
 * @rows: (element-type ZpciRow)
 * @texts: (array zero-terminated=1): names as for "virt-zpci dumpxml"
 *
 * It is tool_name_resolve_each() for functions that have been read already.
 *
 * Returns: (transfer full) (element-type ZpciRow): the rows that are named, on whichever host they
 *   are, each once, in the order of the names; %NULL with %ZPCI_ERROR_NOT_FOUND, or
 *   %ZPCI_ERROR_INVALID_ARGUMENT for a number that cannot be meant.
 */
GPtrArray *tool_match_list(const GPtrArray *rows, char **texts, GError **error);
