/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

/* Passes bytes between clients and another socket, and looks at none: one wait, one reading, one
 * writing for each piece, in one thread. What a front cannot cost less than.
 * Usage: bench-relay BEHIND FRONT */

#include "config.h"

#include <errno.h>
#include <glib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
#define QUEUE 300

/* One of the two sockets of a client. */
typedef struct _Side {
    int fd;
    struct _Side *other; /* NULL for the socket at which clients come */
} Side;

static int
open_socket(const char *path, int (*use)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    if (fd < 0 || use(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        g_error("%s: %s", path, g_strerror(errno));
    return fd;
}

static Side *
add(int poll, int fd)
{
    Side *side = g_new0(Side, 1);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = side };

    side->fd = fd;
    if (fd < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) != 0)
        g_error("A socket cannot be waited for: %s", g_strerror(errno));
    return side;
}

static void
take_client(int poll, const Side *door, const char *behind)
{
    Side *client = add(poll, accept4(door->fd, NULL, NULL, SOCK_CLOEXEC));

    client->other = add(poll, open_socket(behind, connect));
    client->other->other = client;
}

/* What the kernel has told of both may still be gone through, so they are not freed. */
static void
forget(Side *side)
{
    close(side->fd);
    close(side->other->fd);
    side->fd = side->other->fd = -1;
}

static void
pass(Side *side)
{
    static guint8 chunk[CHUNK];
    gssize got = recv(side->fd, chunk, sizeof chunk, MSG_DONTWAIT);

    /* The other socket may block: nothing waits for its sender but who sends. */
    if (got == 0 || (got < 0 && errno != EAGAIN) ||
        (got > 0 && send(side->other->fd, chunk, (gsize)got, MSG_NOSIGNAL) != got))
        forget(side);
}

int
main(int argc, char **argv)
{
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ready[16];
    const Side *door;

    if (argc != 3)
        g_error("Usage: bench-relay BEHIND FRONT");
    door = add(poll, open_socket(argv[2], bind));
    if (listen(door->fd, QUEUE) != 0)
        g_error("%s: %s", argv[2], g_strerror(errno));
    for (;;) {
        int count = epoll_wait(poll, ready, G_N_ELEMENTS(ready), -1);

        for (int i = 0; i < count; i++) {
            Side *side = ready[i].data.ptr;

            if (side == door)
                take_client(poll, door, argv[1]);
            else if (side->fd >= 0)
                pass(side);
        }
    }
}
