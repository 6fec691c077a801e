/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-xdr.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "zpci-error.h"

#define XDR_UNIT 4

static gsize
padding_after(gsize size)
{
    return (XDR_UNIT - size % XDR_UNIT) % XDR_UNIT;
}

void
rpc_xdr_init(RpcXdr *xdr, const guint8 *data, gsize size)
{
    xdr->reader = (ByteReader){ .data = data, .size = size, .byte_order = G_BIG_ENDIAN };
    xdr->offset = 0;
}

static gboolean
get_number(RpcXdr *xdr, const char *what, guint width, guint64 *value, GError **error)
{
    if (!byte_reader_number(&xdr->reader, xdr->offset, width, what, value, error))
        return FALSE;
    xdr->offset += width;
    return TRUE;
}

gboolean
rpc_xdr_get_u32(RpcXdr *xdr, const char *what, guint32 *value, GError **error)
{
    guint64 number;

    if (!get_number(xdr, what, sizeof(*value), &number, error))
        return FALSE;
    *value = (guint32)number;
    return TRUE;
}

gboolean
rpc_xdr_get_i32(RpcXdr *xdr, const char *what, gint32 *value, GError **error)
{
    guint64 number;

    if (!get_number(xdr, what, sizeof(*value), &number, error))
        return FALSE;
    *value = (gint32)number;
    return TRUE;
}

gboolean
rpc_xdr_get_u64(RpcXdr *xdr, const char *what, guint64 *value, GError **error)
{
    return get_number(xdr, what, sizeof(*value), value, error);
}

/* Like rpc_xdr_get_count(), but leaves the cursor where it is. */
static gboolean
peek_count(const RpcXdr *xdr, const char *what, guint32 maximum, guint32 *count, GError **error)
{
    guint64 number;

    if (!byte_reader_number(&xdr->reader, xdr->offset, sizeof(*count), what, &number, error))
        return FALSE;
    if (number > maximum) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("The length of %s is %" PRIu64 ", but the protocol allows %u."), what, number,
                    maximum);
        return FALSE;
    }
    *count = (guint32)number;
    return TRUE;
}

gboolean
rpc_xdr_get_count(RpcXdr *xdr, const char *what, guint32 maximum, guint32 *count, GError **error)
{
    if (!peek_count(xdr, what, maximum, count, error))
        return FALSE;
    xdr->offset += sizeof(*count);
    return TRUE;
}

gboolean
rpc_xdr_get_string(RpcXdr *xdr, const char *what, char **text, GError **error)
{
    const guint8 *bytes;
    guint32 length;
    gsize padded;

    if (!peek_count(xdr, what, RPC_XDR_MAX_STRING, &length, error))
        return FALSE;
    padded = length + padding_after(length);
    if (!byte_reader_bytes(&xdr->reader, xdr->offset + sizeof(length), padded, what, &bytes, error))
        return FALSE;

    *text = g_strndup((const char *)bytes, length);
    xdr->offset += sizeof(length) + padded;
    return TRUE;
}

gboolean
rpc_xdr_get_optional_string(RpcXdr *xdr, const char *what, char **text, GError **error)
{
    RpcXdr ahead = *xdr;
    guint32 present;

    if (!rpc_xdr_get_u32(&ahead, what, &present, error))
        return FALSE;
    if (present == 0)
        *text = NULL;
    else if (!rpc_xdr_get_string(&ahead, what, text, error))
        return FALSE;
    *xdr = ahead;
    return TRUE;
}

void
rpc_xdr_put_u32(GByteArray *out, guint32 value)
{
    guint32 wire = GUINT32_TO_BE(value);

    g_byte_array_append(out, (const guint8 *)&wire, sizeof(wire));
}

void
rpc_xdr_put_i32(GByteArray *out, gint32 value)
{
    rpc_xdr_put_u32(out, (guint32)value);
}

void
rpc_xdr_put_u64(GByteArray *out, guint64 value)
{
    guint64 wire = GUINT64_TO_BE(value);

    g_byte_array_append(out, (const guint8 *)&wire, sizeof(wire));
}

gboolean
rpc_xdr_put_string(GByteArray *out, const char *text, GError **error)
{
    gsize length = strlen(text);
    guint start = out->len;
    guint size = (guint)(sizeof(guint32) + length + padding_after(length));
    guint32 wire = GUINT32_TO_BE((guint32)length);

    if (length > RPC_XDR_MAX_STRING) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("The answer has %zu bytes, but the protocol allows a text of %d."), length,
                    RPC_XDR_MAX_STRING);
        return FALSE;
    }
    /* Grown once, for a list of names is thousands of these. */
    g_byte_array_set_size(out, start + size);
    memset(out->data + out->len - sizeof(wire), 0, sizeof(wire));
    memcpy(out->data + start, &wire, sizeof(wire));
    memcpy(out->data + start + sizeof(wire), text, length);
    return TRUE;
}

gboolean
rpc_xdr_put_optional_string(GByteArray *out, const char *text, GError **error)
{
    guint before = out->len;

    rpc_xdr_put_u32(out, text != NULL);
    if (text == NULL || rpc_xdr_put_string(out, text, error))
        return TRUE;
    g_byte_array_set_size(out, before);
    return FALSE;
}
