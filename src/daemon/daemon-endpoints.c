/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-endpoints.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "daemon-activation.h"
#include "daemon-lock.h"
#include "names.h"
#include "system-error.h"

/* Whoever may connect to a socket that polkit guards is decided by polkit; to one that nothing
 * guards, by the file's mode. */
#define MODE_GUARDED 0777
#define MODE_OWN 0700

static void
socket_free(gpointer data)
{
    daemon_socket_free(data);
}

static char *
usual_path(const DaemonConfig *config)
{
    if (config->unix_sock_dir != NULL)
        return g_build_filename(config->unix_sock_dir, NAME_SOCKET, NULL);
    return g_build_filename(geteuid() == 0 ? NAME_RUN : g_get_user_runtime_dir(), NAME_RUN_SOCKETS,
                            NAME_SOCKET, NULL);
}

static gboolean
claim(const char *path, int *lock, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    g_autofree char *file = g_strconcat(path, NAME_SOCKET_PID_SUFFIX, NULL);

    if (g_mkdir_with_parents(directory, 0755) != 0) {
        system_error_set(error, errno, _("Making the directory %s failed"), directory);
        return FALSE;
    }
    return daemon_lock_take(file, lock, error);
}

static guint
choose_mode(guint configured, gboolean is_open)
{
    if (configured != DAEMON_CONFIG_MODE_BY_AUTH)
        return configured;
    return is_open ? MODE_GUARDED : MODE_OWN;
}

static gboolean
open_both(const DaemonConfig *config, const char *path, GPtrArray *sockets, GError **error)
{
    g_autofree char *reading = g_strconcat(path, NAME_SOCKET_RO_SUFFIX, NULL);
    gboolean is_root = geteuid() == 0;
    gboolean is_guarded = is_root && config->auth_unix_rw == DAEMON_AUTH_POLKIT;
    DaemonSocket *made =
        daemon_socket_listen(path, choose_mode(config->unix_sock_rw_perms, is_guarded),
                             config->unix_sock_group, config->max_queued_clients, FALSE, error);

    if (made == NULL)
        return FALSE;
    g_ptr_array_add(sockets, made);
    if (!is_root)
        return TRUE;
    made = daemon_socket_listen(reading, choose_mode(config->unix_sock_ro_perms, TRUE),
                                config->unix_sock_group, config->max_queued_clients, TRUE, error);
    if (made == NULL)
        return FALSE;
    g_ptr_array_add(sockets, made);
    return TRUE;
}

gboolean
daemon_endpoints_open(const DaemonConfig *config, const char *path, DaemonEndpoints *endpoints,
                      GError **error)
{
    g_auto(DaemonEndpoints) opened = { g_ptr_array_new_with_free_func(socket_free), -1 };
    g_autofree char *own = path != NULL ? g_strdup(path) : usual_path(config);

    if (!daemon_activation_take(opened.sockets, error))
        return FALSE;
    if (opened.sockets->len == 0 &&
        (!claim(own, &opened.lock, error) || !open_both(config, own, opened.sockets, error)))
        return FALSE;
    *endpoints = opened;
    opened = (DaemonEndpoints){ NULL, -1 };
    return TRUE;
}

void
daemon_endpoints_clear(DaemonEndpoints *endpoints)
{
    g_clear_pointer(&endpoints->sockets, g_ptr_array_unref);
    if (endpoints->lock >= 0)
        close(endpoints->lock);
    endpoints->lock = -1;
}
