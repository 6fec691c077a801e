/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-session.h"

#include <unistd.h>

DaemonSession *
daemon_session_new(DaemonChannel channel, DaemonService *service, DaemonNotifier *notifier)
{
    DaemonSession *session = g_new0(DaemonSession, 1);

    session->channel = channel;
    /* Nobody, until the kernel has said who. */
    session->credentials.uid = (uid_t)-1;
    session->credentials.gid = (gid_t)-1;
    session->service = service;
    session->driver = "nodedev";
    session->notifier = notifier;
    daemon_notifier_guard(notifier, session);
    session->gone = g_cancellable_new();
    return session;
}

void
daemon_session_silence(DaemonSession *session)
{
    g_cancellable_cancel(session->gone);
    g_clear_pointer(&session->notifier, daemon_notifier_free);
}

static void
drop_inventory(DaemonSession *session)
{
    if (session->host != NULL && session->inventory != daemon_host_get_inventory(session->host))
        zpci_inventory_free(session->inventory);
    session->inventory = NULL;
}

/* Who has the same user as we have may ask for itself what we ask: whoever has started us, and root
 * if we are root's. Returns (nullable): on whose behalf another daemon has to be asked; floating.
 */
static GVariant *
describe_caller(const DaemonSession *session)
{
    if (session->identity != NULL)
        return daemon_identity_describe(session->identity);
    if (session->channel == DAEMON_CHANNEL_INHERITED || session->credentials.uid == geteuid())
        return NULL;
    return daemon_credentials_describe(&session->credentials, session->label);
}

static void
choose_inventory(DaemonSession *session)
{
    ZpciInventory *of_host = daemon_host_get_inventory(session->host);
    GVariant *caller = zpci_inventory_has_upstream(of_host) ? describe_caller(session) : NULL;

    drop_inventory(session);
    session->inventory = caller != NULL ? zpci_inventory_new_for(of_host, caller) : of_host;
}

gboolean
daemon_session_expect(DaemonSession *session, GError **error)
{
    session->expects = session->expects || daemon_host_expect(session->host, error);
    return session->expects;
}

void
daemon_session_expect_no_more(DaemonSession *session)
{
    if (session->expects)
        daemon_host_expect_no_more(session->host);
    session->expects = FALSE;
}

void
daemon_session_free(DaemonSession *session)
{
    if (session == NULL)
        return;
    g_free(session->uri);
    /* It watches the host. */
    daemon_notifier_free(session->notifier);
    drop_inventory(session);
    daemon_session_expect_no_more(session);
    daemon_host_unref(session->host);
    daemon_identity_free(session->identity);
    g_free(session->label);
    g_object_unref(session->gone);
    g_free(session);
}

void
daemon_session_open(DaemonSession *session, char *uri, DaemonHost *host, gboolean read_only)
{
    g_return_if_fail(session->uri == NULL);

    session->uri = uri;
    session->host = host;
    session->read_only = read_only;
    choose_inventory(session);
}

void
daemon_session_identify(DaemonSession *session, DaemonIdentity *identity)
{
    g_return_if_fail(session->host != NULL);

    daemon_identity_free(session->identity);
    session->identity = identity;
    choose_inventory(session);
}

gboolean
daemon_session_is_open(const DaemonSession *session)
{
    return session->uri != NULL;
}
