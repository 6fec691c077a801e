/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "front-outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGE (4 * 1024 * 1024)

/* An outlet, and the other end of its socket. */
typedef struct {
    FrontOutlet *outlet;
    int ends[2];
} Way;

static void
way_open(Way *way)
{
    g_assert_no_errno(
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, way->ends));
    way->outlet = front_outlet_new(way->ends[0]);
}

static void
way_clear(Way *way)
{
    front_outlet_free(way->outlet);
    close(way->ends[0]);
    if (way->ends[1] >= 0)
        close(way->ends[1]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Way, way_clear)

static void
put(const Way *way, const char *text)
{
    front_outlet_put(way->outlet, (const guint8 *)text, strlen(text));
}

static void
expect_read(const Way *way, const char *text)
{
    char got[64] = "";

    g_assert_cmpint(recv(way->ends[1], got, sizeof(got) - 1, 0), ==, (gssize)strlen(text));
    g_assert_cmpstr(got, ==, text);
}

/* A packet of ours waits for the end of the frame. */
static void
test_between_frames(void)
{
    g_auto(Way) way = { 0 };

    way_open(&way);
    put(&way, "[first");
    front_outlet_set_within(way.outlet, TRUE);
    front_outlet_send(way.outlet, (const guint8 *)"(own)", 5);
    expect_read(&way, "[first");
    g_assert_cmpuint(front_outlet_get_waiting(way.outlet), ==, 5);
    g_assert_cmpuint(front_outlet_get_unsent(way.outlet), ==, 0);
    put(&way, "]");
    front_outlet_set_within(way.outlet, FALSE);
    expect_read(&way, "](own)");
    front_outlet_send(way.outlet, (const guint8 *)"(own)", 5);
    expect_read(&way, "(own)");
}

/* What the socket does not take goes out later, in order. */
static void
test_waiting(void)
{
    g_auto(Way) way = { 0 };
    g_autofree guint8 *data = g_malloc(LARGE);
    g_autofree guint8 *got = g_malloc(LARGE);
    gsize total = 0;

    way_open(&way);
    for (gsize i = 0; i < LARGE; i++)
        data[i] = (guint8)(i * 2654435761U >> 13);
    front_outlet_put(way.outlet, data, LARGE / 2);
    front_outlet_put(way.outlet, data + LARGE / 2, LARGE / 2);
    g_assert_cmpuint(front_outlet_get_unsent(way.outlet), >, LARGE / 2);
    while (total < LARGE) {
        gssize piece = recv(way.ends[1], got + total, LARGE - total, 0);

        g_assert_cmpint(piece, >, 0);
        total += (gsize)piece;
        front_outlet_flush(way.outlet);
    }
    g_assert_cmpmem(got, total, data, LARGE);
    g_assert_cmpuint(front_outlet_get_unsent(way.outlet), ==, 0);
}

static gsize
receive(int socket, char *data, gsize size, int *fd)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * 4)];
    } control;
    struct iovec piece = { data, size };
    struct msghdr message = { .msg_iov = &piece,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    gssize got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);

    g_assert_cmpint(got, >, 0);
    *fd = -1;
    if (message.msg_controllen > 0) {
        g_assert_cmpuint(control.header.cmsg_len, ==, CMSG_LEN(sizeof(int)));
        memcpy(fd, CMSG_DATA(&control.header), sizeof(int));
    }
    return (gsize)got;
}

/* A descriptor arrives with its own byte, also if both had to wait. */
static void
check_descriptor(gsize before)
{
    g_auto(Way) way = { 0 };
    g_autofree guint8 *data = g_malloc0(before);
    int sent = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct stat of_sent, of_got;
    gsize total = 0;
    char got[4096];
    int fd = -1;

    way_open(&way);
    g_assert_no_errno(fstat(sent, &of_sent));
    front_outlet_put(way.outlet, data, before);
    front_outlet_put_descriptor(way.outlet, sent);
    put(&way, "after");
    while (fd < 0) {
        total += receive(way.ends[1], got, sizeof(got), &fd);
        front_outlet_flush(way.outlet);
    }
    g_assert_cmpuint(total, ==, before + 1);
    expect_read(&way, "after");
    g_assert_no_errno(fstat(fd, &of_got));
    g_assert_cmpuint(of_got.st_rdev, ==, of_sent.st_rdev);
    close(fd);
    /* Ours is closed. */
    g_assert_cmpint(fcntl(sent, F_GETFD), ==, -1);
}

static void
test_descriptor(void)
{
    check_descriptor(3);
    check_descriptor(LARGE);
}

/* One that never went out is closed with the outlet. */
static void
test_unsent_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    g_autofree guint8 *data = g_malloc0(LARGE);

    {
        g_auto(Way) way = { 0 };

        way_open(&way);
        front_outlet_put(way.outlet, data, LARGE);
        front_outlet_put_descriptor(way.outlet, fd);
        g_assert_cmpint(fcntl(fd, F_GETFD), !=, -1);
    }
    g_assert_cmpint(fcntl(fd, F_GETFD), ==, -1);
}

static void
test_broken(void)
{
    g_auto(Way) way = { 0 };

    way_open(&way);
    close(way.ends[1]);
    way.ends[1] = -1;
    g_assert_false(front_outlet_is_broken(way.outlet));
    put(&way, "nobody");
    g_assert_true(front_outlet_is_broken(way.outlet));
    put(&way, "nobody");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/front-outlet/between-frames", test_between_frames);
    g_test_add_func("/front-outlet/waiting", test_waiting);
    g_test_add_func("/front-outlet/descriptor", test_descriptor);
    g_test_add_func("/front-outlet/unsent-descriptor", test_unsent_descriptor);
    g_test_add_func("/front-outlet/broken", test_broken);
    return g_test_run();
}
