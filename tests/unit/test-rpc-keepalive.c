/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-keepalive.h"

#include <string.h>

#include "rpc-peer.h"

/* So long that none passes by itself: the tests let them pass. What a test takes itself is less
 * than the margin. */
#define INTERVAL_MS (24 * 3600 * 1000)
#define MARGIN_MS (3600 * 1000)

static const guint8 ping[] = "\0\0\0\x1ckeep\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\0\0\0\0";
static const guint8 pong[] = "\0\0\0\x1ckeep\0\0\0\1\0\0\0\2\0\0\0\2\0\0\0\0\0\0\0";

G_STATIC_ASSERT(sizeof(ping) == 28 && sizeof(pong) == 28);

/* Returns: how many pings have come since the last time. */
static guint
count_pings(RpcPeer *peer)
{
    g_autoptr(GByteArray) got = rpc_peer_read(peer);

    g_assert_cmpuint(got->len % sizeof(ping), ==, 0);
    for (guint at = 0; at < got->len; at += sizeof(ping))
        g_assert_cmpmem(got->data + at, sizeof(ping), ping, sizeof(ping));
    return got->len / sizeof(ping);
}

/* A whole interval goes by; until shortly before its end, nothing happens. */
static void
let_interval_pass(RpcPeer *peer)
{
    rpc_timer_queue_advance(peer->timers, INTERVAL_MS - MARGIN_MS);
    rpc_peer_settle(peer);
    g_assert_cmpuint(count_pings(peer), ==, 0);
    g_assert_cmpuint(peer->closed, ==, 0);
    rpc_timer_queue_advance(peer->timers, MARGIN_MS);
    rpc_peer_settle(peer);
}

/* However long it takes, nothing happens by itself. */
static void
expect_no_interval(RpcPeer *peer)
{
    rpc_peer_settle(peer);
    rpc_timer_queue_advance(peer->timers, 100 * (gint64)INTERVAL_MS);
    rpc_peer_settle(peer);
    g_assert_cmpuint(count_pings(peer), ==, 0);
    g_assert_cmpuint(peer->closed, ==, 0);
}

static void
receive(RpcPeer *peer, const RpcFrame *frame, G_GNUC_UNUSED RpcXdr *payload)
{
    rpc_keepalive_receive(peer->data, frame);
}

static void
test_answers_always(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(RpcKeepalive) keepalive =
        rpc_keepalive_new(peer->connection, peer->timers, INTERVAL_MS, 5);
    g_autoptr(GByteArray) got = NULL;

    peer->data = keepalive;
    peer->on_packet = receive;
    rpc_peer_write(peer, ping, sizeof(ping));
    rpc_peer_write(peer, pong, sizeof(pong));
    rpc_peer_settle(peer);
    got = rpc_peer_read(peer);
    g_assert_cmpmem(got->data, got->len, pong, sizeof(pong));
}

static void
test_what_it_takes(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(RpcKeepalive) keepalive =
        rpc_keepalive_new(peer->connection, peer->timers, INTERVAL_MS, 5);
    RpcFrame frame = { RPC_KEEPALIVE_PROGRAM, RPC_KEEPALIVE_VERSION, 77, RPC_FRAME_MESSAGE, 0, 0 };
    RpcFrame call = frame;
    RpcFrame version = frame;
    RpcFrame program = frame;

    call.type = RPC_FRAME_CALL;
    version.version = 2;
    program.program = 0x20008086;
    g_assert_true(rpc_keepalive_receive(keepalive, &frame));
    g_assert_false(rpc_keepalive_receive(keepalive, &call));
    g_assert_false(rpc_keepalive_receive(keepalive, &version));
    g_assert_false(rpc_keepalive_receive(keepalive, &program));
}

static void
test_no_ping_before_start(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(RpcKeepalive) keepalive =
        rpc_keepalive_new(peer->connection, peer->timers, INTERVAL_MS, 5);
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 0);

    expect_no_interval(peer);
    peer->data = keepalive;
    peer->on_packet = receive;
    rpc_peer_write(peer, packet->data, packet->len);
    expect_no_interval(peer);
    g_assert_cmpuint(peer->received, ==, 1);
}

/* As many pings as were asked for, and the end one interval after the last. */
static void
test_silence(void)
{
    static const guint counts[] = { 0, 1, 5 };

    for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autoptr(RpcPeer) peer = rpc_peer_new();
        g_autoptr(RpcKeepalive) keepalive =
            rpc_keepalive_new(peer->connection, peer->timers, INTERVAL_MS, counts[i]);

        rpc_keepalive_start(keepalive);
        rpc_peer_settle(peer);
        for (guint pings = 0; pings < counts[i]; pings++) {
            let_interval_pass(peer);
            g_assert_cmpuint(count_pings(peer), ==, 1);
        }
        g_assert_cmpuint(peer->closed, ==, 0);
        let_interval_pass(peer);
        g_assert_cmpuint(peer->closed, ==, 1);
        g_assert_cmpuint(count_pings(peer), ==, 0);
    }
}

static void
test_any_packet_is_a_sign_of_life(void)
{
    g_autoptr(RpcPeer) peer = rpc_peer_new();
    g_autoptr(RpcKeepalive) keepalive =
        rpc_keepalive_new(peer->connection, peer->timers, INTERVAL_MS, 1);
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 0);

    peer->data = keepalive;
    peer->on_packet = receive;
    rpc_keepalive_start(keepalive);
    for (int i = 0; i < 20; i++) {
        let_interval_pass(peer);
        g_assert_cmpuint(count_pings(peer), ==, 1);
        rpc_peer_write(peer, packet->data, packet->len);
        rpc_peer_settle(peer);
    }
    let_interval_pass(peer);
    g_assert_cmpuint(peer->closed, ==, 0);
    g_assert_cmpuint(count_pings(peer), ==, 1);
    let_interval_pass(peer);
    g_assert_cmpuint(peer->closed, ==, 1);
}

static void
test_never(void)
{
    static const int intervals[] = { -1, 0 };

    for (guint i = 0; i < G_N_ELEMENTS(intervals); i++) {
        g_autoptr(RpcPeer) peer = rpc_peer_new();
        g_autoptr(RpcKeepalive) keepalive =
            rpc_keepalive_new(peer->connection, peer->timers, intervals[i], 0);

        rpc_keepalive_start(keepalive);
        expect_no_interval(peer);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rpc-keepalive/answers-always", test_answers_always);
    g_test_add_func("/rpc-keepalive/what-it-takes", test_what_it_takes);
    g_test_add_func("/rpc-keepalive/no-ping-before-start", test_no_ping_before_start);
    g_test_add_func("/rpc-keepalive/silence", test_silence);
    g_test_add_func("/rpc-keepalive/any-packet", test_any_packet_is_a_sign_of_life);
    g_test_add_func("/rpc-keepalive/never", test_never);
    return g_test_run();
}
