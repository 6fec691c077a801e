/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-socket.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
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
                    _("There is no group %s to give the sockets to; see unix_sock_group in "
                      "virtzpcid.conf(5)."),
                    quoted);
        return FALSE;
    }
    *group = entry->gr_gid;
    return TRUE;
}

/* Of an instance that is no more. What is no socket somebody may need, and has named by mistake. */
static gboolean
remove_old(const char *path, GError **error)
{
    struct stat found;

    if (lstat(path, &found) == 0 && !S_ISSOCK(found.st_mode)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s exists and is not a socket; remove it, or choose another path."), path);
        return FALSE;
    }
    if (unlink(path) == 0 || errno == ENOENT)
        return TRUE;
    system_error_set(error, errno, _("Removing the old socket %s failed"), path);
    return FALSE;
}

static gboolean
make_address(const char *path, struct sockaddr_un *address, GError **error)
{
    if (strlen(path) >= sizeof(address->sun_path)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s is too long for the name of a socket; it may have %zu bytes."), path,
                    sizeof(address->sun_path) - 1);
        return FALSE;
    }
    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    strcpy(address->sun_path, path);
    return TRUE;
}

/* The mask is the process's, not the thread's: sockets are made before there are threads that make
 * files. Returns: 0, or -1 with errno set. */
static int
bind_with_mode(int fd, const struct sockaddr_un *address, guint mode)
{
    mode_t mask = umask(0);
    int result = fchmod(fd, mode);

    if (result == 0)
        result = bind(fd, (const struct sockaddr *)address, sizeof(*address));
    umask(mask);
    return result;
}

/* Linux takes the mode of the file from the socket, and the group from the thread, so the file has
 * them from its first moment on. To change them afterwards would be to change, by its path,
 * whatever somebody has put there meanwhile. Returns: 0, or -1 with errno set. */
static int
bind_with_group(int fd, const struct sockaddr_un *address, guint mode, gid_t group)
{
    /* The kernel takes a change of the group for a change of who we are, and forbids core dumps. */
    int dumpable = prctl(PR_GET_DUMPABLE);
    gid_t own = (gid_t)setfsgid(group);
    int result = -1;
    int number = EPERM;

    /* It returns what held before, whether it has changed that or not. */
    if ((gid_t)setfsgid(group) == group) {
        result = bind_with_mode(fd, address, mode);
        number = errno;
    }
    setfsgid(own);
    if (dumpable == 1)
        prctl(PR_SET_DUMPABLE, 1);
    errno = number;
    return result;
}

/* A directory may give what is made in it a group or an access list of its own. */
static gboolean
check_made(const char *path, guint mode, const gid_t *group, GError **error)
{
    struct stat made;

    if (lstat(path, &made) != 0) {
        system_error_set(error, errno, _("Making the socket %s failed"), path);
        return FALSE;
    }
    if (made.st_mode == (S_IFSOCK | mode) && (group == NULL || made.st_gid == *group))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                _("%s was made with the mode %o and the group %u, not as configured; see whether "
                  "its directory has a default access list or gives files its own group."),
                path, (guint)made.st_mode & 07777U, (guint)made.st_gid);
    return FALSE;
}

static gboolean
listen_at(int fd, const char *path, guint mode, const char *group, guint backlog, GError **error)
{
    struct sockaddr_un address;
    gid_t id = 0;

    if ((group != NULL && !find_group(group, &id, error)) || !make_address(path, &address, error) ||
        !remove_old(path, error))
        return FALSE;
    if (group != NULL && bind_with_group(fd, &address, mode, id) != 0) {
        system_error_set(error, errno, _("Making the socket %s for the group %s failed"), path,
                         group);
        return FALSE;
    }
    if (group == NULL && bind_with_mode(fd, &address, mode) != 0) {
        system_error_set(error, errno, _("Making the socket %s failed"), path);
        return FALSE;
    }
    if (!check_made(path, mode, group != NULL ? &id : NULL, error)) {
        unlink(path);
        return FALSE;
    }
    if (listen(fd, (int)backlog) == 0)
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
