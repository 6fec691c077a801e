/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-log-filter.h"

#include <glib/gi18n.h>
#include <string.h>

#include "text-quote.h"
#include "zpci-error.h"

const char *const daemon_log_filter_levels[] = {
    [DAEMON_LOG_ERROR] = "error",
    [DAEMON_LOG_WARNING] = "warning",
    [DAEMON_LOG_INFO] = "info",
    [DAEMON_LOG_DEBUG] = "debug",
    NULL,
};

static const char *const areas[] = { "host", "node-device", "daemon", NULL };

static gboolean
daemon_log_filter_add(GHashTable *filters, const char *word, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(word, ":", 2);
    g_autofree char *quoted = text_quote(word);
    g_autofree char *known = g_strjoinv(", ", (char **)areas);
    guint level = 0;

    while (parts[1] != NULL && daemon_log_filter_levels[level] != NULL &&
           strcmp(parts[1], daemon_log_filter_levels[level]) != 0)
        level++;
    if (parts[1] != NULL && daemon_log_filter_levels[level] != NULL &&
        g_strv_contains(areas, parts[0])) {
        g_hash_table_insert(filters, g_steal_pointer(&parts[0]), GUINT_TO_POINTER(level));
        g_free(parts[1]);
        parts[1] = NULL;
        return TRUE;
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("%s is no area and level, such as host:debug; areas are: %s."), quoted, known);
    return FALSE;
}

GHashTable *
daemon_log_filter_parse(const char *text, GError **error)
{
    g_autoptr(GHashTable) filters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0' && !daemon_log_filter_add(filters, words[i], error))
            return NULL;
    }
    return g_steal_pointer(&filters);
}
