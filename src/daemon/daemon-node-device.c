/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>

#include "daemon-access.h"
#include "daemon-handler.h"
#include "text-quote.h"
#include "zpci-inventory-wire.h"
#include "zpci-libvirt.h"

typedef gboolean (*DaemonNodeDeviceQuestion)(ZpciInventory *inventory, const char *name,
                                             gboolean *yes, GError **error);

gboolean
daemon_node_device_lookup(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!zpci_inventory_has(call->session->inventory, name, &error))
        return daemon_call_fail_device(call, name, error);
    return daemon_call_put_string(call, name);
}

gboolean
daemon_node_device_lookup_scsi(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *wwnn = NULL;
    g_autofree char *wwpn = NULL;
    g_autofree char *pair = NULL;
    g_autofree char *name = NULL;
    guint32 flags;

    if (!rpc_xdr_get_string(call->args, "wwnn", &wwnn, &error) ||
        !rpc_xdr_get_string(call->args, "wwpn", &wwpn, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!daemon_call_check_flags(call, flags, 0))
        return FALSE;
    if (zpci_inventory_lookup_scsi_host(call->session->inventory, wwnn, wwpn, &name, &error))
        return daemon_access_allows(call->session, DAEMON_PERMISSION_DEVICE_GETATTR, name)
                   ? daemon_call_put_string(call, name)
                   : daemon_call_fail_denied(call);
    pair = g_strdup_printf("%.*s,%.*s", TEXT_QUOTE_MAX / 2, wwnn, TEXT_QUOTE_MAX / 2, wwpn);
    return daemon_call_fail_device(call, pair, error);
}

gboolean
daemon_node_device_get_xml(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_autofree char *xml = NULL;
    guint32 flags;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!daemon_call_check_flags_passed_on(call, flags, zpci_libvirt_get_xml_flags()))
        return FALSE;

    xml = zpci_inventory_get_xml_flagged(call->session->inventory, name, flags, &error);
    if (xml == NULL)
        return daemon_call_fail_device(call, name, error);
    return daemon_call_put_string(call, xml);
}

gboolean
daemon_node_device_get_parent(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_autofree char *parent = NULL;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!zpci_inventory_get_parent(call->session->inventory, name, &parent, &error))
        return daemon_call_fail_device(call, name, error);
    return rpc_xdr_put_optional_string(call->reply, parent, &error) ||
           daemon_call_fail_decoding(call, error);
}

/* A client asks for names, and says how many it takes, or for their number only. */
static gboolean
get_maximum(DaemonCall *call, gboolean counts, guint32 *maximum, GError **error)
{
    /* The maximum is a signed number on the wire; a negative one is far above the limit here. */
    return counts ||
           rpc_xdr_get_count(call->args, "maxnames", ZPCI_INVENTORY_MAX_DEVICES, maximum, error);
}

static gboolean
put_names(DaemonCall *call, gboolean counts, char **names, guint32 maximum)
{
    if (!counts)
        return daemon_call_put_names(call, names, maximum);
    rpc_xdr_put_u32(call->reply, g_strv_length(names));
    return TRUE;
}

static gboolean
answer_with_capabilities(DaemonCall *call, gboolean counts)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    g_auto(GStrv) capabilities = NULL;
    guint32 maximum = 0;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!get_maximum(call, counts, &maximum, &error))
        return daemon_call_fail_decoding(call, error);
    capabilities = zpci_inventory_get_capabilities(call->session->inventory, name, &error);
    return capabilities != NULL ? put_names(call, counts, capabilities, maximum)
                                : daemon_call_fail_device(call, name, error);
}

gboolean
daemon_node_device_count_capabilities(DaemonCall *call)
{
    return answer_with_capabilities(call, TRUE);
}

gboolean
daemon_node_device_list_capabilities(DaemonCall *call)
{
    return answer_with_capabilities(call, FALSE);
}

/* Answers with what @question says of the device that is named. */
static gboolean
answer_question(DaemonCall *call, DaemonNodeDeviceQuestion question)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    gboolean yes;

    if (!daemon_call_get_name(call, &name))
        return FALSE;
    if (!question(call->session->inventory, name, &yes, &error))
        return daemon_call_fail_device(call, name, error);
    rpc_xdr_put_i32(call->reply, yes);
    return TRUE;
}

gboolean
daemon_node_device_is_persistent(DaemonCall *call)
{
    return answer_question(call, zpci_inventory_is_persistent);
}

gboolean
daemon_node_device_get_autostart(DaemonCall *call)
{
    return answer_question(call, zpci_inventory_get_autostart);
}

gboolean
daemon_node_device_is_active(DaemonCall *call)
{
    return answer_question(call, zpci_inventory_is_active);
}

gboolean
daemon_node_device_expect_events(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;

    return daemon_session_expect(call->session, &error) ||
           daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC, "%s", error->message);
}

static gboolean
register_event(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *device = NULL;
    gint32 event;
    gint32 callback_id;

    if (!rpc_xdr_get_i32(call->args, "eventID", &event, &error) ||
        !rpc_xdr_get_optional_string(call->args, "dev", &device, &error))
        return daemon_call_fail_decoding(call, error);
    if (event != DAEMON_EVENT_LIFECYCLE && event != DAEMON_EVENT_UPDATE)
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC,
                                _("unsupported node device event ID %d"), event);
    if (!daemon_notifier_register(call->session->notifier, call->session->host,
                                  (DaemonEventId)event, device, &callback_id, &error))
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC, "%s", error->message);
    rpc_xdr_put_i32(call->reply, callback_id);
    return TRUE;
}

gboolean
daemon_node_device_register_event(DaemonCall *call)
{
    gboolean good = register_event(call);

    daemon_session_expect_no_more(call->session);
    return good;
}

gboolean
daemon_node_device_deregister_event(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    gint32 callback_id;

    if (!rpc_xdr_get_i32(call->args, "callbackID", &callback_id, &error))
        return daemon_call_fail_decoding(call, error);
    return daemon_notifier_deregister(call->session->notifier, callback_id) ||
           daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC,
                            _("node device event callback %d not registered"), callback_id);
}

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

static gboolean
answer_with_devices(DaemonCall *call, gboolean counts)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *capability = NULL;
    g_auto(GStrv) devices = NULL;
    guint32 maximum = 0;
    guint32 flags;

    if (!rpc_xdr_get_optional_string(call->args, "cap", &capability, &error) ||
        !get_maximum(call, counts, &maximum, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!daemon_call_check_flags(call, flags, 0))
        return FALSE;
    devices = list_having(call, capability);
    return devices != NULL && put_names(call, counts, devices, maximum);
}

gboolean
daemon_node_device_count(DaemonCall *call)
{
    return answer_with_devices(call, TRUE);
}

gboolean
daemon_node_device_list_names(DaemonCall *call)
{
    return answer_with_devices(call, FALSE);
}

static char **
list_flagged(ZpciInventory *inventory, guint flags, GError **error)
{
    g_autofree const char **capabilities = zpci_libvirt_get_capabilities(flags);
    const NodeDeviceWish wish = { capabilities, zpci_libvirt_get_states(flags), flags };

    return zpci_inventory_list_wished(inventory, &wish, error);
}

gboolean
daemon_node_device_list(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) devices = NULL;
    gint32 need_results;
    guint32 flags;

    if (!rpc_xdr_get_i32(call->args, "need_results", &need_results, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (!daemon_call_check_flags_passed_on(call, flags, zpci_libvirt_get_list_flags()))
        return FALSE;

    devices = list_flagged(call->session->inventory, flags, &error);
    if (devices == NULL)
        return daemon_call_fail_device(call, NULL, error);
    daemon_access_filter(call->session, devices);
    if (!daemon_call_put_names(call, devices, need_results != 0 ? G_MAXUINT : 0))
        return FALSE;
    rpc_xdr_put_u32(call->reply, g_strv_length(devices));
    return TRUE;
}
