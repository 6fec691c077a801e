/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool.h"

static ToolStatus
tool_dumpxml_run(const char *root, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, &error);
    g_autofree char *name = NULL;
    g_autofree char *xml = NULL;

    if (inventory != NULL)
        name = zpci_inventory_resolve(inventory, arguments[0], &error);
    if (name != NULL)
        xml = zpci_inventory_get_xml(inventory, name, &error);
    if (xml == NULL)
        return tool_fail(error);
    fputs(xml, stdout);
    return TOOL_OK;
}

const ToolCommand tool_dumpxml_command = {
    .name = "dumpxml",
    .arguments = N_("NAME"),
    .summary = N_("Print a node device's XML, <zpci> included"),
    .description =
        N_("NAME is a node device (pci_0005_00_00_0), a PCI address (0005:00:00.0), an FID\n"
           "(fid=0x0000000c or 0000000c) or a UID (uid=0x0005). 0x0005 is either of these."),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = 1,
    .run = tool_dumpxml_run,
};
