/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-table.h"

/**
 * tool_match_rows:
 * @texts: (array zero-terminated=1): names as for "virt-zpci dumpxml"
 *
 * Leaves only the rows that are named, on whichever host they are, each once, in the order of the
 * names. It is tool_name_resolve_each() for functions that have been read already.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND, or %ZPCI_ERROR_INVALID_ARGUMENT for a number that
 *   cannot be meant.
 */
gboolean tool_match_rows(ZpciTable *table, char **texts, GError **error);
