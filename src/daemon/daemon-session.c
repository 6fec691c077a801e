/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-session.h"

DaemonSession *
daemon_session_new(gboolean inherited, const DaemonConfig *config, DaemonNotifier *notifier)
{
    DaemonSession *session = g_new0(DaemonSession, 1);

    session->inherited = inherited;
    session->config = config;
    session->notifier = notifier;
    session->identity = daemon_identity_new();
    return session;
}

void
daemon_session_free(DaemonSession *session)
{
    if (session == NULL)
        return;
    g_free(session->uri);
    /* It watches the inventory. */
    daemon_notifier_free(session->notifier);
    zpci_inventory_free(session->inventory);
    daemon_identity_free(session->identity);
    g_free(session);
}

void
daemon_session_open(DaemonSession *session, char *uri, ZpciInventory *inventory, gboolean read_only)
{
    g_return_if_fail(session->uri == NULL);

    session->uri = uri;
    session->inventory = inventory;
    session->read_only = read_only;
}

gboolean
daemon_session_is_open(const DaemonSession *session)
{
    return session->uri != NULL;
}
