/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "byte-reader.h"

#include <glib/gi18n-lib.h>

#include "zpci-error.h"

gboolean
byte_reader_has(const ByteReader *reader, gsize offset, gsize size)
{
    return offset <= reader->size && size <= reader->size - offset;
}

gboolean
byte_reader_bytes(const ByteReader *reader, gsize offset, gsize size, const char *what,
                  const guint8 **bytes, GError **error)
{
    if (!byte_reader_has(reader, offset, size)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("%s at offset %zu needs %zu bytes, but the data ends at offset %zu."), what,
                    offset, size, reader->size);
        return FALSE;
    }
    *bytes = reader->data + offset;
    return TRUE;
}

gboolean
byte_reader_number(const ByteReader *reader, gsize offset, guint width, const char *what,
                   guint64 *value, GError **error)
{
    const guint8 *bytes;
    guint64 number = 0;

    if (!byte_reader_bytes(reader, offset, width, what, &bytes, error))
        return FALSE;

    for (guint i = 0; i < width; i++) {
        guint position = reader->byte_order == G_BIG_ENDIAN ? i : width - 1 - i;

        number = number << 8 | bytes[position];
    }
    *value = number;
    return TRUE;
}
