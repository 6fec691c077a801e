/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-handler.h"
#include "zpci-inventory-wire.h"

gboolean
daemon_node_ready_lookup(DaemonCall *call)
{
    g_autofree char *name = NULL;

    return daemon_call_get_name(call, &name) &&
           zpci_inventory_get_ready(call->session->inventory, name, NULL, NULL) &&
           daemon_call_put_string(call, name);
}

gboolean
daemon_node_ready_get_xml(DaemonCall *call)
{
    g_autofree char *name = NULL;
    g_autofree char *xml = NULL;
    guint32 flags;

    return daemon_call_get_name(call, &name) &&
           rpc_xdr_get_u32(call->args, "flags", &flags, NULL) && flags == 0 &&
           zpci_inventory_get_ready(call->session->inventory, name, &xml, NULL) &&
           daemon_call_put_string(call, xml);
}

gboolean
daemon_node_ready_count_capabilities(DaemonCall *call)
{
    g_autofree char *name = NULL;
    g_auto(GStrv) capabilities = NULL;

    if (!daemon_call_get_name(call, &name) ||
        !zpci_inventory_get_ready(call->session->inventory, name, NULL, &capabilities))
        return FALSE;
    rpc_xdr_put_u32(call->reply, g_strv_length(capabilities));
    return TRUE;
}

gboolean
daemon_node_ready_list_capabilities(DaemonCall *call)
{
    g_autofree char *name = NULL;
    g_auto(GStrv) capabilities = NULL;
    guint32 maximum;

    return daemon_call_get_name(call, &name) &&
           rpc_xdr_get_count(call->args, "maxnames", ZPCI_INVENTORY_MAX_DEVICES, &maximum, NULL) &&
           zpci_inventory_get_ready(call->session->inventory, name, NULL, &capabilities) &&
           daemon_call_put_names(call, capabilities, maximum);
}
