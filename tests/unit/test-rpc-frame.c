/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-frame.h"

#include "zpci-error.h"

static const guint8 auth_list_call[] = {
    0x00, 0x00, 0x00, 0x1c, /* 28 bytes in all */
    0x20, 0x00, 0x80, 0x86, /* the remote program */
    0x00, 0x00, 0x00, 0x01, /* its version */
    0x00, 0x00, 0x00, 0x42, /* AUTH_LIST */
    0x00, 0x00, 0x00, 0x00, /* call */
    0x00, 0x00, 0x00, 0x07, /* serial */
    0x00, 0x00, 0x00, 0x01, /* status error */
};

static void
test_lengths(void)
{
    static const guint32 impossible[] = { 0, 4, 27, 33554437, G_MAXINT32, G_MAXUINT32 };

    for (guint i = 0; i < G_N_ELEMENTS(impossible); i++)
        g_assert_false(rpc_frame_length_is_valid(impossible[i]));
    g_assert_true(rpc_frame_length_is_valid(28));
    g_assert_true(rpc_frame_length_is_valid(33554436));
}

static void
test_decode(void)
{
    RpcFrame frame;
    RpcXdr xdr;

    rpc_xdr_init(&xdr, auth_list_call, sizeof(auth_list_call));
    xdr.offset = RPC_FRAME_LENGTH_SIZE;
    g_assert_true(rpc_frame_decode(&xdr, &frame, NULL));
    g_assert_cmphex(frame.program, ==, 0x20008086);
    g_assert_cmpuint(frame.version, ==, 1);
    g_assert_cmpint(frame.procedure, ==, 66);
    g_assert_cmpint(frame.type, ==, RPC_FRAME_CALL);
    g_assert_cmpuint(frame.serial, ==, 7);
    g_assert_cmpint(frame.status, ==, RPC_FRAME_ERROR);
    g_assert_cmpuint(xdr.offset, ==, RPC_FRAME_MIN_SIZE);
}

static void
test_decode_cut(void)
{
    for (gsize size = RPC_FRAME_LENGTH_SIZE; size < sizeof(auth_list_call); size++) {
        g_autoptr(GError) error = NULL;
        RpcFrame frame = { .serial = 99 };
        RpcXdr xdr;

        rpc_xdr_init(&xdr, auth_list_call, size);
        xdr.offset = RPC_FRAME_LENGTH_SIZE;
        g_assert_false(rpc_frame_decode(&xdr, &frame, &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
        g_assert_cmpuint(frame.serial, ==, 99);
        g_assert_cmpuint(xdr.offset, ==, RPC_FRAME_LENGTH_SIZE);
    }
}

static void
test_encode(void)
{
    RpcFrame frame = { 0x20008086, 1, 66, RPC_FRAME_CALL, 7, RPC_FRAME_ERROR };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&frame);

    g_assert_true(rpc_frame_end(packet, NULL));
    g_assert_cmpmem(packet->data, packet->len, auth_list_call, sizeof(auth_list_call));

    /* The length word counts itself and the payload. */
    rpc_xdr_put_u32(packet, 5);
    g_assert_true(rpc_frame_end(packet, NULL));
    g_assert_cmpuint(packet->len, ==, 32);
    g_assert_cmphex(packet->data[3], ==, 32);
}

static void
test_encode_limit(void)
{
    RpcFrame frame = { 0x20008086, 1, 66, RPC_FRAME_REPLY, 7, RPC_FRAME_OK };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&frame);
    g_autoptr(GError) error = NULL;

    g_byte_array_set_size(packet, 33554437);
    g_assert_false(rpc_frame_end(packet, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED);
    g_byte_array_set_size(packet, 33554436);
    g_assert_true(rpc_frame_end(packet, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-frame/lengths", test_lengths);
    g_test_add_func("/rpc-frame/decode", test_decode);
    g_test_add_func("/rpc-frame/decode-cut", test_decode_cut);
    g_test_add_func("/rpc-frame/encode", test_encode);
    g_test_add_func("/rpc-frame/encode-limit", test_encode_limit);
    return g_test_run();
}
