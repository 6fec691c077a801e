/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>

#include "tool-export.h"
#include "tool-json.h"

/* As an object by name, and not an array: that is how playbooks look things up. */
static gboolean
tool_export_ansible_write(const ToolExport *wish, GString *text, GError **error G_GNUC_UNUSED)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonNode) root = NULL;
    g_autofree char *json = NULL;

    tool_json_begin(builder);
    json_builder_set_member_name(builder, "functions");
    json_builder_begin_object(builder);
    for (guint i = 0; i < wish->chosen->len; i++) {
        const ZpciRow *row = g_ptr_array_index(wish->chosen, i);

        json_builder_set_member_name(builder, row->name);
        tool_json_add_row(builder, wish->host, row, FALSE);
    }
    json_builder_end_object(builder);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    json = json_to_string(root, TRUE);
    g_string_append_printf(text, "%s\n", json);
    return TRUE;
}

const ToolExportFormat tool_export_ansible_format = {
    .name = "ansible",
    .summary = N_("local facts of Ansible, for /etc/ansible/facts.d/zpci.fact"),
    .with_standby = TRUE,
    .write = tool_export_ansible_write,
};
