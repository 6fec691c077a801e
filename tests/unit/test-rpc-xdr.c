/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-xdr.h"

#include <string.h>

#include "zpci-error.h"

#define MIB (1024 * 1024)

static void
assert_bytes(GByteArray *out, const char *expected, gsize size)
{
    g_assert_cmpmem(out->data, out->len, expected, size);
    g_byte_array_set_size(out, 0);
}

static void
test_put(void)
{
    g_autoptr(GByteArray) out = g_byte_array_new();

    rpc_xdr_put_u32(out, 0x01020304);
    assert_bytes(out, "\1\2\3\4", 4);
    rpc_xdr_put_i32(out, -2);
    assert_bytes(out, "\xff\xff\xff\xfe", 4);
    rpc_xdr_put_u64(out, G_GUINT64_CONSTANT(0x0102030405060708));
    assert_bytes(out, "\1\2\3\4\5\6\7\10", 8);

    /* A string is padded to a multiple of four, and has no NUL of its own. */
    g_assert_true(rpc_xdr_put_string(out, "", NULL));
    assert_bytes(out, "\0\0\0\0", 4);
    g_assert_true(rpc_xdr_put_string(out, "a", NULL));
    assert_bytes(out, "\0\0\0\1a\0\0\0", 8);
    g_assert_true(rpc_xdr_put_string(out, "abcd", NULL));
    assert_bytes(out, "\0\0\0\4abcd", 8);
    g_assert_true(rpc_xdr_put_optional_string(out, "abcde", NULL));
    assert_bytes(out, "\0\0\0\1\0\0\0\5abcde\0\0\0", 16);
    g_assert_true(rpc_xdr_put_optional_string(out, NULL, NULL));
    assert_bytes(out, "\0\0\0\0", 4);
}

static void
test_put_too_long(void)
{
    g_autofree char *text = g_strnfill(4 * MIB + 1, 'x');
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(GError) error = NULL;

    rpc_xdr_put_u32(out, 7);
    g_assert_false(rpc_xdr_put_string(out, text, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED);
    g_assert_false(rpc_xdr_put_optional_string(out, text, NULL));
    assert_bytes(out, "\0\0\0\7", 4);

    text[4 * MIB] = '\0';
    g_assert_true(rpc_xdr_put_string(out, text, NULL));
    g_assert_cmpuint(out->len, ==, 4 + 4 * MIB);
}

static void
test_get(void)
{
    static const guint8 data[] = "\1\2\3\4"
                                 "\xff\xff\xff\xfe"
                                 "\1\2\3\4\5\6\7\10"
                                 "\0\0\0\3"
                                 "\0\0\0\5abcde\0\0\0"
                                 "\0\0\0\0"
                                 "\0\0\0\1\0\0\0\1z\0\0\0";
    g_autofree char *text = NULL;
    g_autofree char *absent = NULL;
    g_autofree char *present = NULL;
    guint32 word;
    gint32 negative;
    guint64 wide;
    guint32 count;
    RpcXdr xdr;

    rpc_xdr_init(&xdr, data, sizeof(data) - 1);
    g_assert_true(rpc_xdr_get_u32(&xdr, "word", &word, NULL));
    g_assert_cmphex(word, ==, 0x01020304);
    g_assert_true(rpc_xdr_get_i32(&xdr, "negative", &negative, NULL));
    g_assert_cmpint(negative, ==, -2);
    g_assert_true(rpc_xdr_get_u64(&xdr, "wide", &wide, NULL));
    g_assert_cmphex(wide, ==, G_GUINT64_CONSTANT(0x0102030405060708));
    g_assert_true(rpc_xdr_get_count(&xdr, "count", 3, &count, NULL));
    g_assert_cmpuint(count, ==, 3);
    g_assert_true(rpc_xdr_get_string(&xdr, "text", &text, NULL));
    g_assert_cmpstr(text, ==, "abcde");
    g_assert_true(rpc_xdr_get_optional_string(&xdr, "absent", &absent, NULL));
    g_assert_null(absent);
    g_assert_true(rpc_xdr_get_optional_string(&xdr, "present", &present, NULL));
    g_assert_cmpstr(present, ==, "z");
    g_assert_cmpuint(xdr.offset, ==, sizeof(data) - 1);
}

/* Every way to cut every kind of value fails, moves nothing and writes nothing. */
static void
test_get_cut(void)
{
    static const guint8 data[] = "\0\0\0\1\0\0\0\5abcde\0\0\0";

    for (gsize size = 0; size < sizeof(data) - 1; size++) {
        g_autoptr(GError) error = NULL;
        char *text = NULL;
        guint32 word = 99;
        guint64 wide = 99;
        RpcXdr xdr;

        rpc_xdr_init(&xdr, data, size);
        g_assert_false(rpc_xdr_get_optional_string(&xdr, "text", &text, &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
        g_assert_null(text);
        g_assert_cmpuint(xdr.offset, ==, 0);

        g_assert_cmpint(rpc_xdr_get_u64(&xdr, "wide", &wide, NULL), ==, size >= 8);
        g_assert_true(size >= 8 || wide == 99);
        xdr.offset = 0;
        g_assert_cmpint(rpc_xdr_get_u32(&xdr, "word", &word, NULL), ==, size >= 4);
        g_assert_true(size >= 4 || word == 99);
    }
}

static void
test_lenience(void)
{
    /* A truth value of 0xdeadbeef, a NUL inside of the string, pad bytes that are not zero. */
    static const guint8 data[] = "\xde\xad\xbe\xef"
                                 "\0\0\0\5ab\0de\xff\xff\xff";
    g_autofree char *text = NULL;
    RpcXdr xdr;

    rpc_xdr_init(&xdr, data, sizeof(data) - 1);
    g_assert_true(rpc_xdr_get_optional_string(&xdr, "text", &text, NULL));
    g_assert_cmpstr(text, ==, "ab");
    g_assert_cmpuint(xdr.offset, ==, sizeof(data) - 1);
}

static gboolean
get_long_string(guint32 length, gsize present)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    RpcXdr xdr;

    rpc_xdr_put_u32(data, length);
    g_byte_array_set_size(data, (guint)(4 + present));
    memset(data->data + 4, 'x', present);
    rpc_xdr_init(&xdr, data->data, data->len);
    if (rpc_xdr_get_string(&xdr, "text", &text, &error))
        return strlen(text) == length;
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    return FALSE;
}

static void
test_string_limit(void)
{
    g_assert_true(get_long_string(4 * MIB, 4 * MIB));
    g_assert_false(get_long_string(4 * MIB, 4 * MIB - 1));
    g_assert_false(get_long_string(4 * MIB + 1, 4 * MIB + 4));
    g_assert_false(get_long_string(G_MAXUINT32, 16));
    g_assert_false(get_long_string(G_MAXUINT32 - 3, 16));
}

static void
test_count_limit(void)
{
    static const guint8 data[] = "\0\1\0\1";
    guint32 count = 99;
    RpcXdr xdr;

    rpc_xdr_init(&xdr, data, sizeof(data) - 1);
    g_assert_false(rpc_xdr_get_count(&xdr, "names", 0x10000, &count, NULL));
    g_assert_cmpuint(count, ==, 99);
    g_assert_true(rpc_xdr_get_count(&xdr, "names", 0x10001, &count, NULL));
    g_assert_cmpuint(count, ==, 0x10001);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-xdr/put", test_put);
    g_test_add_func("/rpc-xdr/put-too-long", test_put_too_long);
    g_test_add_func("/rpc-xdr/get", test_get);
    g_test_add_func("/rpc-xdr/get-cut", test_get_cut);
    g_test_add_func("/rpc-xdr/lenience", test_lenience);
    g_test_add_func("/rpc-xdr/string-limit", test_string_limit);
    g_test_add_func("/rpc-xdr/count-limit", test_count_limit);
    return g_test_run();
}
