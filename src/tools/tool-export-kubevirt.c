/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-export.h"
#include "tool-hosts.h"
#include "zpci-error.h"

/* Kubernetes wants the name of a resource below a domain; KubeVirt's own is not for others. */
#define RESOURCE_DOMAIN "zpci.local"

/* Vendor and product as one number. */
static guint
tool_export_kubevirt_get_key(const ZpciRow *row)
{
    return (guint)row->vendor << 16 | (guint)row->product;
}

/* Returns (transfer full) (element-type ZpciRow): what is so, and not meant. */
static GPtrArray *
tool_export_kubevirt_list_others(const ToolExport *wish, GHashTable *chosen, GHashTable *keys)
{
    GPtrArray *others = g_ptr_array_new();

    for (guint i = 0; i < wish->host->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(wish->host->rows, i);

        if (row->vendor >= 0 && !g_hash_table_contains(chosen, row) &&
            g_hash_table_contains(keys, GUINT_TO_POINTER(tool_export_kubevirt_get_key(row))))
            g_ptr_array_add(others, row);
    }
    return others;
}

/* KubeVirt hands out every function of a vendor and product that is bound to VFIO. */
static gboolean
tool_export_kubevirt_check(const GPtrArray *others, GError **error)
{
    for (guint i = 0; i < others->len; i++) {
        const ZpciRow *row = g_ptr_array_index(others, i);

        g_autofree char *name = tool_hosts_format_name(row);

        if (!row->is_vfio)
            continue;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("KubeVirt selects functions by vendor and product, and would hand out %s "
                      "(%04x:%04x) too; name it, or take it from VFIO."),
                    name, (guint)row->vendor, (guint)row->product);
        return FALSE;
    }
    for (guint i = 0; i < others->len; i++) {
        g_autofree char *name = tool_hosts_format_name(g_ptr_array_index(others, i));

        fprintf(stderr,
                _("virt-zpci: As soon as %s is bound to VFIO, KubeVirt will hand it out too: its "
                  "vendor and product are the same.\n"),
                name);
    }
    return TRUE;
}

static gboolean
tool_export_kubevirt_add_row(const ZpciRow *row, GHashTable *keys, GString *text, GError **error)
{
    g_autofree char *type = tool_export_get(row, "type");
    g_autofree char *name = tool_hosts_format_name(row);

    if (row->vendor < 0 || row->product < 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("This host does not tell vendor and product of %s, which KubeVirt needs."),
                    name);
        return FALSE;
    }
    if (!g_hash_table_add(keys, GUINT_TO_POINTER(tool_export_kubevirt_get_key(row))))
        return TRUE;
    g_string_append_printf(text,
                           "      - pciVendorSelector: \"%04X:%04X\"\n"
                           "        resourceName: \"" RESOURCE_DOMAIN "/%s-%04x-%04x\"\n",
                           (guint)row->vendor, (guint)row->product, type != NULL ? type : "zpci",
                           (guint)row->vendor, (guint)row->product);
    return TRUE;
}

/* Of all functions, KubeVirt can have those that are bound to VFIO. */
static gboolean
tool_export_kubevirt_write(const ToolExport *wish, GString *text, GError **error)
{
    g_autoptr(GHashTable) chosen = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) keys = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) others = NULL;

    g_string_append(text, "spec:\n  configuration:\n    permittedHostDevices:\n");
    g_string_append(text, "      pciHostDevices:\n");
    for (guint i = 0; i < wish->chosen->len; i++) {
        ZpciRow *row = g_ptr_array_index(wish->chosen, i);

        if (!wish->is_named && !row->is_vfio)
            continue;
        g_hash_table_add(chosen, row);
        if (!tool_export_kubevirt_add_row(row, keys, text, error))
            return FALSE;
    }
    if (g_hash_table_size(keys) == 0)
        g_string_append(text, "        []\n");
    others = tool_export_kubevirt_list_others(wish, chosen, keys);
    return tool_export_kubevirt_check(others, error);
}

const ToolExportFormat tool_export_kubevirt_format = {
    .name = "kubevirt",
    .summary = N_("permittedHostDevices of KubeVirt, by vendor and product, as YAML"),
    .columns = "name,type,vendor,product,vfio",
    .with_hosts = TRUE,
    .write = tool_export_kubevirt_write,
};
