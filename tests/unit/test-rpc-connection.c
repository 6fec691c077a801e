/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-connection.h"

#include <unistd.h>

#include "rpc-peer.h"

#define PIECE (256 * 1024)

static void
expect_procedures_in_order(RpcPeer *peer, const RpcFrame *frame, RpcXdr *payload)
{
    g_assert_cmpint(frame->procedure, ==, (int)peer->received);
    g_assert_cmpuint(payload->reader.size - payload->offset, ==, 8);
}

static void
test_pieces(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) stream = rpc_peer_packet(1, 8);
    g_autoptr(GByteArray) second = rpc_peer_packet(2, 8);

    peer->on_packet = expect_procedures_in_order;
    g_byte_array_append(stream, second->data, second->len);
    for (guint i = 0; i < stream->len; i++) {
        g_assert_cmpuint(peer->received, ==, i / second->len);
        rpc_peer_write(peer, stream->data + i, 1);
        rpc_peer_settle(peer);
    }
    g_assert_cmpuint(peer->received, ==, 2);
}

static void
test_many_at_once(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) stream = g_byte_array_new();

    peer->on_packet = expect_procedures_in_order;
    for (int i = 1; i <= 500; i++) {
        g_autoptr(GByteArray) packet = rpc_peer_packet(i, 8);

        g_byte_array_append(stream, packet->data, packet->len);
    }
    rpc_peer_write(peer, stream->data, stream->len);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->received, ==, 500);
}

static void
test_send(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 4);
    g_autoptr(GByteArray) got = NULL;

    rpc_connection_send(peer->connection, packet);
    rpc_peer_settle(peer);
    got = rpc_peer_read(peer);
    g_assert_cmpmem(got->data, got->len, packet->data, packet->len);
}

static void
answer_with_a_piece(RpcPeer *peer, const RpcFrame *frame, G_GNUC_UNUSED RpcXdr *payload)
{
    g_autoptr(GByteArray) answer = rpc_peer_packet(frame->procedure, PIECE);

    rpc_connection_send(peer->connection, answer);
}

/* A peer that asks without listening is not read from for long, and gets all answers when it does.
 */
static void
test_flow_control(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) call = rpc_peer_packet(1, 0);
    const guint calls = 100;
    gsize total = 0;

    peer->on_packet = answer_with_a_piece;
    for (guint i = 0; i < calls; i++)
        rpc_peer_write(peer, call->data, call->len);
    rpc_peer_settle(peer);
    /* What may wait, one answer more, and what the socket itself holds. */
    g_assert_cmpuint(peer->received, <=, RPC_CONNECTION_MAX_WAITING / PIECE + 1 + 4);

    for (guint i = 0; i < 100000 && total < calls * (PIECE + 28); i++) {
        g_autoptr(GByteArray) got = rpc_peer_read(peer);

        total += got->len;
        rpc_peer_settle(peer);
    }
    g_assert_cmpuint(total, ==, calls * (PIECE + 28));
    g_assert_cmpuint(peer->received, ==, calls);
    g_assert_cmpuint(peer->closed, ==, 0);
}

/* In one turn a peer is served so much, and in the next the rest, even if it says nothing more. */
static void
test_one_turn(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) call = rpc_peer_packet(1, 0);

    for (guint i = 0; i < 2 * RPC_CONNECTION_TURN + 1; i++)
        rpc_peer_write(peer, call->data, call->len);
    close(peer->fd);
    peer->fd = -1;
    g_main_context_iteration(peer->context, FALSE);
    g_assert_cmpuint(peer->received, ==, RPC_CONNECTION_TURN);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->received, ==, 2 * RPC_CONNECTION_TURN + 1);
    g_assert_cmpuint(peer->closed, ==, 1);
}

/* Who works for a peer hears when there is room again. */
static void
test_congestion(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    RpcFrame frame = { .procedure = 1 };

    for (guint i = 0; i < 11; i++)
        answer_with_a_piece(peer, &frame, NULL);
    rpc_peer_settle(peer);
    g_assert_true(rpc_connection_is_congested(peer->connection));
    g_assert_cmpuint(peer->drained, ==, 0);
    while (peer->drained == 0) {
        g_byte_array_unref(rpc_peer_read(peer));
        rpc_peer_settle(peer);
    }
    g_assert_false(rpc_connection_is_congested(peer->connection));
    g_byte_array_unref(rpc_peer_read(peer));
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->drained, ==, 1);
}

static void
answer_and_leave(RpcPeer *peer, const RpcFrame *frame, RpcXdr *payload)
{
    for (int i = 0; i < 16; i++)
        answer_with_a_piece(peer, frame, payload);
    rpc_connection_close_when_sent(peer->connection);
}

static void
test_close_when_sent(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) call = rpc_peer_packet(1, 0);
    g_autoptr(GByteArray) rest = NULL;
    gsize total = 0;

    peer->on_packet = answer_and_leave;
    rpc_peer_write(peer, call->data, call->len);
    rpc_peer_write(peer, call->data, call->len);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->closed, ==, 0);
    for (guint i = 0; i < 100000 && peer->closed == 0; i++) {
        g_autoptr(GByteArray) got = rpc_peer_read(peer);

        total += got->len;
        rpc_peer_settle(peer);
    }
    rest = rpc_peer_read(peer);
    g_assert_cmpuint(total + rest->len, ==, 16 * (PIECE + 28));
    g_assert_cmpuint(peer->received, ==, 1);
    g_assert_cmpuint(peer->closed, ==, 1);
}

static void
test_close_when_sent_with_nothing_to_send(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();

    rpc_connection_close_when_sent(peer->connection);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->closed, ==, 1);
    g_assert_null(peer->connection);
}

static void
close_at_once(RpcPeer *peer, const RpcFrame *frame, RpcXdr *payload)
{
    answer_with_a_piece(peer, frame, payload);
    rpc_connection_close(peer->connection);
}

static void
test_close_in_the_middle(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) call = rpc_peer_packet(1, 0);
    g_autoptr(GByteArray) got = NULL;

    peer->on_packet = close_at_once;
    rpc_peer_write(peer, call->data, call->len);
    rpc_peer_write(peer, call->data, call->len);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->received, ==, 1);
    g_assert_cmpuint(peer->closed, ==, 1);
    got = rpc_peer_read(peer);
    g_assert_cmpuint(got->len, ==, 0);
}

static void
answer_with_too_much(RpcPeer *peer, const RpcFrame *frame, RpcXdr *payload)
{
    for (guint i = 0; i < RPC_CONNECTION_MAX_QUEUED / PIECE + 1; i++)
        answer_with_a_piece(peer, frame, payload);
    g_assert_cmpuint(peer->closed, ==, 0);
}

/* The end is told from the main loop, so that whoever sends may go on with what he was at. */
static void
test_too_much_in_an_answer(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) call = rpc_peer_packet(1, 0);

    peer->on_packet = answer_with_too_much;
    rpc_peer_write(peer, call->data, call->len);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->received, ==, 1);
    g_assert_cmpuint(peer->closed, ==, 1);
}

static void
test_too_much_unasked(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    RpcFrame frame = { .procedure = 1 };

    answer_with_too_much(peer, &frame, NULL);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->closed, ==, 1);
}

static void
test_nothing_is_sent_behind_a_goodbye(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 4);
    g_autoptr(GByteArray) got = NULL;

    rpc_connection_send(peer->connection, packet);
    rpc_connection_close_when_sent(peer->connection);
    rpc_connection_send(peer->connection, packet);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->closed, ==, 1);
    got = rpc_peer_read(peer);
    g_assert_cmpmem(got->data, got->len, packet->data, packet->len);
}

static void
test_end_of_stream(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(GByteArray) call = rpc_peer_packet(1, 0);

    rpc_peer_write(peer, call->data, call->len);
    close(peer->fd);
    peer->fd = -1;
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->received, ==, 1);
    g_assert_cmpuint(peer->closed, ==, 1);
}

static void
test_bad_length(void)
{
    static const guint8 word[] = { 0, 0, 0, 27 };
    g_autoptr(RpcPeer) peer = rpc_peer_new();

    rpc_peer_write(peer, word, sizeof(word));
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->received, ==, 0);
    g_assert_cmpuint(peer->closed, ==, 1);
}

static void
test_freed_while_open(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();

    g_clear_pointer(&peer->connection, rpc_connection_free);
    rpc_peer_settle(peer);
    g_assert_cmpuint(peer->closed, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-connection/pieces", test_pieces);
    g_test_add_func("/rpc-connection/many-at-once", test_many_at_once);
    g_test_add_func("/rpc-connection/send", test_send);
    g_test_add_func("/rpc-connection/flow-control", test_flow_control);
    g_test_add_func("/rpc-connection/one-turn", test_one_turn);
    g_test_add_func("/rpc-connection/congestion", test_congestion);
    g_test_add_func("/rpc-connection/close-when-sent", test_close_when_sent);
    g_test_add_func("/rpc-connection/close-nothing-to-send",
                    test_close_when_sent_with_nothing_to_send);
    g_test_add_func("/rpc-connection/close-in-the-middle", test_close_in_the_middle);
    g_test_add_func("/rpc-connection/too-much-in-an-answer", test_too_much_in_an_answer);
    g_test_add_func("/rpc-connection/too-much-unasked", test_too_much_unasked);
    g_test_add_func("/rpc-connection/nothing-behind-a-goodbye",
                    test_nothing_is_sent_behind_a_goodbye);
    g_test_add_func("/rpc-connection/end-of-stream", test_end_of_stream);
    g_test_add_func("/rpc-connection/bad-length", test_bad_length);
    g_test_add_func("/rpc-connection/freed-while-open", test_freed_while_open);
    return g_test_run();
}
