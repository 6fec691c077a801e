/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "daemon-handler.h"
#include "daemon-uri.h"
#include "names.h"
#include "text-quote.h"
#include "zpci-error.h"
#include "zpci-libvirt.h"

#define DRIVER_TYPE "nodedev"

#define OPEN_READ_ONLY 0x1

/* Of the protocol's features those that this server has. */
enum {
    FEATURE_KEEPALIVE = 10,
    FEATURE_EVENT_CALLBACK_IDS = 14,
    FEATURE_CLOSE_CALLBACK = 15,
};

static gboolean
fail_open(DaemonCall *call, const GError *error)
{
    RpcErrorCode code = g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED)
                            ? RPC_ERROR_NO_CONNECT
                            : RPC_ERROR_INTERNAL;

    return daemon_call_fail(call, code, RPC_DOMAIN_NONE, "%s", error->message);
}

/* What only the client that started us may say. */
static gboolean
check_private(DaemonCall *call, const char *value, const char *parameter)
{
    return value == NULL || call->session->channel == DAEMON_CHANNEL_INHERITED ||
           daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_NONE,
                            _("The URI parameter %s is only for the ext transport."), parameter);
}

/* Takes over @name on success. */
static gboolean
open_name(DaemonCall *call, char **name, gboolean read_only)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DaemonUri) uri = daemon_uri_parse(*name, geteuid() == 0, &error);
    DaemonHost *host;

    if (uri == NULL)
        return fail_open(call, error);
    if (!check_private(call, uri->root, "root=") ||
        !check_private(call, uri->upstream, "upstream="))
        return FALSE;
    host = daemon_service_open_host(call->session->service, uri, read_only, &error);
    if (host == NULL)
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_NONE, "%s", error->message);

    daemon_session_open(call->session, g_steal_pointer(name), host, read_only);
    return TRUE;
}

gboolean
daemon_connect_open(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = NULL;
    guint32 flags;

    if (!rpc_xdr_get_optional_string(call->args, "name", &name, &error) ||
        !rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);
    if (daemon_session_is_open(call->session))
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC,
                                _("connection already open"));
    if (name == NULL)
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC,
                                _("connection not open: no URI was given"));
    if (*name == '\0') {
        g_free(name);
        name = g_strdup(NAME_URI_PATH);
    }
    /* Bits other than the first leak from inside libvirt's client and mean nothing here. */
    return open_name(call, &name,
                     (flags & OPEN_READ_ONLY) != 0 ||
                         call->session->channel == DAEMON_CHANNEL_READ_ONLY);
}

gboolean
daemon_connect_close(DaemonCall *call)
{
    call->session->leaves = TRUE;
    return TRUE;
}

gboolean
daemon_connect_supports_feature(DaemonCall *call)
{
    g_autoptr(GError) error = NULL;
    gint32 feature;

    if (!rpc_xdr_get_i32(call->args, "feature", &feature, &error))
        return daemon_call_fail_decoding(call, error);
    if (feature == FEATURE_KEEPALIVE)
        call->session->knows_keepalive = TRUE;
    else if (!daemon_session_is_open(call->session))
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC, _("connection not open"));

    rpc_xdr_put_i32(call->reply, feature == FEATURE_KEEPALIVE ||
                                     feature == FEATURE_EVENT_CALLBACK_IDS ||
                                     feature == FEATURE_CLOSE_CALLBACK);
    return TRUE;
}

gboolean
daemon_connect_get_type(DaemonCall *call)
{
    return daemon_call_put_string(call, DRIVER_TYPE);
}

gboolean
daemon_connect_get_uri(DaemonCall *call)
{
    return daemon_call_put_string(call, call->session->uri);
}

gboolean
daemon_connect_get_lib_version(DaemonCall *call)
{
    rpc_xdr_put_u64(call->reply, zpci_libvirt_get_version(NULL));
    return TRUE;
}

gboolean
daemon_connect_is_secure(DaemonCall *call)
{
    /* No byte leaves this machine on our side; the client adds what it knows of its own side. */
    rpc_xdr_put_i32(call->reply, TRUE);
    return TRUE;
}

static gboolean
fail_identity(DaemonCall *call, DaemonIdentityFault fault, const char *field)
{
    g_autofree char *quoted = text_quote(field);

    switch (fault) {
    case DAEMON_IDENTITY_OK:
        break;
    case DAEMON_IDENTITY_UNKNOWN_FIELD:
        return daemon_call_fail(call, RPC_ERROR_ARGUMENT_UNSUPPORTED, RPC_DOMAIN_NONE,
                                _("parameter %s not supported"), quoted);
    case DAEMON_IDENTITY_WRONG_TYPE:
        return daemon_call_fail(call, RPC_ERROR_INVALID_ARGUMENT, RPC_DOMAIN_NONE,
                                _("parameter %s is of the wrong type"), quoted);
    case DAEMON_IDENTITY_DUPLICATE:
        return daemon_call_fail(call, RPC_ERROR_INVALID_ARGUMENT, RPC_DOMAIN_NONE,
                                _("parameter %s occurs more than once"), quoted);
    case DAEMON_IDENTITY_LONG_FIELD:
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_NONE,
                                _("the name of parameter %s is too long"), quoted);
    }
    return TRUE;
}

static gboolean
get_identity(DaemonCall *call, DaemonIdentity *identity)
{
    g_autoptr(GError) error = NULL;
    DaemonIdentityFault fault = DAEMON_IDENTITY_OK;
    g_autofree char *field = NULL;
    guint32 count;

    if (!rpc_xdr_get_count(call->args, "params", DAEMON_IDENTITY_MAX_PARAMS, &count, &error))
        return daemon_call_fail_decoding(call, error);

    /* A message that does not decode is that, whatever else is wrong with it. */
    for (guint32 i = 0; i < count; i++) {
        g_auto(RpcTypedParam) param = { .field = NULL };

        if (!rpc_typed_param_decode(call->args, &param, &error))
            return daemon_call_fail_decoding(call, error);
        if (fault != DAEMON_IDENTITY_OK)
            continue;
        fault = daemon_identity_add(identity, &param);
        if (fault != DAEMON_IDENTITY_OK)
            field = g_steal_pointer(&param.field);
    }
    return fault == DAEMON_IDENTITY_OK || fail_identity(call, fault, field);
}

gboolean
daemon_connect_set_identity(DaemonCall *call)
{
    g_autoptr(DaemonIdentity) identity = daemon_identity_new();
    g_autoptr(GError) error = NULL;
    guint32 flags;

    if (!get_identity(call, identity))
        return FALSE;
    if (!rpc_xdr_get_u32(call->args, "flags", &flags, &error))
        return daemon_call_fail_decoding(call, error);

    /* Who is not root may say what it likes, and it counts for nothing. */
    if (call->session->channel != DAEMON_CHANNEL_INHERITED && call->session->credentials.uid != 0)
        return TRUE;
    daemon_session_identify(call->session, g_steal_pointer(&identity));
    return TRUE;
}

gboolean
daemon_connect_accept_close_callback(G_GNUC_UNUSED DaemonCall *call)
{
    return TRUE;
}
