/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "byte-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "zpci-error.h"

gboolean
byte_reader_has(const ByteReader *reader, gsize offset, gsize size)
{
    return offset <= reader->size && size <= reader->size - offset;
}

/* Apart, so that what is read all the time does not make room for what is said of it. */
G_GNUC_NO_INLINE static gboolean
byte_reader_fail(const ByteReader *reader, gsize offset, gsize size, const char *what,
                 GError **error)
{
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("%s at offset %zu needs %zu bytes, but the data ends at offset %zu."), what,
                offset, size, reader->size);
    return FALSE;
}

gboolean
byte_reader_bytes(const ByteReader *reader, gsize offset, gsize size, const char *what,
                  const guint8 **bytes, GError **error)
{
    if (!byte_reader_has(reader, offset, size))
        return byte_reader_fail(reader, offset, size, what, error);
    *bytes = reader->data + offset;
    return TRUE;
}

/* Numbers may stand at any address, so each is copied out before it is looked at. */
static guint64
byte_reader_number_16(const guint8 *bytes, gboolean big_endian)
{
    guint16 number;

    memcpy(&number, bytes, sizeof number);
    return big_endian ? GUINT16_FROM_BE(number) : GUINT16_FROM_LE(number);
}

static guint64
byte_reader_number_32(const guint8 *bytes, gboolean big_endian)
{
    guint32 number;

    memcpy(&number, bytes, sizeof number);
    return big_endian ? GUINT32_FROM_BE(number) : GUINT32_FROM_LE(number);
}

static guint64
byte_reader_number_64(const guint8 *bytes, gboolean big_endian)
{
    guint64 number;

    memcpy(&number, bytes, sizeof number);
    return big_endian ? GUINT64_FROM_BE(number) : GUINT64_FROM_LE(number);
}

gboolean
byte_reader_number(const ByteReader *reader, gsize offset, guint width, const char *what,
                   guint64 *value, GError **error)
{
    gboolean big_endian = reader->byte_order == G_BIG_ENDIAN;
    const guint8 *bytes;

    if (!byte_reader_has(reader, offset, width))
        return byte_reader_fail(reader, offset, width, what, error);

    bytes = reader->data + offset;
    if (width == sizeof(guint64))
        *value = byte_reader_number_64(bytes, big_endian);
    else if (width == sizeof(guint32))
        *value = byte_reader_number_32(bytes, big_endian);
    else if (width == sizeof(guint16))
        *value = byte_reader_number_16(bytes, big_endian);
    else
        *value = bytes[0];
    return TRUE;
}
