/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "sysfs-recorder.h"
#include "system-error.h"
#include "zpci-error.h"

/* What of a directory is read at once. */
#define SYSFS_ENTRIES_SIZE (32 * 1024)

static int
sysfs_open(int parent, const char *path, int flags, GError **error)
{
    int fd = openat(parent, path, flags | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        system_error_set(error, errno, _("Opening the directory %s failed"), path);
    else
        sysfs_recorder_add_directory(parent, path, fd);
    return fd;
}

int
sysfs_open_directory(int parent, const char *path, GError **error)
{
    return sysfs_open(parent, path, O_RDONLY, error);
}

int
sysfs_open_place(int parent, const char *path, GError **error)
{
    return sysfs_open(parent, path, O_PATH, error);
}

static SysfsResult
sysfs_fail(int number, const char *name, GError **error)
{
    /* ENODEV: the device is being removed while its directory still stands. */
    if (number == ENOENT || number == ENOTDIR || number == ENODEV)
        return SYSFS_ABSENT;
    system_error_set(error, number, _("Reading the attribute %s failed"), name);
    return SYSFS_UNREADABLE;
}

/* pread() refuses pipes and sockets, which a check of the file's type would cost a call to find. */
static gssize
sysfs_pread(int fd, guint8 *buffer, gsize size, gsize offset)
{
    gssize got;

    do {
        got = pread(fd, buffer, size, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* The kernel gives at most a page at once, also of a binary attribute that is longer; what is
 * shorter than the smallest page is the end. */
static gssize
sysfs_read_beginning(int fd, guint8 *buffer, gsize size)
{
    gsize length = 0;
    gssize got;

    do {
        got = sysfs_pread(fd, buffer + length, size - length, length);
        if (got < 0)
            return -1;
        length += (gsize)got;
    } while (got >= SYSFS_ATTRIBUTE_MAX && length < size);
    return (gssize)length;
}

static int
sysfs_open_file(int directory, const char *name, gsize size)
{
    sysfs_recorder_add(SYSFS_READING_FILE, directory, name, size);
    return openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* What a reading of @fd gave, which is closed. */
static SysfsResult
sysfs_finish(int fd, gssize got, const char *name, gsize *length, GError **error)
{
    int number = errno;

    close(fd);
    if (got < 0)
        return sysfs_fail(number, name, error);
    *length = (gsize)got;
    return SYSFS_READ;
}

SysfsResult
sysfs_read_bytes(int directory, const char *name, guint8 *buffer, gsize size, gsize *length,
                 GError **error)
{
    int fd = sysfs_open_file(directory, name, size);

    if (fd < 0)
        return sysfs_fail(errno, name, error);
    return sysfs_finish(fd, sysfs_read_beginning(fd, buffer, size), name, length, error);
}

SysfsResult
sysfs_read_piece(int directory, const char *name, guint8 *buffer, gsize size, gsize offset,
                 gsize *length, GError **error)
{
    int fd = sysfs_open_file(directory, name, size);

    if (fd < 0)
        return sysfs_fail(errno, name, error);
    return sysfs_finish(fd, sysfs_pread(fd, buffer, size, offset), name, length, error);
}

SysfsResult
sysfs_read_text(int directory, const char *name, char text[SYSFS_ATTRIBUTE_MAX + 1], GError **error)
{
    guint8 buffer[SYSFS_ATTRIBUTE_MAX + 1];
    gsize length;
    SysfsResult result = sysfs_read_bytes(directory, name, buffer, sizeof buffer, &length, error);

    if (result != SYSFS_READ)
        return result;
    if (length > SYSFS_ATTRIBUTE_MAX || memchr(buffer, '\0', length) != NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("The attribute %s is no text of at most %u bytes."), name,
                    SYSFS_ATTRIBUTE_MAX);
        return SYSFS_UNREADABLE;
    }
    if (length > 0 && buffer[length - 1] == '\n')
        length--;
    memcpy(text, buffer, length);
    text[length] = '\0';
    return SYSFS_READ;
}

char *
sysfs_read_link(int directory, const char *name)
{
    char target[PATH_MAX];
    gssize length;

    sysfs_recorder_add(SYSFS_READING_LINK, directory, name, 0);
    length = readlinkat(directory, name, target, sizeof target);
    if (length < 0 || (gsize)length == sizeof target)
        return NULL;
    return g_strndup(target, (gsize)length);
}

char *
sysfs_read_link_name(int directory, const char *name)
{
    g_autofree char *target = sysfs_read_link(directory, name);

    return target != NULL ? g_path_get_basename(target) : NULL;
}

/* Returns: whether there was room for all of @entries, which getdents64() has given. */
static gboolean
sysfs_add_entries(const char *entries, gsize size, GPtrArray *names)
{
    for (gsize offset = 0; offset < size;) {
        const struct dirent64 *entry = (const void *)(entries + offset);

        offset += entry->d_reclen;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (names->len == SYSFS_MAX_ENTRIES)
            return FALSE;
        g_ptr_array_add(names, g_strdup(entry->d_name));
    }
    return TRUE;
}

/* opendir() would take and give back 32 KiB for the one entry of an IOMMU group. */
static gboolean
sysfs_list_entries(int fd, const char *path, GPtrArray *names, GError **error)
{
    union {
        struct dirent64 first;
        char bytes[SYSFS_ENTRIES_SIZE];
    } entries;
    gssize got;

    while ((got = getdents64(fd, &entries, sizeof entries)) > 0) {
        if (sysfs_add_entries(entries.bytes, (gsize)got, names))
            continue;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("The directory %s has more than %u entries."), path, SYSFS_MAX_ENTRIES);
        return FALSE;
    }
    if (got < 0)
        system_error_set(error, errno, _("Listing the directory %s failed"), path);
    return got == 0;
}

GPtrArray *
sysfs_list(int directory, const char *path, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    gboolean complete;
    int fd;

    sysfs_recorder_add(SYSFS_READING_LIST, directory, path, 0);
    fd = sysfs_open_directory(directory, path, error);
    if (fd < 0)
        return NULL;
    complete = sysfs_list_entries(fd, path, names, error);
    close(fd);
    return complete ? g_steal_pointer(&names) : NULL;
}

GPtrArray *
sysfs_list_if_there(int directory, const char *path, GError **error)
{
    g_autoptr(GError) problem = NULL;
    GPtrArray *names = sysfs_list(directory, path, &problem);

    if (names != NULL)
        return names;
    if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND))
        return g_ptr_array_new_with_free_func(g_free);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
}
