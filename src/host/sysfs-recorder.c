/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "sysfs-recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "sysfs.h"
#include "system-error.h"

/* A directory that was opened. Who reads closes it without a word, and its number may then be that
 * of something else; the kernel's identity tells. */
typedef struct {
    char *path;
    dev_t device;
    ino_t inode;
} SysfsRecorderDirectory;

struct _SysfsRecorder {
    SysfsRecorder *previous;
    int root;
    GHashTable *directories;
    GHashTable *seen;
    GQueue readings;
};

static _Thread_local SysfsRecorder *current;

static void
sysfs_recorder_free_directory(gpointer data)
{
    SysfsRecorderDirectory *directory = data;

    g_free(directory->path);
    g_free(directory);
}

void
sysfs_recorder_free_reading(SysfsReading *reading)
{
    if (reading == NULL)
        return;
    g_free(reading->path);
    g_free(reading);
}

static void
sysfs_recorder_register(SysfsRecorder *recorder, int fd, const char *path)
{
    SysfsRecorderDirectory *directory;
    struct stat status;

    if (fstat(fd, &status) < 0)
        return;
    directory = g_new(SysfsRecorderDirectory, 1);
    directory->path = g_strdup(path);
    directory->device = status.st_dev;
    directory->inode = status.st_ino;
    g_hash_table_replace(recorder->directories, GINT_TO_POINTER(fd), directory);
}

/* Returns (nullable): the path of an open directory from the root; %NULL for any other one. */
static const char *
sysfs_recorder_find(const SysfsRecorder *recorder, int fd)
{
    const SysfsRecorderDirectory *directory =
        g_hash_table_lookup(recorder->directories, GINT_TO_POINTER(fd));
    struct stat status;

    if (directory == NULL || fstat(fd, &status) < 0 || status.st_dev != directory->device ||
        status.st_ino != directory->inode)
        return NULL;
    return directory->path;
}

static void
sysfs_recorder_keep(SysfsRecorder *recorder, SysfsReadingKind kind, const char *path, gsize size)
{
    gsize whole = kind == SYSFS_READING_FILE ? MAX(size, SYSFS_ATTRIBUTE_MAX) : 0;
    SysfsReading *reading;

    if (!g_hash_table_add(recorder->seen,
                          g_strdup_printf("%d %" G_GSIZE_FORMAT " %s", kind, whole, path)))
        return;
    reading = g_new(SysfsReading, 1);
    reading->kind = kind;
    reading->path = g_strdup(path);
    reading->size = whole;
    g_queue_push_tail(&recorder->readings, reading);
}

/* Returns (transfer full) (nullable): where the link @path leads; %NULL if it is none. This is not
 * what is recorded. */
static char *
sysfs_recorder_read_link(const SysfsRecorder *recorder, const char *path)
{
    char target[PATH_MAX];
    gssize length = readlinkat(recorder->root, path, target, sizeof target);

    return length < 0 || (gsize)length == sizeof target ? NULL : g_strndup(target, (gsize)length);
}

/* Adds one step to @path. Returns (transfer full): what is to be gone through before the next one,
 * a link's target or nothing; %NULL if that leads out of the root. */
static char *
sysfs_recorder_step(SysfsRecorder *recorder, GString *path, const char *step, gboolean follow)
{
    const char *end = strrchr(path->str, '/');
    gsize above = path->len;
    char *target;

    if (step[0] == '\0' || strcmp(step, ".") == 0)
        return g_strdup("");
    if (strcmp(step, "..") == 0) {
        g_string_truncate(path, end != NULL ? (gsize)(end - path->str) : 0);
        return above > 0 ? g_strdup("") : NULL;
    }
    g_string_append_printf(path, "%s%s", above > 0 ? "/" : "", step);
    target = follow ? sysfs_recorder_read_link(recorder, path->str) : NULL;
    if (target == NULL)
        return g_strdup("");
    sysfs_recorder_keep(recorder, SYSFS_READING_LINK, path->str, 0);
    g_string_truncate(path, above);
    if (target[0] == '/')
        g_clear_pointer(&target, g_free);
    return target;
}

/* The links on the way are read too, so they are kept.
 *
 * Returns (transfer full) (nullable): the path of @name without them; %NULL if it leads out of the
 * root. */
static char *
sysfs_recorder_resolve(SysfsRecorder *recorder, const char *above, const char *name,
                       gboolean follow_last)
{
    g_autoptr(GString) path = g_string_new(above);
    g_autofree char *rest = g_strdup(name);
    guint links = 0;

    if (name[0] == '/')
        return NULL;
    while (rest[0] != '\0') {
        g_auto(GStrv) steps = g_strsplit(rest, "/", 2);
        const char *after = steps[1] != NULL ? steps[1] : "";
        g_autofree char *target =
            sysfs_recorder_step(recorder, path, steps[0], after[0] != '\0' || follow_last);

        if (target == NULL || (target[0] != '\0' && ++links > SYSFS_RECORDER_MAX_LINKS))
            return NULL;
        g_free(rest);
        rest = target[0] != '\0' ? g_strjoin("/", target, after, NULL) : g_strdup(after);
    }
    return g_strdup(path->str);
}

SysfsRecorder *
sysfs_recorder_start(int root, GError **error)
{
    int own = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    SysfsRecorder *recorder;

    if (own < 0) {
        system_error_set(error, errno, _("Opening the directory %s failed"), NAME_SYS);
        return NULL;
    }
    recorder = g_new0(SysfsRecorder, 1);
    recorder->previous = current;
    recorder->root = own;
    recorder->directories = g_hash_table_new_full(NULL, NULL, NULL, sysfs_recorder_free_directory);
    recorder->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&recorder->readings);
    sysfs_recorder_register(recorder, root, "");
    current = recorder;
    return recorder;
}

void
sysfs_recorder_stop(SysfsRecorder *recorder)
{
    if (recorder == NULL)
        return;
    current = recorder->previous;
    close(recorder->root);
    g_hash_table_unref(recorder->directories);
    g_hash_table_unref(recorder->seen);
    g_queue_clear_full(&recorder->readings, (GDestroyNotify)sysfs_recorder_free_reading);
    g_free(recorder);
}

SysfsReading *
sysfs_recorder_take(SysfsRecorder *recorder)
{
    return g_queue_pop_head(&recorder->readings);
}

void
sysfs_recorder_add(SysfsReadingKind kind, int directory, const char *name, gsize size)
{
    const char *above = current != NULL ? sysfs_recorder_find(current, directory) : NULL;
    g_autofree char *path = NULL;

    if (above == NULL)
        return;
    path = sysfs_recorder_resolve(current, above, name, kind == SYSFS_READING_LIST);
    if (path != NULL)
        sysfs_recorder_keep(current, kind, path, size);
}

void
sysfs_recorder_add_directory(int parent, const char *path, int directory)
{
    const char *above = current != NULL ? sysfs_recorder_find(current, parent) : NULL;
    g_autofree char *whole = NULL;

    if (above == NULL)
        return;
    whole = sysfs_recorder_resolve(current, above, path, TRUE);
    if (whole != NULL)
        sysfs_recorder_register(current, directory, whole);
}
