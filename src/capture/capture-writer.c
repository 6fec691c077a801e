/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capture-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "hex-text.h"
#include "names.h"
#include "sysfs.h"
#include "system-error.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

#define BYTES_PER_LINE 16

void
capture_writer_note(CaptureWriter *writer, char *note)
{
    g_ptr_array_add(writer->notes, note);
}

/* Returns (transfer full): the whole path of a new file, its directory made; NULL with @error set.
 */
static char *
capture_writer_prepare(const CaptureWriter *writer, const char *path, GError **error)
{
    g_autofree char *whole = g_build_filename(writer->root, path, NULL);
    g_autofree char *directory = g_path_get_dirname(whole);

    if (g_mkdir_with_parents(directory, 0755) < 0) {
        system_error_set(error, errno, _("Making the directory %s failed"), directory);
        return NULL;
    }
    return g_steal_pointer(&whole);
}

static gboolean
capture_writer_add_bytes(CaptureWriter *writer, const char *path, const guint8 *data, gsize size,
                         GError **error)
{
    g_autofree char *whole = capture_writer_prepare(writer, path, error);
    g_autoptr(GError) problem = NULL;

    if (whole == NULL)
        return FALSE;
    if (g_file_set_contents(whole, (const char *)data, (gssize)size, &problem))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, _("Writing the capture failed: %s."),
                problem->message);
    return FALSE;
}

gboolean
capture_writer_add_text(CaptureWriter *writer, const char *path, const char *text, GError **error)
{
    return capture_writer_add_bytes(writer, path, (const guint8 *)text, strlen(text), error);
}

gboolean
capture_writer_add_reply(CaptureWriter *writer, const char *path, const char *comment,
                         const guint8 *data, gsize size, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_printf(text, "# %s\n", comment);
    for (gsize i = 0; i < size; i++)
        g_string_append_printf(text, "%02x%c", data[i],
                               (i + 1) % BYTES_PER_LINE == 0 || i + 1 == size ? '\n' : ' ');
    return capture_writer_add_text(writer, path, text->str, error);
}

/* Drivers that do not know the speed of a link give an error for it, most of them while it is down.
 */
static gboolean
capture_writer_is_worth_note(const char *path)
{
    return !g_str_has_suffix(path, "/" NAME_NET_SPEED);
}

static gboolean
capture_writer_copy_file(CaptureWriter *writer, const char *path, gsize maximum, GError **error)
{
    g_autofree guint8 *bytes = g_malloc(maximum);
    g_autofree char *copy = g_build_filename(NAME_SYS, path, NULL);
    g_autoptr(GError) problem = NULL;
    gsize length;

    switch (sysfs_read_bytes(writer->sysfs, path, bytes, maximum, &length, &problem)) {
    case SYSFS_READ:
        return capture_writer_add_bytes(writer, copy, bytes, length, error);
    case SYSFS_UNREADABLE:
        if (capture_writer_is_worth_note(path))
            capture_writer_note(writer, g_strdup(problem->message));
        return TRUE;
    case SYSFS_ABSENT:
    default:
        return TRUE;
    }
}

static gboolean
capture_writer_copy_link(CaptureWriter *writer, const char *path, GError **error)
{
    g_autofree char *target = sysfs_read_link(writer->sysfs, path);
    g_autofree char *copy = g_build_filename(NAME_SYS, path, NULL);
    g_autofree char *whole = NULL;

    if (target == NULL)
        return TRUE;
    whole = capture_writer_prepare(writer, copy, error);
    if (whole == NULL)
        return FALSE;
    if (symlink(target, whole) < 0 && errno != EEXIST) {
        system_error_set(error, errno, _("Making the link %s failed"), whole);
        return FALSE;
    }
    return TRUE;
}

static gboolean
capture_writer_copy_links(CaptureWriter *writer, const char *path, GError **error)
{
    g_autoptr(GPtrArray) names = sysfs_list(writer->sysfs, path, NULL);

    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_autofree char *link = g_build_filename(path, g_ptr_array_index(names, i), NULL);

        if (!capture_writer_copy_link(writer, link, error))
            return FALSE;
    }
    return TRUE;
}

void
capture_writer_want(CaptureWriter *writer, SysfsReadingKind kind, const char *directory,
                    const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    sysfs_recorder_add(kind, zpci_host_get_sysfs(writer->reader), path, 0);
}

static gboolean
capture_writer_copy_reading(CaptureWriter *writer, const SysfsReading *reading, GError **error)
{
    switch (reading->kind) {
    case SYSFS_READING_LINK:
        return capture_writer_copy_link(writer, reading->path, error);
    case SYSFS_READING_LIST:
        return capture_writer_copy_links(writer, reading->path, error);
    case SYSFS_READING_FILE:
    default:
        return capture_writer_copy_file(writer, reading->path, reading->size, error);
    }
}

/* By paths that go through no link: nothing is written through one that was copied. */
gboolean
capture_writer_copy_readings(CaptureWriter *writer, GError **error)
{
    for (;;) {
        g_autoptr(SysfsReading) reading = sysfs_recorder_take(writer->recorder);

        if (reading == NULL)
            return TRUE;
        if (!capture_writer_copy_reading(writer, reading, error))
            return FALSE;
    }
}
