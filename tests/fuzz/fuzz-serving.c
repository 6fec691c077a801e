/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon-server.h"
#include "fuzz-target.h"

/* The input is a story: who of the clients sends what, in which order. A step is one byte, who and
 * how, two of a length, highest first, and as many bytes as the client sends. */
#define CLIENTS 4
#define STEP_CLIENT 0x03
#define STEP_AT_ONCE 0x04    /* the next step comes before the daemon has done anything */
#define STEP_GOES 0x08       /* the client goes when it has sent this */
#define STEP_NO_READING 0x10 /* it does not read what has come for it */
#define STEP_HEADER 3

/* One client less than there are, so that one has to wait; few calls at once. */
#define MAX_CLIENTS (CLIENTS - 1)
#define MAX_REQUESTS 4
#define MAX_STEPS 64

/* What a worker needs at most, in milliseconds, on a busy machine. */
#define PATIENCE_MS 600000

/* The last two of the clients come to the read-only socket. */
typedef struct {
    DaemonService *service;
    DaemonServer *server;
    struct sockaddr_un addresses[2];
    socklen_t sizes[2];
    int clients[CLIENTS]; /* -1: is not there */
} Stage;

static void
on_idle(G_GNUC_UNUSED gpointer user_data)
{
}

/* A socket that has no name in the file system: Linux chooses one. */
static DaemonSocket *
listen_anywhere(Stage *stage, gboolean is_read_only)
{
    struct sockaddr_un *address = &stage->addresses[is_read_only];
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    DaemonSocket *made;

    address->sun_family = AF_UNIX;
    stage->sizes[is_read_only] = sizeof(*address);
    g_assert_cmpint(bind(fd, (struct sockaddr *)address, sizeof(sa_family_t)), ==, 0);
    g_assert_cmpint(listen(fd, 2 * CLIENTS), ==, 0);
    g_assert_cmpint(getsockname(fd, (struct sockaddr *)address, &stage->sizes[is_read_only]), ==,
                    0);
    made = daemon_socket_adopt(fd, is_read_only, NULL);
    g_assert_nonnull(made);
    return made;
}

static int
come(const Stage *stage, gboolean is_read_only)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    g_assert_cmpint(connect(fd, (const struct sockaddr *)&stage->addresses[is_read_only],
                            stage->sizes[is_read_only]),
                    ==, 0);
    return fd;
}

static void
settle(const Stage *stage)
{
    do {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        g_assert_true(daemon_service_wait(stage->service, PATIENCE_MS));
    } while (g_main_context_pending(NULL));
}

static void
drain(int fd)
{
    char buffer[65536];

    while (fd >= 0 && recv(fd, buffer, sizeof buffer, 0) > 0)
        ;
}

static void
leave(int *client)
{
    if (*client >= 0)
        close(*client);
    *client = -1;
}

/* Until all is sent, or the daemon does not take any more: then the rest is lost. */
static void
send_all(const Stage *stage, int fd, const guint8 *data, gsize size)
{
    while (size > 0) {
        gssize sent = send(fd, data, size, MSG_NOSIGNAL);

        if (sent < 0) {
            settle(stage);
            drain(fd);
            sent = send(fd, data, size, MSG_NOSIGNAL);
        }
        if (sent <= 0)
            return;
        data += sent;
        size -= (gsize)sent;
    }
}

/* Returns: how many bytes of @data it was. */
static gsize
play_step(Stage *stage, const guint8 *data, gsize size)
{
    guint number = data[0] & STEP_CLIENT;
    int *client = &stage->clients[number];
    gsize length = MIN((gsize)(data[1] << 8 | data[2]), size - STEP_HEADER);

    if (*client < 0)
        *client = come(stage, number >= CLIENTS / 2);
    send_all(stage, *client, data + STEP_HEADER, length);
    if ((data[0] & STEP_GOES) != 0)
        leave(client);
    if ((data[0] & STEP_AT_ONCE) == 0)
        settle(stage);
    if ((data[0] & STEP_NO_READING) == 0)
        drain(*client);
    return STEP_HEADER + length;
}

/* Whatever the others did, the next one is served. */
static void
expect_service(const Stage *stage)
{
    static const guint8 call[] = "\0\0\0\x1c\x20\0\x80\x86\0\0\0\1\0\0\0\x42\0\0\0\0\0\0\0\7\0\0\0";
    static const guint8 answer[] =
        "\0\0\0\x24\x20\0\x80\x86\0\0\0\1\0\0\0\x42\0\0\0\1\0\0\0\7\0\0\0\0\0\0\0\1\0\0\0";
    guint8 got[sizeof(answer)];
    int client = come(stage, FALSE);

    g_assert_cmpint(send(client, call, sizeof(call), MSG_NOSIGNAL), ==, sizeof(call));
    settle(stage);
    g_assert_cmpint(recv(client, got, sizeof(got), 0), ==, sizeof(answer));
    g_assert_cmpmem(got, sizeof(got), answer, sizeof(answer));
    leave(&client);
}

static void
play(Stage *stage, const guint8 *data, gsize size)
{
    for (guint steps = 0; size >= STEP_HEADER && steps < MAX_STEPS; steps++) {
        gsize used = play_step(stage, data, size);

        data += used;
        size -= used;
    }
    for (guint i = 0; i < CLIENTS; i++)
        leave(&stage->clients[i]);
    settle(stage);
    expect_service(stage);
}

/* What clients on the sockets of a daemon can do, together: it has workers and one host for all,
 * which is a capture, so it is to be run from the source directory. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_auto(DaemonConfig) config = { 0 };
    Stage stage = { .clients = { -1, -1, -1, -1 } };

    daemon_config_set_defaults(&config);
    config.vfio_read = ZPCI_VFIO_READ_NEVER;
    config.auth_unix_ro = config.auth_unix_rw = DAEMON_AUTH_NONE;
    config.access_drivers = DAEMON_AUTH_NONE;
    config.max_clients = MAX_CLIENTS;
    config.max_client_requests = MAX_REQUESTS;
    stage.service = daemon_service_new(&config, FALSE);
    daemon_service_set_root(stage.service, "tests/data/hosts/lpar-roce");
    stage.server = daemon_server_new(stage.service, &daemon_client_kind, 0, on_idle, NULL);
    daemon_server_add(stage.server, listen_anywhere(&stage, FALSE));
    daemon_server_add(stage.server, listen_anywhere(&stage, TRUE));
    daemon_server_update(stage.server);

    play(&stage, data, size);

    daemon_server_free(stage.server);
    settle(&stage);
    daemon_service_free(stage.service);
    return 0;
}
