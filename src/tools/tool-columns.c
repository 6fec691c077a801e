/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-columns.h"

#include <glib/gi18n.h>
#include <string.h>

#include "text-quote.h"
#include "tool-spelling.h"
#include "zpci-error.h"

#define HOST "host"

GPtrArray *
tool_columns_list(void)
{
    GPtrArray *list = g_ptr_array_new();
    guint count;
    const ZpciColumn *columns = zpci_column_list(&count);

    for (guint i = 0; i < count; i++) {
        if (strcmp(columns[i].name, HOST) != 0)
            g_ptr_array_add(list, (gpointer)&columns[i]);
    }
    return list;
}

void
tool_columns_add_host(GPtrArray *columns)
{
    const ZpciColumn *host = zpci_column_find(HOST);

    if (!g_ptr_array_find(columns, host, NULL))
        g_ptr_array_insert(columns, 0, (gpointer)host);
}

/* Returns (nullable): the heading that is meant. */
static const char *
tool_columns_guess(const char *name)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    g_autofree const char **headings = NULL;
    guint count;
    const ZpciColumn *columns = zpci_column_list(&count);

    headings = g_new0(const char *, count + 1);
    for (guint i = 0; i < count; i++)
        headings[i] = columns[i].heading;
    return tool_spelling_guess(upper, headings);
}

const ZpciColumn *
tool_columns_find(const char *name, GError **error)
{
    const ZpciColumn *column = zpci_column_find(name);
    g_autofree char *quoted = text_quote(name);
    const char *guess;

    if (column != NULL)
        return column;
    if (name[0] == '\0') {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The name of a column is missing; \"virt-zpci list --help\" shows "
                              "all."));
        return NULL;
    }
    guess = tool_columns_guess(name);
    if (guess != NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no column %s; did you mean %s?"), quoted, guess);
    else
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no column %s; \"virt-zpci list --help\" shows all."), quoted);
    return NULL;
}

/* The same column twice is shown once, where it was first. */
static gboolean
tool_columns_add(GPtrArray *columns, const char *names, GError **error)
{
    g_auto(GStrv) words = g_strsplit(names, ",", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        const ZpciColumn *column = tool_columns_find(words[i], error);

        if (column == NULL)
            return FALSE;
        if (!g_ptr_array_find(columns, column, NULL))
            g_ptr_array_add(columns, (gpointer)column);
    }
    return TRUE;
}

GPtrArray *
tool_columns_parse(const char *defaults, const char *text, GError **error)
{
    g_autoptr(GPtrArray) columns = g_ptr_array_new();
    gboolean besides = text == NULL || text[0] == '+';

    if (text != NULL && text[0] == '\0' && tool_columns_find(text, error) == NULL)
        return NULL;
    if ((besides && !tool_columns_add(columns, defaults, error)) ||
        (text != NULL && !tool_columns_add(columns, text[0] == '+' ? text + 1 : text, error)))
        return NULL;
    return g_steal_pointer(&columns);
}

char *
tool_columns_describe(void)
{
    GString *text = g_string_new(_("Columns:\n"));
    guint count;
    const ZpciColumn *columns = zpci_column_list(&count);

    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, "  %-13s %s\n", columns[i].heading, _(columns[i].help));
    return g_string_free(text, FALSE);
}
