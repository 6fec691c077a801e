/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "front-port.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc-peer.h"

#define HELD 7
#define PIECE 65536

/* Two ports that are joined, and who is at their other ends. */
typedef struct {
    GMainContext *context;
    RpcPoll *poll;
    FrontPort *ports[2];
    int ends[2];
    guint held;
    guint closed[2];
} World;

static gboolean
judge(G_GNUC_UNUSED FrontPort *port, const RpcFrame *frame, G_GNUC_UNUSED guint32 length,
      G_GNUC_UNUSED gpointer user_data)
{
    return frame->procedure == HELD;
}

/* Is answered by whoever is in the middle. */
static void
held(FrontPort *port, G_GNUC_UNUSED const RpcFrame *frame, const GByteArray *packet,
     gpointer user_data)
{
    World *world = user_data;

    world->held++;
    front_port_send(port, packet);
}

static void
closed(FrontPort *port, gpointer user_data)
{
    World *world = user_data;
    guint number = port == world->ports[0] ? 0 : 1;

    world->closed[number]++;
    g_clear_pointer(&world->ports[number], front_port_free);
}

static const FrontPortHandlers handlers = { .judge = judge, .held = held, .closed = closed };

static World *
world_new(void)
{
    World *world = g_new0(World, 1);

    world->context = g_main_context_new();
    world->poll = rpc_poll_new(world->context);
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GSocket) socket = NULL;
        int fds[2];

        g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds));
        socket = g_socket_new_from_fd(fds[0], NULL);
        world->ends[i] = fds[1];
        world->ports[i] = front_port_new(socket, world->poll, &handlers, world);
    }
    front_port_join(world->ports[0], world->ports[1]);
    return world;
}

static void
leave(World *world, guint number)
{
    if (world->ends[number] >= 0)
        close(world->ends[number]);
    world->ends[number] = -1;
}

static void
world_free(World *world)
{
    for (guint i = 0; i < 2; i++) {
        leave(world, i);
        front_port_free(world->ports[i]);
    }
    rpc_poll_free(world->poll);
    g_main_context_unref(world->context);
    g_free(world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

static void
settle(const World *world)
{
    while (g_main_context_iteration(world->context, FALSE))
        continue;
}

/* Returns: how many bytes the socket took. */
static gsize
write_some(const World *world, guint number, const guint8 *data, gsize size)
{
    gssize sent = send(world->ends[number], data, size, MSG_NOSIGNAL);

    return sent < 0 ? 0 : (gsize)sent;
}

static void
write_all(const World *world, guint number, const GByteArray *data)
{
    g_assert_cmpuint(write_some(world, number, data->data, data->len), ==, data->len);
    settle(world);
}

static GByteArray *
read_all(const World *world, guint number)
{
    GByteArray *data = g_byte_array_new();
    guint8 chunk[PIECE];
    gssize got;

    do {
        settle(world);
        got = recv(world->ends[number], chunk, sizeof(chunk), 0);
        if (got > 0)
            g_byte_array_append(data, chunk, (guint)got);
    } while (got > 0);
    return data;
}

static void
expect(const World *world, guint number, const GByteArray *packet)
{
    g_autoptr(GByteArray) got = read_all(world, number);

    g_assert_cmpmem(got->data, got->len, packet->data, packet->len);
}

static void
test_both_ways(void)
{
    g_autoptr(World) world = world_new();
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 100);

    for (guint from = 0; from < 2; from++) {
        write_all(world, from, packet);
        expect(world, 1 - from, packet);
    }
    g_assert_cmpuint(world->held, ==, 0);
}

static void
test_held(void)
{
    g_autoptr(World) world = world_new();
    g_autoptr(GByteArray) packet = rpc_peer_packet(HELD, 100);

    write_all(world, 0, packet);
    g_assert_cmpuint(world->held, ==, 1);
    expect(world, 0, packet);
}

/* What is sent from the middle does not get into the middle of a frame. */
static void
test_between(void)
{
    g_autoptr(World) world = world_new();
    g_autoptr(GByteArray) frame = rpc_peer_packet(1, 100);
    g_autoptr(GByteArray) own = rpc_peer_packet(2, 8);
    g_autoptr(GByteArray) both = g_byte_array_new();

    g_byte_array_append(both, frame->data, frame->len);
    g_byte_array_append(both, own->data, own->len);
    write_some(world, 1, frame->data, 50);
    settle(world);
    front_port_send(world->ports[0], own);
    write_some(world, 1, frame->data + 50, frame->len - 50);
    expect(world, 0, both);
}

static void
test_paused(void)
{
    g_autoptr(World) world = world_new();
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 100);
    g_autoptr(GByteArray) nothing = g_byte_array_new();

    front_port_set_paused(world->ports[0], TRUE);
    write_all(world, 0, packet);
    expect(world, 1, nothing);
    front_port_set_paused(world->ports[0], FALSE);
    expect(world, 1, packet);
}

/* For one who does not listen nothing is read, whichever way; and then nothing is lost. */
static void
test_slow(void)
{
    g_autoptr(World) world = world_new();
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 64 * 1024 * 1024 / 2 - 1024);
    gsize sent = 0, before;
    gsize got = 0;

    do {
        before = sent;
        sent += write_some(world, 1, packet->data + sent, packet->len - sent);
        settle(world);
    } while (sent > before);
    g_assert_cmpuint(sent, <, FRONT_PORT_MAX_WAITING + FRONT_PORT_CHUNK + 4 * 1024 * 1024);
    while (got < packet->len) {
        g_autoptr(GByteArray) more = read_all(world, 0);

        g_assert_cmpmem(more->data, more->len, packet->data + got, more->len);
        got += more->len;
        sent += write_some(world, 1, packet->data + sent, packet->len - sent);
    }
    g_assert_cmpuint(world->closed[0] + world->closed[1], ==, 0);
}

/* What one has sent before it went arrives, also if the other does not listen at once. */
static void
test_end(void)
{
    g_autoptr(World) world = world_new();
    g_autoptr(GByteArray) packet = rpc_peer_packet(1, 1024 * 1024);
    gsize sent = 0;
    gsize got = 0;

    while (sent < packet->len) {
        gsize taken = write_some(world, 1, packet->data + sent, packet->len - sent);

        settle(world);
        sent += taken;
        if (taken == 0) {
            g_autoptr(GByteArray) some = read_all(world, 0);

            got += some->len;
        }
    }
    leave(world, 1);
    settle(world);
    g_assert_cmpuint(world->closed[1], ==, 1);
    front_port_close_when_sent(world->ports[0]);
    while (world->closed[0] == 0) {
        g_autoptr(GByteArray) some = read_all(world, 0);

        got += some->len;
    }
    g_assert_cmpuint(got, ==, packet->len);
}

static void
test_garbage(void)
{
    g_autoptr(World) world = world_new();

    write_some(world, 0, (const guint8 *)"\0\0\0\3garbage", 11);
    settle(world);
    g_assert_cmpuint(world->closed[0], ==, 1);
    g_assert_cmpuint(world->closed[1], ==, 0);
}

/* Whoever lets too much wait is cut off. */
static void
test_never_listens(void)
{
    g_autoptr(World) world = world_new();
    g_autoptr(GByteArray) own = rpc_peer_packet(2, 8 * 1024 * 1024);

    for (guint i = 0; i < 10 && world->closed[0] == 0; i++) {
        front_port_send(world->ports[0], own);
        settle(world);
    }
    g_assert_cmpuint(world->closed[0], ==, 1);
}

/* A peer that has gone while nothing is read from it is noticed. */
static void
test_gone_while_paused(void)
{
    g_autoptr(World) world = world_new();

    front_port_set_paused(world->ports[0], TRUE);
    leave(world, 0);
    settle(world);
    g_assert_cmpuint(world->closed[0], ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/front-port/both-ways", test_both_ways);
    g_test_add_func("/front-port/held", test_held);
    g_test_add_func("/front-port/between", test_between);
    g_test_add_func("/front-port/paused", test_paused);
    g_test_add_func("/front-port/slow", test_slow);
    g_test_add_func("/front-port/end", test_end);
    g_test_add_func("/front-port/garbage", test_garbage);
    g_test_add_func("/front-port/never-listens", test_never_listens);
    g_test_add_func("/front-port/gone-while-paused", test_gone_while_paused);
    return g_test_run();
}
