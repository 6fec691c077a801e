/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <sys/socket.h>
#include <unistd.h>

#include "daemon-client.h"
#include "fuzz-target.h"

/* More than a client needs to fill, so that the whole input fits into the socket at once. */
#define SOCKET_BUFFER (1024 * 1024)

static void
on_closed(G_GNUC_UNUSED gpointer client, gpointer loop)
{
    g_main_loop_quit(loop);
}

static void
drain(int fd)
{
    char buffer[65536];

    while (recv(fd, buffer, sizeof buffer, MSG_DONTWAIT) > 0)
        ;
}

/* Everything that a client can send, from the first byte to the end of its stream. The corpus opens
 * the captures with root=tests/data/hosts/..., so it is to be run from the source directory. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const DaemonClientHandlers handlers = { .closed = on_closed };
    g_auto(DaemonConfig) config = { 0 };
    g_autoptr(DaemonService) service = daemon_service_new(&config, TRUE);
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autoptr(GSocket) socket = NULL;
    g_autoptr(DaemonClient) client = NULL;
    int buffer = SOCKET_BUFFER;
    int ends[2];

    if (size > SOCKET_BUFFER / 4)
        return 0;
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    if (send(ends[0], data, size, MSG_DONTWAIT | MSG_NOSIGNAL) == (gssize)size)
        shutdown(ends[0], SHUT_WR);
    else
        shutdown(ends[0], SHUT_RDWR);

    daemon_config_set_defaults(&config);
    config.vfio_read = ZPCI_VFIO_READ_NEVER;
    socket = g_socket_new_from_fd(ends[1], NULL);
    client = daemon_client_new(socket, DAEMON_CHANNEL_INHERITED, service, &handlers, loop);
    g_main_loop_run(loop);
    drain(ends[0]);
    close(ends[0]);
    return 0;
}
