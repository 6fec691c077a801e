/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-match.h"

#include <glib/gi18n.h>
#include <string.h>

#include "node-device-name.h"
#include "number.h"
#include "text-quote.h"
#include "zpci-error.h"

/* How numbers are named; without a prefix, one is an FID or a UID. */
static const struct {
    const char *prefix;
    ZpciFact fact;
    guint digits;
} numbers[] = {
    { "fid=", ZPCI_FACT_FID, 8 },
    { "uid=", ZPCI_FACT_UID, 4 },
    { "pchid=", ZPCI_FACT_PCHID, 4 },
};

static gboolean
tool_match_has(const ZpciRow *row, ZpciFact fact, guint64 value)
{
    guint64 own;

    return zpci_function_get(row->function, fact, &own) && own == value;
}

/* @text: without "0x" it is as slots are called */
static gboolean
tool_match_is_bare_number(const ZpciRow *row, const char *text)
{
    guint64 value;

    if (!number_parse_id(text, 8, 0, &value, NULL))
        return FALSE;
    return tool_match_has(row, ZPCI_FACT_FID, value) ||
           (g_str_has_prefix(text, "0x") && tool_match_has(row, ZPCI_FACT_UID, value));
}

static gboolean
tool_match_is(const ZpciRow *row, const char *text)
{
    g_autofree char *name = NULL;
    PciAddress address;
    guint64 value;

    if (g_ascii_strcasecmp(row->name, text) == 0)
        return TRUE;
    if (pci_address_parse(text, &address, NULL)) {
        name = node_device_name_format(&address);
        return strcmp(row->name, name) == 0;
    }
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        gsize length = strlen(numbers[i].prefix);

        if (g_ascii_strncasecmp(text, numbers[i].prefix, length) == 0)
            return number_parse_id(text + length, numbers[i].digits, 0, &value, NULL) &&
                   tool_match_has(row, numbers[i].fact, value);
    }
    return tool_match_is_bare_number(row, text) ||
           (row->interfaces != NULL && g_strv_contains((const char *const *)row->interfaces, text));
}

/* What cannot be meant is said before anything is looked for. */
static gboolean
tool_match_check(const char *text, GError **error)
{
    g_autoptr(GError) problem = NULL;
    guint64 value;

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        gsize length = strlen(numbers[i].prefix);

        if (g_ascii_strncasecmp(text, numbers[i].prefix, length) == 0 &&
            !number_parse_id(text + length, numbers[i].digits, 0, &value, &problem)) {
            g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, problem->message);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
tool_match_add(GPtrArray *found, const GPtrArray *rows, const char *text, GError **error)
{
    g_autofree char *quoted = text_quote(text);
    gboolean is_there = FALSE;

    if (!tool_match_check(text, error))
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);

        if (!tool_match_is(row, text))
            continue;
        is_there = TRUE;
        if (!g_ptr_array_find(found, row, NULL))
            g_ptr_array_add(found, zpci_row_ref(row));
    }
    if (!is_there)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("No host that has answered has the zPCI function %s."), quoted);
    return is_there;
}

GPtrArray *
tool_match_list(const GPtrArray *rows, char **texts, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);

    for (; *texts != NULL; texts++) {
        if (!tool_match_add(found, rows, *texts, error))
            return NULL;
    }
    return g_steal_pointer(&found);
}
