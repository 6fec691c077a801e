/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-client.h"

#include <sys/socket.h>

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

/* Work that is not done before it may. */
typedef struct {
    GMutex mutex;
    GCond changed;
    gboolean is_open;
    guint waiting;
} Gate;

static void
wait_at_gate(gpointer data)
{
    Gate *gate = data;

    g_mutex_lock(&gate->mutex);
    gate->waiting++;
    g_cond_broadcast(&gate->changed);
    while (!gate->is_open)
        g_cond_wait(&gate->changed, &gate->mutex);
    g_mutex_unlock(&gate->mutex);
}

static void
pass_gate(G_GNUC_UNUSED gpointer data)
{
}

static void
open_gate(Gate *gate)
{
    g_mutex_lock(&gate->mutex);
    gate->is_open = TRUE;
    g_cond_broadcast(&gate->changed);
    g_mutex_unlock(&gate->mutex);
}

/* All workers of this kind are busy until the gate is open. */
static void
keep_busy(const DaemonPeer *peer, DaemonServiceWork work, Gate *gate)
{
    DaemonWorkers *workers = daemon_service_get_workers(peer->service, work);

    for (guint i = 0; i < peer->config->max_workers; i++)
        daemon_workers_run(workers, wait_at_gate, pass_gate, gate);
}

static void
expect_answer(DaemonPeer *peer, gint32 procedure)
{
    g_autoptr(GByteArray) packet = daemon_peer_wait_for_packet(peer);

    g_assert_cmpint(daemon_peer_read_word(packet, 3), ==, procedure);
    g_assert_cmpint(daemon_peer_read_word(packet, 6), ==, RPC_FRAME_OK);
}

/* What has been sent is read. */
static void
take_in(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
call_list(DaemonPeer *peer)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();

    g_assert_true(rpc_xdr_put_optional_string(payload, NULL, NULL));
    rpc_xdr_put_u32(payload, 1000);
    rpc_xdr_put_u32(payload, 0);
    daemon_peer_send_call(peer, DAEMON_PEER_LIST_NAMES, payload);
}

static void
call_by_name(DaemonPeer *peer, gint32 procedure)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();

    g_assert_true(rpc_xdr_put_string(payload, "computer", NULL));
    rpc_xdr_put_u32(payload, 0);
    daemon_peer_send_call(peer, procedure, payload);
}

/* Whatever all are busy with, a look at one device is taken at once, and a list does not wait for
 * hardware. */
static void
test_what_is_short_does_not_wait_for_what_is_long(void)
{
    DaemonPeer *busy = daemon_peer_new_open("qemu-s390x");
    DaemonPeer *other = daemon_peer_new_beside(busy->service, DAEMON_CHANNEL_INHERITED);
    Gate lists = { .is_open = FALSE }, hardware = { .is_open = FALSE };

    daemon_peer_open(other, "qemu-s390x");
    keep_busy(busy, DAEMON_SERVICE_LIST, &lists);
    keep_busy(busy, DAEMON_SERVICE_LONG, &hardware);
    call_list(busy);
    call_by_name(other, DAEMON_PEER_LOOKUP);
    expect_answer(other, DAEMON_PEER_LOOKUP);
    daemon_peer_receive(busy);
    g_assert_cmpuint(busy->in->len, ==, 0);

    call_by_name(other, DAEMON_PEER_GET_XML);
    open_gate(&lists);
    expect_answer(busy, DAEMON_PEER_LIST_NAMES);
    daemon_peer_receive(other);
    g_assert_cmpuint(other->in->len, ==, 0);
    open_gate(&hardware);
    expect_answer(other, DAEMON_PEER_GET_XML);
    daemon_peer_free(other);
    daemon_peer_free(busy);
}

/* One who asks much is not served again before another who asks little: the one worker goes from
 * the gate to both clients, and then to the next gate. */
static void
test_turns_go_by_client(void)
{
    DaemonPeer *host = daemon_peer_new(DAEMON_CHANNEL_INHERITED);
    Gate gate = { .is_open = FALSE }, next = { .is_open = FALSE };
    DaemonPeer *greedy, *modest;
    DaemonService *service;
    DaemonWorkers *workers;

    host->config->max_workers = 1;
    service = daemon_service_new(host->config, FALSE);
    workers = daemon_service_get_workers(service, DAEMON_SERVICE_SHORT);
    greedy = daemon_peer_new_beside(service, DAEMON_CHANNEL_INHERITED);
    modest = daemon_peer_new_beside(service, DAEMON_CHANNEL_INHERITED);
    daemon_peer_open(greedy, "qemu-s390x");
    daemon_peer_open(modest, "qemu-s390x");
    daemon_workers_run(workers, wait_at_gate, pass_gate, &gate);
    for (guint i = 0; i < 4; i++)
        call_by_name(greedy, DAEMON_PEER_GET_PARENT);
    take_in();
    for (guint i = 0; i < 2; i++)
        call_by_name(modest, DAEMON_PEER_LOOKUP);
    take_in();
    daemon_workers_run(workers, wait_at_gate, pass_gate, &next);

    open_gate(&gate);
    expect_answer(modest, DAEMON_PEER_LOOKUP);
    expect_answer(greedy, DAEMON_PEER_GET_PARENT);
    take_in();
    daemon_peer_receive(greedy);
    g_assert_cmpuint(greedy->in->len, ==, 0);
    open_gate(&next);
    for (guint i = 0; i < 3; i++)
        expect_answer(greedy, DAEMON_PEER_GET_PARENT);
    expect_answer(modest, DAEMON_PEER_LOOKUP);
    daemon_peer_free(greedy);
    daemon_peer_free(modest);
    daemon_service_free(service);
    daemon_peer_free(host);
}

/* Large calls that wait for a worker are not read for long, however many may wait. */
static void
test_few_large_calls_wait(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_autoptr(GByteArray) packet = NULL;
    const RpcFrame header = { .program = 0x20008086,
                              .version = 1,
                              .procedure = DAEMON_PEER_LOOKUP };
    Gate gate = { .is_open = FALSE };
    gsize sent = 0;
    guint calls;

    g_assert_true(rpc_xdr_put_string(payload, "computer", NULL));
    g_byte_array_set_size(payload, DAEMON_CLIENT_MAX_QUEUED_BYTES);
    packet = rpc_frame_begin(&header);
    g_byte_array_append(packet, payload->data, payload->len);
    g_assert_true(rpc_frame_end(packet, NULL));
    keep_busy(peer, DAEMON_SERVICE_SHORT, &gate);
    for (gssize part = 1; part > 0; sent += (gsize)MAX(part, 0)) {
        gsize done = sent % packet->len;

        part = send(peer->fd, packet->data + done, packet->len - done, MSG_NOSIGNAL);
        take_in();
    }
    calls = (guint)(sent / packet->len);
    /* One that is worked on, one that waits, and what the socket holds. */
    g_assert_cmpuint(calls, >=, 2);
    g_assert_cmpuint(calls, <, peer->config->max_client_requests);
    open_gate(&gate);
    for (guint i = 0; i < calls; i++)
        expect_answer(peer, DAEMON_PEER_LOOKUP);
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
    g_test_add_func("/daemon-client/what-is-short-does-not-wait-for-what-is-long",
                    test_what_is_short_does_not_wait_for_what_is_long);
    g_test_add_func("/daemon-client/turns-go-by-client", test_turns_go_by_client);
    g_test_add_func("/daemon-client/few-large-calls-wait", test_few_large_calls_wait);
    return g_test_run();
}
