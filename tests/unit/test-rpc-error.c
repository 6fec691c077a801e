/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-error.h"

#include <string.h>

#include "rpc-xdr.h"

static void
test_prefixes(void)
{
    g_assert_cmpstr(rpc_error_prefix(RPC_ERROR_INTERNAL), ==, "internal error: ");
    g_assert_cmpstr(rpc_error_prefix(RPC_ERROR_RPC), ==, "");
    g_assert_cmpstr(rpc_error_prefix((RpcErrorCode)12345), ==, "");
}

static void
test_encode(void)
{
    static const guint8 expected[] = "\0\0\0\1"            /* code */
                                     "\0\0\0\7"            /* domain */
                                     "\0\0\0\1"            /* there is a message */
                                     "\0\0\0\5P: no\0\0\0" /* 5 bytes, padded */
                                     "\0\0\0\2"            /* level: error */
                                     "\0\0\0\0"            /* no object */
                                     "\0\0\0\1\0\0\0\5P: %s\0\0\0"
                                     "\0\0\0\1\0\0\0\2no\0\0"
                                     "\0\0\0\0"         /* no third text */
                                     "\xff\xff\xff\xff" /* -1 */
                                     "\xff\xff\xff\xff" /* -1 */
                                     "\0\0\0\0";        /* no network */
    g_auto(RpcError) error = { .detail = NULL };
    g_autoptr(GByteArray) out = g_byte_array_new();

    rpc_error_set(&error, RPC_ERROR_INTERNAL, RPC_DOMAIN_RPC, "P: ", "no");
    rpc_error_encode(&error, out);
    g_assert_cmpmem(out->data, out->len, expected, sizeof(expected) - 1);
}

/* Whatever a peer made us say, the message is short and UTF-8. */
static void
test_foreign_text(void)
{
    g_autofree char *detail = g_strnfill(5 * 1024 * 1024, '\xff');
    g_auto(RpcError) error = { .detail = NULL };
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autofree char *message = NULL;
    gint32 number;
    RpcXdr xdr;

    rpc_error_set(&error, RPC_ERROR_RPC, RPC_DOMAIN_RPC, "", detail);
    rpc_error_encode(&error, out);
    rpc_xdr_init(&xdr, out->data, out->len);
    g_assert_true(rpc_xdr_get_i32(&xdr, "code", &number, NULL));
    g_assert_true(rpc_xdr_get_i32(&xdr, "domain", &number, NULL));
    g_assert_true(rpc_xdr_get_optional_string(&xdr, "message", &message, NULL));
    g_assert_true(g_utf8_validate(message, -1, NULL));
    /* Each bad byte becomes the three bytes of U+FFFD. */
    g_assert_cmpuint(strlen(message), <=, 3 * RPC_ERROR_MAX_MESSAGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-error/prefixes", test_prefixes);
    g_test_add_func("/rpc-error/encode", test_encode);
    g_test_add_func("/rpc-error/foreign-text", test_foreign_text);
    return g_test_run();
}
