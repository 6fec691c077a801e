/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "daemon-handler.h"
#include "daemon-polkit.h"

/* libvirt's actions, for which distributions ship rules. */
#define ACTION_MANAGE "org.libvirt.unix.manage"
#define ACTION_MONITOR "org.libvirt.unix.monitor"

/* remote_auth_type of libvirt's protocol. */
enum {
    AUTH_NONE = 0,
    AUTH_POLKIT = 2,
};

/* On an inherited socket the client is the process that started us, and root need not prove
 * anything to polkit: there is nothing to ask. */
static gboolean
needs_polkit(const DaemonSession *session)
{
    const DaemonConfig *config = daemon_service_get_config(session->service);
    guint method =
        session->channel == DAEMON_CHANNEL_READ_ONLY ? config->auth_unix_ro : config->auth_unix_rw;

    /* A user's own daemon serves nobody else. */
    if (geteuid() != 0)
        return FALSE;
    return session->channel != DAEMON_CHANNEL_INHERITED && method == DAEMON_AUTH_POLKIT &&
           session->credentials.uid != 0;
}

gboolean
daemon_auth_list(DaemonCall *call)
{
    DaemonSession *session = call->session;

    session->awaits_polkit = !session->authenticated && needs_polkit(session);
    session->authenticated = session->authenticated || !session->awaits_polkit;
    rpc_xdr_put_u32(call->reply, 1);
    rpc_xdr_put_i32(call->reply, session->awaits_polkit ? AUTH_POLKIT : AUTH_NONE);
    return TRUE;
}

gboolean
daemon_auth_refuse(DaemonCall *call)
{
    return daemon_call_fail(call, RPC_ERROR_AUTH_FAILED, RPC_DOMAIN_RPC,
                            _("this way to authenticate is not offered"));
}

/* libvirt's daemons say this in the same words. */
static gboolean
fail_polkit(DaemonCall *call, DaemonPolkitResult result, const char *action, const GError *error)
{
    switch (result) {
    case DAEMON_POLKIT_ALLOWED:
        break;
    case DAEMON_POLKIT_DENIED:
        return daemon_call_fail(call, RPC_ERROR_AUTH_FAILED, RPC_DOMAIN_POLKIT,
                                _("access denied by policy"));
    case DAEMON_POLKIT_DISMISSED:
        return daemon_call_fail(call, RPC_ERROR_AUTH_CANCELLED, RPC_DOMAIN_POLKIT,
                                _("user cancelled authentication process"));
    case DAEMON_POLKIT_NO_AGENT:
        return daemon_call_fail(call, RPC_ERROR_AUTH_UNAVAILABLE, RPC_DOMAIN_POLKIT,
                                _("no polkit agent available to authenticate action '%s'"), action);
    case DAEMON_POLKIT_FAILED:
        return daemon_call_fail(call, RPC_ERROR_INTERNAL, RPC_DOMAIN_DBUS, "%s", error->message);
    }
    return TRUE;
}

gboolean
daemon_auth_polkit(DaemonCall *call)
{
    DaemonSession *session = call->session;
    const char *action =
        session->channel == DAEMON_CHANNEL_READ_ONLY ? ACTION_MONITOR : ACTION_MANAGE;
    g_autoptr(GError) error = NULL;
    DaemonPolkitResult result;

    if (!session->awaits_polkit)
        return daemon_auth_refuse(call);
    result = daemon_polkit_check(&session->credentials, action, NULL, TRUE, session->gone, &error);
    if (result != DAEMON_POLKIT_ALLOWED)
        return fail_polkit(call, result, action, error);
    session->awaits_polkit = FALSE;
    session->authenticated = TRUE;
    rpc_xdr_put_i32(call->reply, TRUE);
    return TRUE;
}
