/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * ByteReader:
 * @data: the foreign bytes; borrowed, and of any alignment
 * @size: how many there are
 * @byte_order: G_BIG_ENDIAN or G_LITTLE_ENDIAN, the order in which they were written
 *
 * The only way to touch bytes from the kernel, a peer or a file. Nothing is ever read outside of
 * @data, offsets are compared by subtraction, and numbers are copied out byte by byte.
 */
typedef struct {
    const guint8 *data;
    gsize size;
    int byte_order;
} ByteReader;

/**
 * byte_reader_has:
 *
 * Returns: whether @size bytes stand at @offset.
 */
gboolean byte_reader_has(const ByteReader *reader, gsize offset, gsize size);

/**
 * byte_reader_number:
 * @width: 1, 2, 4 or 8 bytes
 * @what: what is being read, for the error text
 * @value: (out): the number, in host order; written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED when the number is cut off.
 */
gboolean byte_reader_number(const ByteReader *reader, gsize offset, guint width, const char *what,
                            guint64 *value, GError **error);

/**
 * byte_reader_bytes:
 * @bytes: (out): points into the reader's data; written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED when fewer than @size bytes are left at @offset.
 */
gboolean byte_reader_bytes(const ByteReader *reader, gsize offset, gsize size, const char *what,
                           const guint8 **bytes, GError **error);
