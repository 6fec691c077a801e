/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * CaptureWriter:
 * @root: the capture's directory
 * @sysfs: descriptor of the root of sysfs that is copied
 * @notes: (element-type utf8): what could not be copied
 *
 * Writes a capture's files. A file that the host does not offer is passed over, one that cannot be
 * read becomes a note; the functions fail only if the capture itself cannot be written.
 */
typedef struct {
    char *root;
    int sysfs;
    GPtrArray *notes;
} CaptureWriter;

/** capture_writer_note: @note is taken over. */
void capture_writer_note(CaptureWriter *writer, char *note);

/** capture_writer_add_text: writes @text as the file @path below the capture's root. */
gboolean capture_writer_add_text(CaptureWriter *writer, const char *path, const char *text,
                                 GError **error);

/** capture_writer_add_reply: writes bytes as hexadecimal text below a line of comment. */
gboolean capture_writer_add_reply(CaptureWriter *writer, const char *path, const char *comment,
                                  const guint8 *data, gsize size, GError **error);

/** capture_writer_copy_file: copies the file @path below sysfs, at most @maximum bytes of it. */
gboolean capture_writer_copy_file(CaptureWriter *writer, const char *path, gsize maximum,
                                  GError **error);

/** capture_writer_copy_link: copies the link @path below sysfs as it is written. */
gboolean capture_writer_copy_link(CaptureWriter *writer, const char *path, GError **error);
