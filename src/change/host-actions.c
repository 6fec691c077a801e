/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "host-actions.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "system-error.h"
#include "zpci-error.h"

/* modprobe keeps to the blacklist with -b, as it does when the kernel itself asks for a module. */
#define MODPROBE "modprobe"

static gboolean
host_actions_write(int sysfs, const char *path, const char *text, GError **error)
{
    gsize length = strlen(text);
    int fd = openat(sysfs, path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    gssize written;
    int number;

    if (fd < 0) {
        system_error_set(error, errno, _("Opening the attribute %s for writing failed"), path);
        return FALSE;
    }
    do {
        written = write(fd, text, length);
    } while (written < 0 && errno == EINTR);
    number = written < 0 ? errno : EIO;
    close(fd);
    if (written == (gssize)length)
        return TRUE;
    system_error_set(error, number, _("Writing to the attribute %s failed"), path);
    return FALSE;
}

static gboolean
host_actions_load_module(const char *name, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *complaint = NULL;
    g_autoptr(GSubprocess) process =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                         &problem, MODPROBE, "-b", "--", name, NULL);

    if (process != NULL &&
        g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &complaint, &problem) &&
        g_subprocess_get_successful(process))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, _("Loading the module %s failed: %s"),
                name, problem != NULL ? problem->message : g_strstrip(complaint));
    return FALSE;
}

const HostActions host_actions_kernel = {
    .write = host_actions_write,
    .load_module = host_actions_load_module,
};

const HostActions *
host_actions_get(const ZpciHost *host)
{
    const HostAccess *access = zpci_host_get_access(host);

    g_return_val_if_fail(access != NULL, NULL);
    return access->actions != NULL ? access->actions : &host_actions_kernel;
}
