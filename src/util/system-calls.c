/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "system-calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

/* O_EXCL on a block device asks for a claim, and closing gives it back; a claim of a partition is
 * one of its disk. */
static int
system_calls_claim(const char *path)
{
    struct stat status;
    int fd;

    if (stat(path, &status) < 0)
        return -1;
    if (!S_ISBLK(status.st_mode)) {
        errno = ENOTBLK;
        return -1;
    }
    do {
        fd = open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    return fd < 0 ? -1 : close(fd);
}

const SystemCalls system_calls_kernel = {
    .open = system_calls_open,
    .close = close,
    .ioctl = system_calls_ioctl,
    .socket = system_calls_socket,
    .exchange = system_calls_exchange,
    .claim = system_calls_claim,
};
