/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "system-calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void
test_socket_is_not_left_to_children(void)
{
    int fd = system_calls_kernel.socket(AF_UNIX, 0);
    socklen_t size = sizeof(int);
    int type;

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(fcntl(fd, F_GETFD) & FD_CLOEXEC, !=, 0);
    g_assert_cmpint(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size), ==, 0);
    g_assert_cmpint(type, ==, SOCK_DGRAM);
    system_calls_kernel.close(fd);
}

static void
test_exchange_sends_and_takes_what_waits(void)
{
    char got[16], answer[4];
    int pair[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), ==, 0);
    g_assert_cmpint(write(pair[1], "answer", 6), ==, 6);
    g_assert_cmpint(system_calls_kernel.exchange(pair[0], "ask", 3, answer, sizeof answer), ==, 4);
    g_assert_cmpmem(answer, sizeof answer, "answ", 4);
    g_assert_cmpint(read(pair[1], got, sizeof got), ==, 3);
    g_assert_cmpmem(got, 3, "ask", 3);
    close(pair[0]);
    close(pair[1]);
}

static void
test_exchange_does_not_wait_for_an_answer(void)
{
    char answer[4];
    int pair[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), ==, 0);
    g_assert_cmpint(system_calls_kernel.exchange(pair[0], "ask", 3, answer, sizeof answer), ==, -1);
    g_assert_cmpint(errno, ==, EAGAIN);
    close(pair[0]);
    close(pair[1]);
}

static void
test_claim_is_for_block_devices(void)
{
    g_assert_cmpint(system_calls_kernel.claim("/nowhere/vda"), ==, -1);
    g_assert_cmpint(errno, ==, ENOENT);
    g_assert_cmpint(system_calls_kernel.claim("/dev/null"), ==, -1);
    g_assert_cmpint(errno, ==, ENOTBLK);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/system-calls/socket-is-not-left-to-children",
                    test_socket_is_not_left_to_children);
    g_test_add_func("/system-calls/exchange-sends-and-takes-what-waits",
                    test_exchange_sends_and_takes_what_waits);
    g_test_add_func("/system-calls/exchange-does-not-wait-for-an-answer",
                    test_exchange_does_not_wait_for_an_answer);
    g_test_add_func("/system-calls/claim-is-for-block-devices", test_claim_is_for_block_devices);
    return g_test_run();
}
