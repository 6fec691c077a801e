/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "own-directory.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system-error.h"
#include "zpci-error.h"

static gboolean
own_directory_check(int fd, const char *path, GError **error)
{
    struct stat status;

    if (fstat(fd, &status) != 0) {
        system_error_set(error, errno, _("Looking at the directory %s failed"), path);
        return FALSE;
    }
    if (status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NO_PERMISSION,
                _("The directory %s is not used, as somebody else can write to it; remove it."),
                path);
    return FALSE;
}

int
own_directory_open(const char *path, gboolean make, GError **error)
{
    int fd;

    if (make && g_mkdir_with_parents(path, 0700) != 0) {
        system_error_set(error, errno, _("Making the directory %s failed"), path);
        return -1;
    }
    fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        system_error_set(error, errno, _("Opening the directory %s failed"), path);
        return -1;
    }
    if (own_directory_check(fd, path, error))
        return fd;
    close(fd);
    return -1;
}
