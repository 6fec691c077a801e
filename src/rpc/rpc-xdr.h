/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "byte-reader.h"

/* Longest string of the protocol, in bytes, in either direction. */
#define RPC_XDR_MAX_STRING 4194304

/**
 * RpcXdr:
 *
 * A cursor over the payload of one packet. XDR (RFC 4506) is big-endian, and everything in it takes
 * a multiple of 4 bytes. All rpc_xdr_get functions move on and write their result on success only;
 * they fail with %ZPCI_ERROR_MALFORMED. In them, "what" is the protocol's name of the field, for
 * the error text. As in libvirt, pad bytes need not be zero, and any non-zero truth value is true.
 */
typedef struct {
    ByteReader reader;
    gsize offset;
} RpcXdr;

/**
 * rpc_xdr_init:
 * @data: borrowed; must outlive the cursor
 */
void rpc_xdr_init(RpcXdr *xdr, const guint8 *data, gsize size);

/**
 * rpc_xdr_get_u32:
 */
gboolean rpc_xdr_get_u32(RpcXdr *xdr, const char *what, guint32 *value, GError **error);

/**
 * rpc_xdr_get_i32:
 */
gboolean rpc_xdr_get_i32(RpcXdr *xdr, const char *what, gint32 *value, GError **error);

/**
 * rpc_xdr_get_u64:
 */
gboolean rpc_xdr_get_u64(RpcXdr *xdr, const char *what, guint64 *value, GError **error);

/**
 * rpc_xdr_get_count:
 * @maximum: the most elements that this array may have
 *
 * Reads the length word of an array.
 */
gboolean rpc_xdr_get_count(RpcXdr *xdr, const char *what, guint32 maximum, guint32 *count,
                           GError **error);

/**
 * rpc_xdr_get_string:
 * @text: (out) (transfer full): what comes before the first NUL; it need not be UTF-8
 *
 * Reads a string of at most %RPC_XDR_MAX_STRING bytes.
 */
gboolean rpc_xdr_get_string(RpcXdr *xdr, const char *what, char **text, GError **error);

/**
 * rpc_xdr_get_optional_string:
 * @text: (out) (transfer full) (nullable): %NULL if the peer sent none
 */
gboolean rpc_xdr_get_optional_string(RpcXdr *xdr, const char *what, char **text, GError **error);

/**
 * rpc_xdr_put_u32:
 *
 * Appends a number to @out; an array's length word is such a number, too.
 */
void rpc_xdr_put_u32(GByteArray *out, guint32 value);

/**
 * rpc_xdr_put_i32:
 */
void rpc_xdr_put_i32(GByteArray *out, gint32 value);

/**
 * rpc_xdr_put_u64:
 */
void rpc_xdr_put_u64(GByteArray *out, guint64 value);

/**
 * rpc_xdr_put_string:
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNSUPPORTED, and @out as it was, if @text is longer than
 *   %RPC_XDR_MAX_STRING, because the peer would drop the connection.
 */
gboolean rpc_xdr_put_string(GByteArray *out, const char *text, GError **error);

/**
 * rpc_xdr_put_optional_string:
 * @text: (nullable): %NULL is sent as absent
 *
 * Returns: as rpc_xdr_put_string().
 */
gboolean rpc_xdr_put_optional_string(GByteArray *out, const char *text, GError **error);
