/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-client.h"

#include "daemon-peer.h"

static void
test_who_started_us_is_served(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");

    daemon_peer_call(peer, DAEMON_PEER_GET_TYPE, NULL);
    daemon_peer_call(peer, DAEMON_PEER_CLOSE, NULL);
    g_assert_null(peer->client);
    daemon_peer_free(peer);
}

/* Anybody else has to ask first how to show who he is, even if there is nothing to show. */
static void
test_who_comes_is_not_before_he_asks(void)
{
    DaemonPeer *peer = daemon_peer_new(DAEMON_CHANNEL_READ_WRITE);
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GByteArray) answer = NULL;

    daemon_peer_put_open(payload, "nodedev:///system");
    daemon_peer_send_call(peer, DAEMON_PEER_OPEN, payload);
    answer = daemon_peer_take_answer(peer, DAEMON_PEER_OPEN, RPC_FRAME_ERROR);
    g_assert_cmpint(daemon_peer_read_word(answer, 7), ==, 39);
    g_assert_cmpint(daemon_peer_read_word(answer, 8), ==, 7);
    daemon_peer_free(peer);
}

static void
test_freed_with_answers_under_way(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");

    for (guint i = 0; i < 100; i++)
        daemon_peer_send_call(peer, DAEMON_PEER_GET_TYPE, NULL);
    g_main_context_iteration(NULL, FALSE);
    g_clear_pointer(&peer->client, daemon_client_free);
    daemon_peer_settle(peer);
    daemon_peer_free(peer);
}

/* What may block is done by a worker; what comes in meanwhile waits, and the order is kept. */
static void
test_calls_wait_for_the_one_that_a_worker_has(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");
    static const gint32 calls[] = { DAEMON_PEER_COUNT, DAEMON_PEER_GET_TYPE, DAEMON_PEER_COUNT,
                                    DAEMON_PEER_GET_TYPE };
    g_autoptr(GByteArray) everything = g_byte_array_new();

    g_assert_true(rpc_xdr_put_optional_string(everything, NULL, NULL));
    rpc_xdr_put_u32(everything, 0);
    for (guint round = 0; round < 50; round++) {
        for (guint i = 0; i < G_N_ELEMENTS(calls); i++)
            daemon_peer_send_call(peer, calls[i], everything);
    }
    for (guint i = 0; i < 50 * G_N_ELEMENTS(calls); i++)
        g_byte_array_unref(
            daemon_peer_take_answer(peer, calls[i % G_N_ELEMENTS(calls)], RPC_FRAME_OK));
    daemon_peer_free(peer);
}

static void
test_freed_while_a_worker_has_a_call(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");
    g_autoptr(GByteArray) everything = g_byte_array_new();

    g_assert_true(rpc_xdr_put_optional_string(everything, NULL, NULL));
    rpc_xdr_put_u32(everything, 0);
    for (guint i = 0; i < 10; i++)
        daemon_peer_send_call(peer, DAEMON_PEER_COUNT, everything);
    g_main_context_iteration(NULL, FALSE);
    g_clear_pointer(&peer->client, daemon_client_free);
    daemon_peer_free(peer);
}

static guint most_polled;

static int
count_polled(GPollFD *fds, guint number, int timeout)
{
    most_polled = MAX(most_polled, number);
    return g_poll(fds, number, timeout);
}

/* Returns: the number of the newest source: a main context numbers them. */
static guint
number_sources(void)
{
    g_autoptr(GSource) source = g_idle_source_new();
    guint number = g_source_attach(source, NULL);

    g_source_destroy(source);
    return number;
}

/* The main loop has no more to go through with clients than without them. */
static void
test_who_is_idle_costs_the_others_nothing(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");
    DaemonPeer *idle[20];
    guint polled, source;

    g_main_context_set_poll_func(NULL, count_polled);
    most_polled = 0;
    daemon_peer_call(peer, DAEMON_PEER_GET_TYPE, NULL);
    polled = most_polled;
    source = number_sources();
    for (guint i = 0; i < G_N_ELEMENTS(idle); i++)
        idle[i] = daemon_peer_new_beside(peer->service, DAEMON_CHANNEL_READ_ONLY);
    g_assert_cmpuint(number_sources(), ==, source + 1);
    most_polled = 0;
    daemon_peer_call(peer, DAEMON_PEER_GET_TYPE, NULL);
    g_assert_cmpuint(most_polled, ==, polled);
    for (guint i = 0; i < G_N_ELEMENTS(idle); i++)
        daemon_peer_free(idle[i]);
    g_main_context_set_poll_func(NULL, NULL);
    daemon_peer_free(peer);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-client/who-started-us-is-served", test_who_started_us_is_served);
    g_test_add_func("/daemon-client/who-comes-is-not-before-he-asks",
                    test_who_comes_is_not_before_he_asks);
    g_test_add_func("/daemon-client/freed-with-answers-under-way",
                    test_freed_with_answers_under_way);
    g_test_add_func("/daemon-client/calls-wait-for-the-one-that-a-worker-has",
                    test_calls_wait_for_the_one_that_a_worker_has);
    g_test_add_func("/daemon-client/freed-while-a-worker-has-a-call",
                    test_freed_while_a_worker_has_a_call);
    g_test_add_func("/daemon-client/who-is-idle-costs-the-others-nothing",
                    test_who_is_idle_costs_the_others_nothing);
    return g_test_run();
}
