/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-credentials.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/socket.h>

#include "names.h"
#include "system-error.h"

/* The start time is field 22 of /proc/PID/stat; field 3 stands behind the program's name, which is
 * in brackets and may hold blanks and brackets. */
#define FIELDS_BEFORE_START_TIME 19

/* In bytes; SELinux contexts with categories have some hundred. A longer one is not told. */
#define MAX_LABEL 4096

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

/* The kernel gives the label of whichever module it has: AppArmor's is no context. */
char *
daemon_credentials_read_label(GSocket *socket, const char *selinux)
{
    g_autofree char *enforce = g_build_filename(selinux, NAME_SELINUX_ENFORCE, NULL);
    char label[MAX_LABEL + 1];
    socklen_t size = MAX_LABEL;

    if (!g_file_test(enforce, G_FILE_TEST_EXISTS) ||
        getsockopt(g_socket_get_fd(socket), SOL_SOCKET, SO_PEERSEC, label, &size) != 0)
        return NULL;
    /* Some modules count a final zero, some do not. */
    label[size] = '\0';
    return *label != '\0' ? g_strdup(label) : NULL;
}

GVariant *
daemon_credentials_describe(const DaemonCredentials *credentials, const char *label)
{
    GVariantDict fields;

    g_variant_dict_init(&fields, NULL);
    g_variant_dict_insert(&fields, "unix-user-id", "t", (guint64)credentials->uid);
    g_variant_dict_insert(&fields, "unix-group-id", "t", (guint64)credentials->gid);
    g_variant_dict_insert(&fields, "process-id", "x", (gint64)credentials->pid);
    g_variant_dict_insert(&fields, "process-time", "t", credentials->start_time);
    if (label != NULL)
        g_variant_dict_insert_value(&fields, "selinux-context", g_variant_new_bytestring(label));
    return g_variant_dict_end(&fields);
}
