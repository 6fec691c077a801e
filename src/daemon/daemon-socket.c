/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-socket.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "system-error.h"
#include "text-quote.h"
#include "zpci-error.h"

static gboolean
find_group(const char *name, gid_t *group, GError **error)
{
    const struct group *entry;
    g_autofree char *quoted = text_quote(name);

    errno = 0;
    entry = getgrnam(name);
    if (entry == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no group %s, to which the sockets shall be given; see "
                      "unix_sock_group in virtzpcid.conf(5)."),
                    quoted);
        return FALSE;
    }
    *group = entry->gr_gid;
    return TRUE;
}

static gboolean
give_to(const char *path, const char *group, GError **error)
{
    gid_t id;

    if (group == NULL)
        return TRUE;
    if (!find_group(group, &id, error))
        return FALSE;
    if (chown(path, (uid_t)-1, id) == 0)
        return TRUE;
    system_error_set(error, errno, _("Giving %s to the group %s failed"), path, group);
    return FALSE;
}

/* Of an instance that is no more. What is no socket somebody may need, and has named by mistake. */
static gboolean
remove_old(const char *path, GError **error)
{
    struct stat found;

    if (lstat(path, &found) == 0 && !S_ISSOCK(found.st_mode)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s is there, and is no socket; remove it, or choose another path."), path);
        return FALSE;
    }
    if (unlink(path) == 0 || errno == ENOENT)
        return TRUE;
    system_error_set(error, errno, _("Removing the old socket %s failed"), path);
    return FALSE;
}

static gboolean
bind_to(int fd, const char *path, GError **error)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    mode_t mask;
    int result;

    if (strlen(path) >= sizeof(address.sun_path)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s is too long for the name of a socket; it may have %zu bytes."), path,
                    sizeof(address.sun_path) - 1);
        return FALSE;
    }
    strcpy(address.sun_path, path);
    if (!remove_old(path, error))
        return FALSE;
    /* Nobody else gets in before the file has its owner and mode. */
    mask = umask(0177);
    result = bind(fd, (struct sockaddr *)&address, sizeof(address));
    umask(mask);
    if (result == 0)
        return TRUE;
    system_error_set(error, errno, _("Making the socket %s failed"), path);
    return FALSE;
}

static gboolean
listen_at(int fd, const char *path, guint mode, const char *group, guint backlog, GError **error)
{
    if (!bind_to(fd, path, error))
        return FALSE;
    if (!give_to(path, group, error)) {
        unlink(path);
        return FALSE;
    }
    if (chmod(path, mode) == 0 && listen(fd, (int)backlog) == 0)
        return TRUE;
    system_error_set(error, errno, _("Listening on the socket %s failed"), path);
    unlink(path);
    return FALSE;
}

DaemonSocket *
daemon_socket_listen(const char *path, guint mode, const char *group, guint backlog,
                     gboolean is_read_only, GError **error)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    DaemonSocket *made;

    if (fd < 0) {
        system_error_set(error, errno, _("Making the socket %s failed"), path);
        return NULL;
    }
    if (!listen_at(fd, path, mode, group, backlog, error)) {
        close(fd);
        return NULL;
    }
    made = daemon_socket_adopt(fd, is_read_only, error);
    if (made != NULL)
        made->path = g_strdup(path);
    return made;
}

static gboolean
listens(int fd)
{
    socklen_t size = sizeof(int);
    int value = 0;

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
}

DaemonSocket *
daemon_socket_adopt(int fd, gboolean is_read_only, GError **error)
{
    g_autoptr(GError) problem = NULL;
    GSocket *socket = listens(fd) ? g_socket_new_from_fd(fd, &problem) : NULL;
    DaemonSocket *adopted;

    if (socket == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("File descriptor %d is no listening socket."), fd);
        close(fd);
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);
    adopted = g_new0(DaemonSocket, 1);
    adopted->socket = socket;
    adopted->is_read_only = is_read_only;
    return adopted;
}

void
daemon_socket_free(DaemonSocket *socket)
{
    if (socket == NULL)
        return;
    if (socket->path != NULL)
        unlink(socket->path);
    g_free(socket->path);
    g_object_unref(socket->socket);
    g_free(socket);
}
