/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * chain_failure_format:
 * @problem: of %ZPCI_ERROR: why the chain of this binding of the function could not be read
 *
 * Returns: (transfer full): a note for other processes who are waiting to read it.
 */
char *chain_failure_format(const char *address, const char *binding, const GError *problem);

/**
 * chain_failure_parse:
 * @note: (nullable): what chain_failure_format() has written in a process of this user
 * @since: a time of g_get_monotonic_time(), which is one clock for all processes
 *
 * Returns: (transfer full) (nullable): the failure; %NULL if the note is none, is of another
 *   binding or function, or is older than @since.
 */
GError *chain_failure_parse(const char *note, const char *address, const char *binding,
                            gint64 since);
