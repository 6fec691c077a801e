/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-call.h"

#include <glib/gi18n.h>

#include "text-quote.h"
#include "zpci-error.h"

/* The standard prefix of the code for a device that is not there. */
#define MISSING_PREFIX "Node device not found: "

gboolean
daemon_call_fail(DaemonCall *call, RpcErrorCode code, int domain, const char *format, ...)
{
    g_autofree char *detail = NULL;
    va_list args;

    va_start(args, format);
    detail = g_strdup_vprintf(format, args);
    va_end(args);
    rpc_error_set(call->error, (int)code, domain, rpc_error_prefix(code), detail);
    return FALSE;
}

gboolean
daemon_call_fail_decoding(DaemonCall *call, const GError *error)
{
    return daemon_call_fail(call, RPC_ERROR_RPC, RPC_DOMAIN_RPC,
                            _("The message of %s does not fit the protocol: %s"), call->function,
                            error->message);
}

gboolean
daemon_call_fail_missing(DaemonCall *call, const char *name)
{
    g_autofree char *quoted = text_quote(name);
    g_autofree char *detail = g_strdup_printf(_("no node device with matching name %s"), quoted);

    rpc_error_set(call->error, DAEMON_CALL_NO_NODE_DEVICE, DAEMON_CALL_DOMAIN_NODE_DEVICE,
                  MISSING_PREFIX, detail);
    return FALSE;
}

gboolean
daemon_call_fail_device(DaemonCall *call, const char *name, const GError *error)
{
    RpcErrorCode code = RPC_ERROR_INTERNAL;
    int foreign_code, foreign_domain;

    g_return_val_if_fail(error->domain == ZPCI_ERROR, FALSE);

    if (zpci_error_get_foreign(error, &foreign_code, &foreign_domain)) {
        rpc_error_set(call->error, foreign_code, foreign_domain, "", error->message);
        return FALSE;
    }
    switch ((ZpciError)error->code) {
    case ZPCI_ERROR_NOT_FOUND:
        if (name != NULL)
            return daemon_call_fail_missing(call, name);
        break;
    case ZPCI_ERROR_UNSUPPORTED:
        return daemon_call_fail(call, RPC_ERROR_NO_SUPPORT, DAEMON_CALL_DOMAIN_NODE_DEVICE, "%s",
                                call->function);
    case ZPCI_ERROR_INVALID_ARGUMENT:
        code = RPC_ERROR_INVALID_ARGUMENT;
        break;
    case ZPCI_ERROR_WRONG_STATE:
    case ZPCI_ERROR_IN_USE:
        code = RPC_ERROR_OPERATION_INVALID;
        break;
    case ZPCI_ERROR_UNREACHABLE:
        code = RPC_ERROR_OPERATION_FAILED;
        break;
    case ZPCI_ERROR_MALFORMED:
    case ZPCI_ERROR_NO_PERMISSION:
    case ZPCI_ERROR_UNREADABLE:
    case ZPCI_ERROR_INVALID_DOCUMENT:
    case ZPCI_ERROR_FOREIGN:
        break;
    }
    return daemon_call_fail(call, code, DAEMON_CALL_DOMAIN_NODE_DEVICE, "%s", error->message);
}

gboolean
daemon_call_fail_denied(DaemonCall *call)
{
    return daemon_call_fail(call, RPC_ERROR_ACCESS_DENIED, RPC_DOMAIN_ACCESS, "%s", call->function);
}

gboolean
daemon_call_check_flags(DaemonCall *call, guint32 flags, guint32 known)
{
    g_autofree char *detail = NULL;

    if ((flags & ~known) == 0)
        return TRUE;

    /* libvirt's messages about flags lack the standard prefix of their code. */
    detail = g_strdup_printf(_("unsupported flags (0x%x) in function %s"), flags & ~known,
                             call->function);
    rpc_error_set(call->error, RPC_ERROR_INVALID_ARGUMENT, DAEMON_CALL_DOMAIN_NODE_DEVICE, "",
                  detail);
    return FALSE;
}

gboolean
daemon_call_check_flags_passed_on(DaemonCall *call, guint32 flags, guint32 known)
{
    return zpci_inventory_has_upstream(call->session->inventory) ||
           daemon_call_check_flags(call, flags, known);
}

gboolean
daemon_call_get_name(DaemonCall *call, char **name)
{
    g_autoptr(GError) error = NULL;

    return rpc_xdr_get_string(call->args, "name", name, &error) ||
           daemon_call_fail_decoding(call, error);
}

gboolean
daemon_call_put_string(DaemonCall *call, const char *text)
{
    g_autoptr(GError) error = NULL;

    return rpc_xdr_put_string(call->reply, text, &error) || daemon_call_fail_decoding(call, error);
}

gboolean
daemon_call_put_names(DaemonCall *call, char **names, guint maximum)
{
    guint count = MIN(g_strv_length(names), maximum);

    rpc_xdr_put_u32(call->reply, count);
    for (guint i = 0; i < count; i++) {
        if (!daemon_call_put_string(call, names[i]))
            return FALSE;
    }
    return TRUE;
}
