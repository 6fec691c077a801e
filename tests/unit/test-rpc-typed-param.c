/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-typed-param.h"

#include "zpci-error.h"

static GByteArray *
encode_head(guint32 type)
{
    GByteArray *out = g_byte_array_new();

    g_assert_true(rpc_xdr_put_string(out, "field", NULL));
    rpc_xdr_put_u32(out, type);
    return out;
}

static void
test_numbers(void)
{
    static const struct {
        guint32 type;
        guint words;
        guint64 expected;
    } cases[] = {
        { RPC_TYPED_PARAM_INT, 1, 0xfffffffe },
        { RPC_TYPED_PARAM_UINT, 1, 0xfffffffe },
        { RPC_TYPED_PARAM_BOOLEAN, 1, 0xfffffffe },
        { RPC_TYPED_PARAM_LLONG, 2, G_GUINT64_CONSTANT(0xfffffffefffffffe) },
        { RPC_TYPED_PARAM_ULLONG, 2, G_GUINT64_CONSTANT(0xfffffffefffffffe) },
        { RPC_TYPED_PARAM_DOUBLE, 2, G_GUINT64_CONSTANT(0xfffffffefffffffe) },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) data = encode_head(cases[i].type);
        g_auto(RpcTypedParam) param = { .field = NULL };
        RpcXdr xdr;

        for (guint word = 0; word < cases[i].words; word++)
            rpc_xdr_put_u32(data, 0xfffffffe);
        rpc_xdr_init(&xdr, data->data, data->len);
        g_assert_true(rpc_typed_param_decode(&xdr, &param, NULL));
        g_assert_cmpstr(param.field, ==, "field");
        g_assert_cmpuint(param.type, ==, cases[i].type);
        g_assert_cmphex(param.number, ==, cases[i].expected);
        g_assert_null(param.text);
        g_assert_cmpuint(xdr.offset, ==, data->len);
    }
}

static void
test_string_and_its_cuts(void)
{
    g_autoptr(GByteArray) data = encode_head(RPC_TYPED_PARAM_STRING);

    g_assert_true(rpc_xdr_put_string(data, "value", NULL));
    for (guint size = 0; size <= data->len; size++) {
        g_auto(RpcTypedParam) param = { .field = NULL };
        RpcXdr xdr;

        rpc_xdr_init(&xdr, data->data, size);
        if (rpc_typed_param_decode(&xdr, &param, NULL)) {
            g_assert_cmpuint(size, ==, data->len);
            g_assert_cmpstr(param.text, ==, "value");
        } else {
            g_assert_cmpuint(size, <, data->len);
            g_assert_null(param.field);
            g_assert_cmpuint(xdr.offset, ==, 0);
        }
    }
}

static void
test_unknown_type(void)
{
    static const guint32 types[] = { 0, 8, 0x80000000, 0xffffffff };

    for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(GByteArray) data = encode_head(types[i]);
        g_auto(RpcTypedParam) param = { .field = NULL };
        g_autoptr(GError) error = NULL;
        RpcXdr xdr;

        rpc_xdr_put_u64(data, 0);
        rpc_xdr_init(&xdr, data->data, data->len);
        g_assert_false(rpc_typed_param_decode(&xdr, &param, &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-typed-param/numbers", test_numbers);
    g_test_add_func("/rpc-typed-param/string", test_string_and_its_cuts);
    g_test_add_func("/rpc-typed-param/unknown-type", test_unknown_type);
    return g_test_run();
}
