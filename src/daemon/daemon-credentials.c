/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-credentials.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/socket.h>

#include "system-error.h"

/* The start time is field 22 of /proc/PID/stat; field 3 stands behind the program's name, which is
 * in brackets and may hold blanks and brackets. */
#define FIELDS_BEFORE_START_TIME 19

guint64
daemon_credentials_read_start_time(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)pid);
    g_autofree char *text = NULL;
    g_auto(GStrv) fields = NULL;
    const char *rest;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    rest = strrchr(text, ')');
    if (rest == NULL || rest[1] != ' ')
        return 0;
    fields = g_strsplit(rest + 2, " ", FIELDS_BEFORE_START_TIME + 2);
    if (g_strv_length(fields) <= FIELDS_BEFORE_START_TIME)
        return 0;
    return g_ascii_strtoull(fields[FIELDS_BEFORE_START_TIME], NULL, 10);
}

gboolean
daemon_credentials_read(GSocket *socket, DaemonCredentials *credentials, GError **error)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(g_socket_get_fd(socket), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        system_error_set(error, errno, _("Asking the kernel who a client is failed"));
        return FALSE;
    }
    credentials->uid = peer.uid;
    credentials->gid = peer.gid;
    credentials->pid = peer.pid;
    credentials->start_time = daemon_credentials_read_start_time(peer.pid);
    return TRUE;
}
