/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "system-error.h"
#include "zpci-error.h"

/* Room for a process ID and a newline. */
#define PID_SIZE 32

/* Returns: the process ID that whoever holds the lock has left there; 0 if none. */
static gint64
daemon_lock_read_holder(int fd)
{
    char text[PID_SIZE + 1] = "";
    gssize length = pread(fd, text, PID_SIZE, 0);

    text[length > 0 ? length : 0] = '\0';
    return g_ascii_strtoll(text, NULL, 10);
}

static gboolean
daemon_lock_hold(int fd, const char *path, GError **error)
{
    g_autofree char *text = g_strdup_printf("%d\n", getpid());

    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("Another virtzpcid is running, as process %" PRId64
                      "; it holds %s. Stop it first, or choose other sockets with --socket."),
                    daemon_lock_read_holder(fd), path);
        return FALSE;
    }
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, strlen(text), 0) == (gssize)strlen(text))
        return TRUE;
    system_error_set(error, errno, _("Writing %s failed"), path);
    return FALSE;
}

gboolean
daemon_lock_take(const char *path, int *lock, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

    if (fd < 0) {
        system_error_set(error, errno, _("Opening %s failed"), path);
        return FALSE;
    }
    if (!daemon_lock_hold(fd, path, error)) {
        close(fd);
        return FALSE;
    }
    *lock = fd;
    return TRUE;
}
