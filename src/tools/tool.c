/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool.h"

#include <stdio.h>

ToolStatus
tool_fail(const GError *error)
{
    fprintf(stderr, "virt-zpci: %s\n", error->message);
    return TOOL_FAILED;
}

ToolStatus
tool_refuse(const GError *error)
{
    tool_fail(error);
    return TOOL_USAGE;
}

ZpciInventory *
tool_open_inventory(const char *root, GError **error)
{
    ZpciHost *host = zpci_host_open(root, error);

    if (host == NULL)
        return NULL;
    zpci_host_set_vfio_read(host, ZPCI_VFIO_READ_EXPLICIT, ZPCI_HOST_DEFAULT_SETTLE_SECONDS);
    return zpci_inventory_new(host);
}

void
tool_print_json(JsonBuilder *builder)
{
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *text = json_to_string(root, TRUE);

    puts(text);
}
