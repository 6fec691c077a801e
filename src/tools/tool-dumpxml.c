/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-name.h"
#include "tool.h"

static ToolStatus
tool_dumpxml_run(const char *root, gconstpointer options G_GNUC_UNUSED, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, &error);
    g_auto(GStrv) names = NULL;

    if (inventory != NULL)
        names = tool_name_resolve_each(inventory, arguments, &error);
    if (names == NULL)
        return tool_fail(error);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *xml = zpci_inventory_get_xml(inventory, names[i], &error);

        if (xml == NULL)
            return tool_fail(error);
        fputs(xml, stdout);
    }
    return TOOL_OK;
}

const ToolCommand tool_dumpxml_command = {
    .name = "dumpxml",
    .arguments = N_("NAME…"),
    .summary = N_("Print a node device's XML, <zpci> included"),
    .description = N_("Several documents are printed one after the other."),
    .describe = tool_name_describe,
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_dumpxml_run,
};
