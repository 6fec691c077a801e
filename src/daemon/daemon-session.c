/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-session.h"

DaemonSession *
daemon_session_new(DaemonChannel channel, DaemonService *service, DaemonNotifier *notifier)
{
    DaemonSession *session = g_new0(DaemonSession, 1);

    session->channel = channel;
    /* Nobody, until the kernel has said who. */
    session->credentials.uid = (uid_t)-1;
    session->credentials.gid = (gid_t)-1;
    session->service = service;
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

void
daemon_session_free(DaemonSession *session)
{
    if (session == NULL)
        return;
    g_free(session->uri);
    /* It watches the host. */
    daemon_notifier_free(session->notifier);
    daemon_host_unref(session->host);
    daemon_identity_free(session->identity);
    g_object_unref(session->gone);
    g_free(session);
}

void
daemon_session_open(DaemonSession *session, char *uri, DaemonHost *host, gboolean read_only)
{
    g_return_if_fail(session->uri == NULL);

    session->uri = uri;
    session->host = host;
    session->inventory = daemon_host_get_inventory(host);
    session->read_only = read_only;
}

gboolean
daemon_session_is_open(const DaemonSession *session)
{
    return session->uri != NULL;
}
