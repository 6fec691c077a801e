/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon-front.h"
#include "daemon-server.h"
#include "fuzz-target.h"

/* The input is a story: the client and libvirtd say things in turn. A step is one byte, who and
 * how, two of a length, highest first, and as many bytes. */
#define STEP_LIBVIRTD 0x01
#define STEP_GOES 0x02
#define STEP_HEADER 3
#define MAX_STEPS 64

/* What a worker needs at most, in milliseconds, on a busy machine. */
#define PATIENCE_MS 600000

/* Where libvirtd listens; abstract sockets have no file, but a path is what a front is told. */
typedef struct {
    DaemonService *service;
    gpointer front; /* NULL once it has gone */
    char *directory;
    char *path;
    int listener;
    int client;
    int libvirtd; /* -1 until the front has come to it */
} Stage;

static void
on_closed(gpointer client, gpointer user_data)
{
    Stage *stage = user_data;

    g_assert_true(client == stage->front);
    daemon_front_kind.free(g_steal_pointer(&stage->front));
}

static void
listen_at(Stage *stage)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    stage->directory = g_dir_make_tmp("zpci-fuzz-XXXXXX", NULL);
    stage->path = g_build_filename(stage->directory, "sock", NULL);
    g_strlcpy(address.sun_path, stage->path, sizeof(address.sun_path));
    stage->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    g_assert_cmpint(bind(stage->listener, (struct sockaddr *)&address, sizeof(address)), ==, 0);
    g_assert_cmpint(listen(stage->listener, 1), ==, 0);
}

static void
settle(Stage *stage)
{
    do {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        g_assert_true(daemon_service_wait(stage->service, PATIENCE_MS));
    } while (g_main_context_pending(NULL));
    if (stage->libvirtd < 0)
        stage->libvirtd = accept4(stage->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static void
drain(int fd)
{
    char buffer[65536];

    while (fd >= 0 && recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) > 0)
        continue;
}

static void
leave(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static gsize
play_step(Stage *stage, const guint8 *data, gsize size)
{
    int *who = (data[0] & STEP_LIBVIRTD) != 0 ? &stage->libvirtd : &stage->client;
    gsize length = MIN((gsize)(data[1] << 8 | data[2]), size - STEP_HEADER);

    if (*who >= 0)
        (void)!send(*who, data + STEP_HEADER, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if ((data[0] & STEP_GOES) != 0)
        leave(who);
    settle(stage);
    drain(stage->client);
    drain(stage->libvirtd);
    return STEP_HEADER + length;
}

static void
play(Stage *stage, const guint8 *data, gsize size)
{
    for (guint steps = 0; size >= STEP_HEADER && steps < MAX_STEPS; steps++) {
        gsize used = play_step(stage, data, size);

        data += used;
        size -= used;
    }
    leave(&stage->client);
    leave(&stage->libvirtd);
    settle(stage);
    leave(&stage->libvirtd);
    settle(stage);
    /* Whoever goes is noticed. */
    g_assert_null(stage->front);
}

/* What a client and libvirtd can do to the one between them. It shows a capture, so it is to be run
 * from the source directory. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const DaemonClientHandlers handlers = { .closed = on_closed };
    g_auto(DaemonConfig) config = { 0 };
    Stage stage = { .libvirtd = -1 };
    g_autoptr(GSocket) socket = NULL;
    int ends[2];

    daemon_config_set_defaults(&config);
    config.vfio_read = ZPCI_VFIO_READ_NEVER;
    config.auth_unix_ro = config.auth_unix_rw = DAEMON_AUTH_NONE;
    listen_at(&stage);
    stage.service = daemon_service_new(&config, FALSE);
    daemon_service_set_root(stage.service, "tests/data/hosts/qemu-s390x-states");
    daemon_service_set_behind(stage.service, stage.path);
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    stage.client = ends[0];
    socket = g_socket_new_from_fd(ends[1], NULL);
    stage.front =
        daemon_front_kind.make(socket, DAEMON_CHANNEL_READ_WRITE, stage.service, &handlers, &stage);

    play(&stage, data, size);

    close(stage.listener);
    unlink(stage.path);
    rmdir(stage.directory);
    daemon_service_free(stage.service);
    g_free(stage.path);
    g_free(stage.directory);
    return 0;
}
