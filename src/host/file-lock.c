/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "file-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "own-directory.h"
#include "system-error.h"
#include "zpci-error.h"

/* flock(2) waits for ever or not at all, so we look again and again, at first quickly. */
#define FIRST_PAUSE_MS 1
#define LONGEST_PAUSE_MS 64

struct _FileLock {
    int fd;
};

static int
file_lock_hold(int fd)
{
    int result;

    do {
        result = flock(fd, LOCK_EX | LOCK_NB);
    } while (result < 0 && errno == EINTR);
    return result;
}

/* A file that somebody has removed keeps nobody out any more. */
static gboolean
file_lock_is_removed(int fd)
{
    struct stat status;

    return fstat(fd, &status) != 0 || status.st_nlink == 0;
}

static FileLock *
file_lock_new(int fd)
{
    FileLock *lock = g_new0(FileLock, 1);

    lock->fd = fd;
    return lock;
}

/* flock(2) is of the open file, so that two threads who open it keep each other out, too. Returns
 * (nullable): %NULL with @error set, %ZPCI_ERROR_IN_USE if somebody else has it. */
static FileLock *
file_lock_try(int directory, const char *name, GError **error)
{
    int fd = openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    int number;

    if (fd < 0) {
        system_error_set(error, errno, _("Opening the lock %s failed"), name);
        return NULL;
    }
    number = file_lock_hold(fd) == 0 ? 0 : errno;
    if (number == 0 && !file_lock_is_removed(fd))
        return file_lock_new(fd);
    close(fd);
    if (number == 0 || number == EWOULDBLOCK)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The lock %s is held by another program or client."), name);
    else
        system_error_set(error, number, _("Taking the lock %s failed"), name);
    return NULL;
}

static FileLock *
file_lock_wait(int directory, const char *name, guint seconds, GError **error)
{
    gint64 end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
    guint pause = FIRST_PAUSE_MS;

    for (;;) {
        g_autoptr(GError) problem = NULL;
        FileLock *lock = file_lock_try(directory, name, &problem);

        if (lock != NULL)
            return lock;
        if (!g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_IN_USE) ||
            g_get_monotonic_time() >= end) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return NULL;
        }
        g_usleep(pause * G_TIME_SPAN_MILLISECOND);
        pause = MIN(2 * pause, LONGEST_PAUSE_MS);
    }
}

FileLock *
file_lock_take(const char *directory, const char *name, guint seconds, GError **error)
{
    int parent = own_directory_open(directory, TRUE, error);
    FileLock *lock;

    if (parent < 0)
        return NULL;
    lock = file_lock_wait(parent, name, seconds, error);
    close(parent);
    return lock;
}

char *
file_lock_read_note(const FileLock *lock)
{
    g_autofree char *note = g_malloc(FILE_LOCK_NOTE_MAX);
    gssize length = pread(lock->fd, note, FILE_LOCK_NOTE_MAX, 0);

    return length > 0 ? g_strndup(note, (gsize)length) : NULL;
}

void
file_lock_write_note(FileLock *lock, const char *note)
{
    gsize length = note != NULL ? MIN(strlen(note), FILE_LOCK_NOTE_MAX) : 0;

    if (ftruncate(lock->fd, 0) == 0 && pwrite(lock->fd, note, length, 0) < (gssize)length)
        g_debug("The note in a lock was cut.");
}

void
file_lock_free(FileLock *lock)
{
    if (lock == NULL)
        return;
    close(lock->fd);
    g_free(lock);
}
