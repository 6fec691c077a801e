/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* sysfs gives at most one page for an attribute; a longer one is no attribute. */
#define SYSFS_ATTRIBUTE_MAX 4096

/* The most entries that one directory may have. */
#define SYSFS_MAX_ENTRIES 131072

/**
 * SysfsResult:
 * @SYSFS_READ: it was read
 * @SYSFS_ABSENT: this host does not offer it, which is no error
 * @SYSFS_UNREADABLE: it is there but cannot be had; the GError says why
 *
 * The three ways in which reading an attribute ends.
 */
typedef enum {
    SYSFS_READ,
    SYSFS_ABSENT,
    SYSFS_UNREADABLE,
} SysfsResult;

/**
 * sysfs_open_directory:
 * @parent: a directory's descriptor, or AT_FDCWD
 *
 * Returns: a descriptor for openat(); -1 with @error set.
 */
int sysfs_open_directory(int parent, const char *path, GError **error);

/** sysfs_open_place: the same, but it costs less and cannot be listed. */
int sysfs_open_place(int parent, const char *path, GError **error);

/**
 * sysfs_read_bytes:
 * @directory: a directory's descriptor
 * @buffer: (out): room for @size bytes
 * @length: (out): how many bytes of the file are in @buffer; there may be more in the file
 *
 * Reads the beginning of a regular file. Never follows a link in the last step and never blocks, so
 * that a capture cannot point us at a pipe or a device.
 */
SysfsResult sysfs_read_bytes(int directory, const char *name, guint8 *buffer, gsize size,
                             gsize *length, GError **error);

/**
 * sysfs_read_piece:
 *
 * Reads up to @size bytes of a regular file from @offset, in one step of the kernel.
 */
SysfsResult sysfs_read_piece(int directory, const char *name, guint8 *buffer, gsize size,
                             gsize offset, gsize *length, GError **error);

/**
 * sysfs_read_text:
 * @text: (out): the whole file, terminated; without the newline at its end
 *
 * An attribute longer than %SYSFS_ATTRIBUTE_MAX or with a NUL in it is %SYSFS_UNREADABLE.
 */
SysfsResult sysfs_read_text(int directory, const char *name, char text[SYSFS_ATTRIBUTE_MAX + 1],
                            GError **error);

/**
 * sysfs_read_link:
 *
 * Returns: (transfer full) (nullable): where the link @name points, as written in it; %NULL if
 * there is no such link.
 */
char *sysfs_read_link(int directory, const char *name);

/**
 * sysfs_read_link_name:
 *
 * Returns: (transfer full) (nullable): the last step of where the link @name points: for "driver"
 * the driver's name.
 */
char *sysfs_read_link_name(int directory, const char *name);

/**
 * sysfs_list:
 *
 * Returns: (transfer full) (element-type utf8): the names in @path, in the directory's own order;
 *   %NULL with @error set.
 */
GPtrArray *sysfs_list(int directory, const char *path, GError **error);

/** sysfs_list_if_there: as sysfs_list(), but a directory that is not there has no names in it. */
GPtrArray *sysfs_list_if_there(int directory, const char *path, GError **error);
