/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>

#include "daemon-handler.h"
#include "zpci-error.h"

/* Of virNodeDeviceUpdate(): whether it changes the device, its definition or both. */
#define UPDATE_FLAGS (ZPCI_UPDATE_ACTIVE | ZPCI_UPDATE_DEFINITION)

/* An operation that takes nothing but the device's name. */
typedef gboolean (*DaemonNodeOperation)(ZpciInventory *inventory, const char *name, GError **error);

/* An operation that makes a device. */
typedef gboolean (*DaemonNodeMaking)(ZpciInventory *inventory, const char *xml,
                                     ZpciDefineFlags flags, char **name, GError **error);

/* @unsupported: the code with which stock libvirt refuses a kind of device */
static gboolean
fail_operation(DaemonCall *call, const char *name, RpcErrorCode unsupported, const GError *error)
{
    if (unsupported == RPC_ERROR_NO_SUPPORT ||
        !g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED))
        return daemon_call_fail_device(call, name, error);
    return daemon_call_fail(call, unsupported, DAEMON_CALL_DOMAIN_NODE_DEVICE,
                            _("Unsupported device type for %s"), call->function);
}

static gboolean
operate(DaemonCall *call, const char *name, DaemonNodeOperation operation, RpcErrorCode unsupported)
{
    g_autoptr(GError) error = NULL;

    return operation(call->session->inventory, name, &error) ||
           fail_operation(call, name, unsupported, error);
}

static gboolean
operate_on_named(DaemonCall *call, DaemonNodeOperation operation, RpcErrorCode unsupported)
{
    g_autofree char *name = NULL;

    return daemon_call_get_name(call, &name) && operate(call, name, operation, unsupported);
}

static gboolean
get_flags(DaemonCall *call, guint32 known)
{
    g_autoptr(GError) error = NULL;
    guint32 flags;

    if (!rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    return daemon_call_check_flags(call, flags, known);
}

/* The same for a call that has flags, of which there are none. */
static gboolean
operate_on_flagged(DaemonCall *call, DaemonNodeOperation operation, RpcErrorCode unsupported)
{
    g_autofree char *name = NULL;

    return daemon_call_get_name(call, &name) && get_flags(call, 0) &&
           operate(call, name, operation, unsupported);
}

static gboolean
make(DaemonCall *call, DaemonNodeMaking making)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *xml = NULL;
    g_autofree char *name = NULL;
    guint32 flags;

    if (!rpc_xdr_get_string(call->args, "xml", &xml, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!making(call->session->inventory, xml, flags, &name, &error))
        return daemon_call_fail_device(call, NULL, error);
    return daemon_call_put_string(call, name);
}

gboolean
daemon_node_operation_create(DaemonCall *call)
{
    return make(call, zpci_inventory_create);
}

gboolean
daemon_node_operation_define(DaemonCall *call)
{
    return make(call, zpci_inventory_define);
}

gboolean
daemon_node_operation_undefine(DaemonCall *call)
{
    return operate_on_flagged(call, zpci_inventory_undefine, RPC_ERROR_CONFIG_UNSUPPORTED);
}

gboolean
daemon_node_operation_update(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_autofree char *xml = NULL;
    guint32 flags;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!rpc_xdr_get_string(call->args, "xml_desc", &xml, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    return daemon_call_check_flags_passed_on(call, flags, UPDATE_FLAGS) &&
           (zpci_inventory_update(call->session->inventory, name, xml, flags, &error) ||
            fail_operation(call, name, RPC_ERROR_CONFIG_UNSUPPORTED, error));
}

gboolean
daemon_node_operation_start(DaemonCall *call)
{
    return operate_on_flagged(call, zpci_inventory_start, RPC_ERROR_CONFIG_UNSUPPORTED);
}

gboolean
daemon_node_operation_destroy(DaemonCall *call)
{
    return operate_on_named(call, zpci_inventory_destroy, RPC_ERROR_CONFIG_UNSUPPORTED);
}

gboolean
daemon_node_operation_set_autostart(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    gint32 autostart;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!rpc_xdr_get_i32(call->args, "autostart", &autostart, &error))
        return daemon_call_fail_decoding(call, error);
    return zpci_inventory_set_autostart(call->session->inventory, name, autostart != 0, &error) ||
           fail_operation(call, name, RPC_ERROR_OPERATION_UNSUPPORTED, error);
}

static gboolean
detach(DaemonCall *call, const char *name, const char *driver)
{
    g_autoptr(GError) error = NULL;

    if (zpci_inventory_detach(call->session->inventory, name, driver, &error))
        return TRUE;
    /* What stock libvirt says of a driver or a machine with which nothing is detached. */
    if (g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED))
        return daemon_call_fail(call, RPC_ERROR_ARGUMENT_UNSUPPORTED,
                                DAEMON_CALL_DOMAIN_NODE_DEVICE, "%s", error->message);
    return daemon_call_fail_device(call, name, error);
}

gboolean
daemon_node_operation_detach(DaemonCall *call)
{
    g_autofree char *name = NULL;

    return daemon_call_get_name(call, &name) && detach(call, name, NULL);
}

gboolean
daemon_node_operation_detach_flags(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_autofree char *driver = NULL;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!rpc_xdr_get_optional_string(call->args, "driverName", &driver, &error))
        return daemon_call_fail_decoding(call, error);
    return get_flags(call, 0) && detach(call, name, driver);
}

gboolean
daemon_node_operation_reattach(DaemonCall *call)
{
    return operate_on_named(call, zpci_inventory_reattach, RPC_ERROR_NO_SUPPORT);
}

gboolean
daemon_node_operation_reset(DaemonCall *call)
{
    return operate_on_named(call, zpci_inventory_reset, RPC_ERROR_NO_SUPPORT);
}
