/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/** DaemonLogLevel: how much is logged: each level includes those before it. */
typedef enum {
    DAEMON_LOG_ERROR,
    DAEMON_LOG_WARNING,
    DAEMON_LOG_INFO,
    DAEMON_LOG_DEBUG,
} DaemonLogLevel;

/** daemon_log_filter_levels: (array zero-terminated=1): the names of the levels. */
extern const char *const daemon_log_filter_levels[];

/**
 * daemon_log_filter_parse:
 * @text: "AREA:LEVEL", any number of them with blanks between; an area is a directory of the source
 *
 * Returns: (transfer full): level by area; %NULL with %ZPCI_ERROR_INVALID_ARGUMENT if an area or a
 *   level is not known.
 */
GHashTable *daemon_log_filter_parse(const char *text, GError **error);
