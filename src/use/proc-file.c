/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "proc-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "system-error.h"
#include "zpci-error.h"

#define PIECE 65536

/* Returns: how many bytes were added to @text, 0 at the end; -1 with errno set. */
static gssize
proc_file_read_piece(int fd, GString *text)
{
    gsize before = text->len;
    gssize got;

    g_string_set_size(text, before + PIECE);
    do {
        got = read(fd, text->str + before, PIECE);
    } while (got < 0 && errno == EINTR);
    g_string_truncate(text, before + (gsize)MAX(got, 0));
    return got;
}

static gboolean
proc_file_read_all(int fd, const char *path, GString *text, GError **error)
{
    gssize got;

    do {
        got = proc_file_read_piece(fd, text);
        if (got < 0) {
            system_error_set(error, errno, _("Reading %s of /proc failed"), path);
            return FALSE;
        }
        if (text->len > PROC_FILE_MAX) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                        _("%s of /proc is longer than %d bytes."), path, PROC_FILE_MAX);
            return FALSE;
        }
    } while (got > 0);
    return TRUE;
}

char *
proc_file_read(int directory, const char *path, GError **error)
{
    int fd = openat(directory, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    GString *text;
    gboolean complete;

    if (fd < 0) {
        system_error_set(error, errno, _("Opening %s of /proc failed"), path);
        return NULL;
    }
    text = g_string_new(NULL);
    complete = proc_file_read_all(fd, path, text, error);
    close(fd);
    return g_string_free(text, !complete);
}
