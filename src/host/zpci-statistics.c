/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-statistics.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "names.h"
#include "number.h"
#include "sysfs.h"
#include "text-quote.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

/* What the kernel writes in place of all counters. */
#define DISABLED "FMB statistics disabled"

#define UPDATE "Update interval"
#define UPDATE_UNIT " ms"
#define SAMPLES "Samples"

/* A time in hexadecimal digits, and no counter. */
#define LAST_UPDATE "Last update TOD"

static void
zpci_statistics_free_counter(gpointer data)
{
    ZpciCounter *counter = data;

    g_free(counter->name);
    g_free(counter);
}

void
zpci_statistics_free(ZpciStatistics *statistics)
{
    if (statistics == NULL)
        return;
    g_ptr_array_unref(statistics->counters);
    g_free(statistics);
}

static void
zpci_statistics_add(ZpciStatistics *statistics, const char *name, guint64 value)
{
    ZpciCounter *counter = g_new0(ZpciCounter, 1);

    counter->name = g_strdup(name);
    counter->value = value;
    g_ptr_array_add(statistics->counters, counter);
}

/* @name, @value: one line, without blanks around them. */
static gboolean
zpci_statistics_take(ZpciStatistics *statistics, const char *name, char *value, GError **error)
{
    gboolean is_update = strcmp(name, UPDATE) == 0;
    guint64 number;

    if (strcmp(name, LAST_UPDATE) == 0)
        return TRUE;
    if (is_update && g_str_has_suffix(value, UPDATE_UNIT))
        value[strlen(value) - strlen(UPDATE_UNIT)] = '\0';
    if (!number_parse(value, G_MAXUINT64, &number, error))
        return FALSE;
    if (is_update)
        statistics->update_ms = number;
    else if (strcmp(name, SAMPLES) == 0)
        statistics->samples = number;
    else
        zpci_statistics_add(statistics, name, number);
    return TRUE;
}

static gboolean
zpci_statistics_parse_line(ZpciStatistics *statistics, char *line, GError **error)
{
    char *colon = strchr(line, ':');
    g_autoptr(GError) problem = NULL;
    g_autofree char *quoted = NULL;

    /* There are sentences, too, such as that the format is not known. */
    if (colon == NULL)
        return TRUE;
    quoted = text_quote(line);
    *colon = '\0';
    if (statistics->counters->len < ZPCI_STATISTICS_MAX_COUNTERS &&
        zpci_statistics_take(statistics, g_strstrip(line), g_strstrip(colon + 1), &problem))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("The statistics cannot be understood; the line is %s."), quoted);
    return FALSE;
}

ZpciStatistics *
zpci_statistics_parse(const char *text, GError **error)
{
    g_autoptr(ZpciStatistics) statistics = g_new0(ZpciStatistics, 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    statistics->counters = g_ptr_array_new_with_free_func(zpci_statistics_free_counter);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_equal(g_strstrip(lines[i]), DISABLED)) {
            g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                                _("The function is not measured."));
            return NULL;
        }
        if (!zpci_statistics_parse_line(statistics, lines[i], error))
            return NULL;
    }
    return g_steal_pointer(&statistics);
}

ZpciStatistics *
zpci_statistics_read(const ZpciHost *host, const char *address, GError **error)
{
    g_autofree char *path = g_build_filename(NAME_DEBUG_PCI, address, NAME_DEBUG_STATISTICS, NULL);
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    ZpciStatistics *statistics;
    g_autoptr(GError) problem = NULL;

    switch (sysfs_read_text(zpci_host_get_sysfs(host), path, text, error)) {
    case SYSFS_READ:
        statistics = zpci_statistics_parse(text, &problem);
        if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE))
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                        _("The function is not measured. To begin that, root writes 1 to /sys/%s "
                          "on its host."),
                        path);
        else if (problem != NULL)
            g_propagate_error(error, g_steal_pointer(&problem));
        return statistics;
    case SYSFS_ABSENT:
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There are no statistics of %s: debugfs is not mounted, this host does not "
                      "have them, or the capture was not made by root."),
                    address);
        return NULL;
    case SYSFS_UNREADABLE:
    default:
        return NULL;
    }
}
