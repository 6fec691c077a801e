/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-refusal.h"

#include <glib/gi18n.h>

#include "daemon-node-device.h"
#include "text-quote.h"

gboolean
daemon_refusal_of_device(DaemonCall *call)
{
    return daemon_call_fail(call, RPC_ERROR_NO_SUPPORT, DAEMON_CALL_DOMAIN_NODE_DEVICE, "%s",
                            call->function);
}

static gboolean
refuse_type(DaemonCall *call, RpcErrorCode code)
{
    return daemon_call_fail(call, code, DAEMON_CALL_DOMAIN_NODE_DEVICE,
                            _("Unsupported device type for %s"), call->function);
}

/* @what: the protocol's name of the argument after the device's name */
static gboolean
get_name_and_word(DaemonCall *call, const char *what, char **name, guint32 *word)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *read = NULL;

    if (!daemon_call_get_name(call, &read))
        return FALSE;
    if (!rpc_xdr_get_u32(call->args, what, word, &error))
        return daemon_call_fail_decoding(call, error);
    *name = g_steal_pointer(&read);
    return TRUE;
}

/* @name: (out): the existing device that is named, together with flags of which there are none. */
static gboolean
get_existing_with_flags(DaemonCall *call, char **name)
{
    g_autofree char *read = NULL;
    guint32 flags;

    if (!get_name_and_word(call, "flags", &read, &flags) ||
        !daemon_call_check_flags(call, flags, 0) || !daemon_node_device_check(call, read))
        return FALSE;
    *name = g_steal_pointer(&read);
    return TRUE;
}

gboolean
daemon_refusal_of_destroy(DaemonCall *call)
{
    g_autofree char *name = NULL;

    return daemon_node_device_get_existing(call, &name) &&
           refuse_type(call, RPC_ERROR_CONFIG_UNSUPPORTED);
}

gboolean
daemon_refusal_of_undefine(DaemonCall *call)
{
    g_autofree char *name = NULL;
    g_autofree char *quoted = NULL;

    if (!get_existing_with_flags(call, &name))
        return FALSE;
    if (daemon_node_device_name_is_persistent(name))
        return refuse_type(call, RPC_ERROR_CONFIG_UNSUPPORTED);
    quoted = text_quote(name);
    return daemon_call_fail(call, RPC_ERROR_OPERATION_INVALID, DAEMON_CALL_DOMAIN_NODE_DEVICE,
                            _("Node device %s is not defined"), quoted);
}

gboolean
daemon_refusal_of_start(DaemonCall *call)
{
    g_autofree char *name = NULL;

    return get_existing_with_flags(call, &name) &&
           daemon_call_fail(call, RPC_ERROR_OPERATION_INVALID, DAEMON_CALL_DOMAIN_NODE_DEVICE,
                            _("Device is already active"));
}

gboolean
daemon_refusal_of_autostart(DaemonCall *call)
{
    g_autofree char *name = NULL;
    guint32 autostart;

    return get_name_and_word(call, "autostart", &name, &autostart) &&
           daemon_node_device_check(call, name) &&
           refuse_type(call, RPC_ERROR_OPERATION_UNSUPPORTED);
}
