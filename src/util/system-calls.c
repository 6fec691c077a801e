/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "system-calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int
system_calls_open(const char *path)
{
    return open(path, O_RDWR | O_CLOEXEC);
}

/* The only ioctl call of the project. */
static int
system_calls_ioctl(int fd, unsigned long request, void *argument)
{
    int result;

    do {
        result = ioctl(fd, request, argument);
    } while (result < 0 && errno == EINTR);
    return result;
}

static int
system_calls_socket(int domain, int protocol)
{
    return socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
}

static gssize
system_calls_exchange(int fd, const void *message, gsize length, void *answer, gsize size)
{
    return send(fd, message, length, 0) < 0 ? -1 : recv(fd, answer, size, MSG_DONTWAIT);
}

const SystemCalls system_calls_kernel = {
    .open = system_calls_open,
    .close = close,
    .ioctl = system_calls_ioctl,
    .socket = system_calls_socket,
    .exchange = system_calls_exchange,
};
