/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tool-export.h"
#include "zpci-error.h"

/* Of a feature file NFD reads no more, and of a larger one nothing. */
#define MAX_FILE 65536

/* The longest name and value of a label in Kubernetes. */
#define MAX_LABEL 63

static void
tool_export_nfd_count(GHashTable *counts, const char *what, const char *value)
{
    g_autofree char *text = g_strdup(value != NULL ? value : "unknown");
    char *key;

    g_strcanon(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS, '-');
    key = g_strdup_printf("zpci.%s%s", what, g_str_has_prefix(text, "0x") ? text + 2 : text);
    if (strlen(key) > MAX_LABEL)
        key[MAX_LABEL] = '\0';
    g_hash_table_replace(counts, key,
                         GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) + 1));
}

static int
tool_export_nfd_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* How many functions of each kind a node has is what pods ask for; which ones they are, only for
 * those that somebody names. */
static GHashTable *
tool_export_nfd_count_all(const ToolExport *wish)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < wish->chosen->len; i++) {
        const ZpciRow *row = g_ptr_array_index(wish->chosen, i);
        g_autofree char *type = tool_export_get(row, "type");
        g_autofree char *pchid = tool_export_get(row, "pchid");
        g_autofree char *fid = tool_export_get(row, "fid");

        tool_export_nfd_count(counts, "", "functions");
        tool_export_nfd_count(counts, "type.", type);
        if (row->is_vfio)
            tool_export_nfd_count(counts, "vfio.", type);
        if (pchid != NULL)
            tool_export_nfd_count(counts, "pchid.", pchid);
        if (wish->is_named && fid != NULL)
            tool_export_nfd_count(counts, "fid.", fid);
    }
    return counts;
}

static gboolean
tool_export_nfd_write(const ToolExport *wish, GString *text, GError **error)
{
    g_autoptr(GHashTable) counts = tool_export_nfd_count_all(wish);
    g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(counts), tool_export_nfd_compare);

    for (const GList *key = keys; key != NULL; key = key->next)
        g_string_append_printf(text, "%s=%u\n", (const char *)key->data,
                               GPOINTER_TO_UINT(g_hash_table_lookup(counts, key->data)));
    if (text->len <= MAX_FILE)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("Node Feature Discovery reads files of %u bytes at most, and this would be one "
                  "of %zu; name fewer functions."),
                (guint)MAX_FILE, text->len);
    return FALSE;
}

const ToolExportFormat tool_export_nfd_format = {
    .name = "nfd",
    .summary = N_("features of a node, for Kubernetes' Node Feature Discovery"),
    .columns = "fid,pchid,type,vfio",
    .write = tool_export_nfd_write,
};
