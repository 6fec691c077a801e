/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-options.h"

static gpointer
tool_options_find_value(const ToolOptionTable *table, const GOptionEntry *entry, gpointer values)
{
    return (guint8 *)values + table->offset + GPOINTER_TO_SIZE(entry->arg_data);
}

void
tool_options_add(GOptionContext *context, const ToolOptionTable *table, gpointer values)
{
    for (const GOptionEntry *entry = table->entries; entry->long_name != NULL; entry++) {
        GOptionEntry own[] = { *entry, G_OPTION_ENTRY_NULL };

        own[0].arg_data = tool_options_find_value(table, entry, values);
        g_option_context_add_main_entries(context, own, GETTEXT_PACKAGE);
    }
}

void
tool_options_clear(const ToolOptionTable *table, gpointer values)
{
    for (const GOptionEntry *entry = table->entries; entry->long_name != NULL; entry++) {
        gpointer value = tool_options_find_value(table, entry, values);

        if (entry->arg == G_OPTION_ARG_STRING || entry->arg == G_OPTION_ARG_FILENAME)
            g_clear_pointer((char **)value, g_free);
        else if (entry->arg == G_OPTION_ARG_FILENAME_ARRAY ||
                 entry->arg == G_OPTION_ARG_STRING_ARRAY)
            g_clear_pointer((char ***)value, g_strfreev);
    }
}
