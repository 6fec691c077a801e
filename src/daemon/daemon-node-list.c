/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-node-list.h"

#include "daemon-access.h"
#include "zpci-inventory-wire.h"

/* @capability: (nullable): may be any text; one that nobody has gives an empty list. */
static char **
list_having(DaemonCall *call, const char *capability)
{
    const char *const capabilities[] = { capability, NULL };
    g_autoptr(GError) error = NULL;
    char **devices = zpci_inventory_list(
        call->session->inventory, capability == NULL ? NULL : capabilities, ZPCI_STATE_ANY, &error);

    if (devices == NULL)
        daemon_call_fail_device(call, NULL, error);
    else
        daemon_access_filter(call->session, devices);
    return devices;
}

gboolean
daemon_node_list_count(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *capability = NULL;
    g_auto(GStrv) devices = NULL;
    guint32 flags;

    if (!rpc_xdr_get_optional_string(call->args, "cap", &capability, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!daemon_call_check_flags(call, flags, 0))
        return FALSE;

    devices = list_having(call, capability);
    if (devices == NULL)
        return FALSE;
    rpc_xdr_put_u32(call->reply, g_strv_length(devices));
    return TRUE;
}

gboolean
daemon_node_list_names(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *capability = NULL;
    g_auto(GStrv) devices = NULL;
    guint32 maximum;
    guint32 flags;

    /* The maximum is a signed number on the wire; a negative one is far above the limit here. */
    if (!rpc_xdr_get_optional_string(call->args, "cap", &capability, &error) ||
        !rpc_xdr_get_count(call->args, "maxnames", ZPCI_INVENTORY_MAX_DEVICES, &maximum, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!daemon_call_check_flags(call, flags, 0))
        return FALSE;

    devices = list_having(call, capability);
    if (devices == NULL)
        return FALSE;
    return daemon_call_put_names(call, devices, maximum);
}

gboolean
daemon_node_list_devices(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) devices = NULL;
    gint32 need_results;
    guint32 flags;

    if (!rpc_xdr_get_i32(call->args, "need_results", &need_results, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!daemon_call_check_flags_passed_on(call, flags, zpci_inventory_get_list_flags()))
        return FALSE;

    devices = zpci_inventory_list_flagged(call->session->inventory, flags, &error);
    if (devices == NULL)
        return daemon_call_fail_device(call, NULL, error);
    daemon_access_filter(call->session, devices);
    if (!daemon_call_put_names(call, devices, need_results != 0 ? G_MAXUINT : 0))
        return FALSE;
    rpc_xdr_put_u32(call->reply, g_strv_length(devices));
    return TRUE;
}
