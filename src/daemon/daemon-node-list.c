/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-node-list.h"

#include "daemon-capability.h"

static char **
list(DaemonCall *call, const char *const *capabilities, ZpciStates states)
{
    g_autoptr(GError) error = NULL;
    char **devices = zpci_inventory_list(call->session->inventory, capabilities, states, &error);

    if (devices == NULL)
        daemon_call_fail_device(call, NULL, error);
    return devices;
}

/* @capability: (nullable): may be any text; one that nobody has gives an empty list. */
static char **
list_having(DaemonCall *call, const char *capability)
{
    const char *const capabilities[] = { capability, NULL };

    return list(call, capability == NULL ? NULL : capabilities, ZPCI_STATE_ANY);
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

/* Flags of neither state do not restrict a list. */
static ZpciStates
states_of(guint32 flags)
{
    ZpciStates states = 0;

    if ((flags & DAEMON_CAPABILITY_STATE_ACTIVE) != 0)
        states |= ZPCI_STATE_ACTIVE;
    if ((flags & DAEMON_CAPABILITY_STATE_INACTIVE) != 0)
        states |= ZPCI_STATE_INACTIVE;
    return states != 0 ? states : ZPCI_STATE_ANY;
}

static char **
list_flagged(DaemonCall *call, guint32 flags)
{
    g_autofree const char **capabilities = daemon_capability_names(flags);

    return list(call, capabilities, states_of(flags));
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
    if (!daemon_call_check_flags(call, flags,
                                 DAEMON_CAPABILITY_FLAGS | DAEMON_CAPABILITY_STATE_INACTIVE |
                                     DAEMON_CAPABILITY_STATE_ACTIVE))
        return FALSE;

    devices = list_flagged(call, flags);
    if (devices == NULL)
        return FALSE;
    if (!daemon_call_put_names(call, devices, need_results != 0 ? G_MAXUINT : 0))
        return FALSE;
    rpc_xdr_put_u32(call->reply, g_strv_length(devices));
    return TRUE;
}
