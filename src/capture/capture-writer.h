/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "sysfs-recorder.h"
#include "zpci-host.h"

/**
 * CaptureWriter:
 * @root: the capture's directory
 * @sysfs: descriptor of the root of sysfs that is copied
 * @notes: (element-type utf8): what could not be copied
 * @reader: reads @sysfs as the capture will be read
 * @recorder: what @reader read
 *
 * Writes a capture's files. A file that the host does not offer is passed over, one that cannot be
 * read becomes a note; the functions fail only if the capture itself cannot be written.
 */
typedef struct {
    char *root;
    int sysfs;
    GPtrArray *notes;
    ZpciHost *reader;
    SysfsRecorder *recorder;
} CaptureWriter;

/** capture_writer_note: @note is taken over. */
void capture_writer_note(CaptureWriter *writer, char *note);

/** capture_writer_add_text: writes @text as the file @path below the capture's root. */
gboolean capture_writer_add_text(CaptureWriter *writer, const char *path, const char *text,
                                 GError **error);

/** capture_writer_add_reply: writes bytes as hexadecimal text below a line of comment. */
gboolean capture_writer_add_reply(CaptureWriter *writer, const char *path, const char *comment,
                                  const guint8 *data, gsize size, GError **error);

/** capture_writer_want: what no reader reads but people may like to see; counts as read. */
void capture_writer_want(CaptureWriter *writer, SysfsReadingKind kind, const char *directory,
                         const char *name);

/**
 * capture_writer_copy_readings:
 *
 * Copies what has been read since the last time: of a file what was asked for, links as they are
 * written, and of a directory that was listed the links in it.
 */
gboolean capture_writer_copy_readings(CaptureWriter *writer, GError **error);
