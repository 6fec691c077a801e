/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "front-port.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "front-outlet.h"

struct _FrontPort {
    GSocket *socket;
    int fd;
    RpcPoll *poll;
    RpcPollItem *item; /* NULL once the stream has ended */
    const FrontPortHandlers *handlers;
    gpointer user_data;
    FrontPort *other; /* NULL while there is none */

    FrontInlet *inlet;
    FrontOutlet *outlet;
    GByteArray *rest; /* has come, and not been fed to the inlet yet */

    gboolean serving;
    gboolean at_end; /* the peer sends nothing more */
    gboolean paused;
    gboolean leaving;
    gboolean broken;
};

gboolean
front_port_is_congested(const FrontPort *port)
{
    return front_outlet_get_unsent(port->outlet) > FRONT_PORT_MAX_WAITING;
}

static gboolean
front_port_takes(const FrontPort *port)
{
    return !port->broken && !port->leaving && !port->paused &&
           (port->other == NULL || !front_port_is_congested(port->other));
}

static void
front_port_update(FrontPort *port)
{
    GIOCondition condition = 0;

    if (port->item == NULL)
        return;
    if (front_port_takes(port) && !port->at_end)
        condition |= G_IO_IN;
    if (front_outlet_get_unsent(port->outlet) > 0)
        condition |= G_IO_OUT;
    rpc_poll_item_set_condition(port->item, condition);
}

/* Its condition, or that of its other, may have changed. */
static void
front_port_look_again(FrontPort *port)
{
    if (port->item == NULL || port->serving)
        return;
    if (port->broken || front_outlet_is_broken(port->outlet) ||
        (front_port_takes(port) && port->rest->len > 0))
        rpc_poll_item_wake(port->item);
    front_port_update(port);
}

static gboolean
front_port_judge(const RpcFrame *frame, guint32 length, gpointer user_data)
{
    FrontPort *port = user_data;

    return port->handlers->judge(port, frame, length, port->user_data);
}

static void
front_port_held(const RpcFrame *frame, const GByteArray *packet, gpointer user_data)
{
    FrontPort *port = user_data;

    port->handlers->held(port, frame, packet, port->user_data);
}

static void
front_port_pass(const guint8 *data, gsize size, gboolean is_whole, gpointer user_data)
{
    FrontPort *port = user_data;

    if (port->other == NULL) {
        port->broken = TRUE;
        return;
    }
    front_outlet_put(port->other->outlet, data, size);
    front_outlet_set_within(port->other->outlet, !is_whole);
}

static void
front_port_pass_descriptor(int fd, gboolean is_whole, gpointer user_data)
{
    FrontPort *port = user_data;

    if (port->other == NULL) {
        port->broken = TRUE;
        close(fd);
        return;
    }
    front_outlet_put_descriptor(port->other->outlet, fd);
    front_outlet_set_within(port->other->outlet, !is_whole);
}

static const FrontInletHandlers inlet_handlers = {
    .judge = front_port_judge,
    .held = front_port_held,
    .pass = front_port_pass,
    .pass_descriptor = front_port_pass_descriptor,
};

static void
front_port_adopt(FrontPort *port, const struct cmsghdr *control)
{
    gsize count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);

    for (gsize i = 0; i < count; i++) {
        int fd;

        memcpy(&fd, CMSG_DATA(control) + i * sizeof(int), sizeof(int));
        front_inlet_add_descriptor(port->inlet, fd);
    }
}

/* Room for as many descriptors as one frame may have; the kernel closes those for which there is
 * none, and says so. A message with descriptors is the last of which one call has bytes. */
static gssize
front_port_receive(FrontPort *port, guint8 *chunk, gsize size)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * RPC_FRAME_MAX_DESCRIPTORS)];
    } control;
    struct iovec piece = { .iov_base = chunk, .iov_len = size };
    struct msghdr message = { .msg_iov = &piece,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    gssize got;

    do
        got = recvmsg(port->fd, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return got;
    for (struct cmsghdr *found = CMSG_FIRSTHDR(&message); found != NULL;
         found = CMSG_NXTHDR(&message, found)) {
        if (found->cmsg_level == SOL_SOCKET && found->cmsg_type == SCM_RIGHTS)
            front_port_adopt(port, found);
    }
    if ((message.msg_flags & MSG_CTRUNC) != 0)
        port->broken = TRUE;
    return got;
}

static void
front_port_feed(FrontPort *port, const guint8 *data, gsize size)
{
    gsize taken = front_inlet_feed(port->inlet, data, size);

    if (taken < size)
        g_byte_array_append(port->rest, data + taken, (guint)(size - taken));
    if (front_inlet_is_broken(port->inlet))
        port->broken = TRUE;
}

/* Goes on with what has come while it was paused. */
static void
front_port_feed_rest(FrontPort *port)
{
    g_autoptr(GByteArray) rest = g_steal_pointer(&port->rest);

    port->rest = g_byte_array_new();
    front_port_feed(port, rest->data, rest->len);
}

static void
front_port_read(FrontPort *port)
{
    guint8 chunk[FRONT_PORT_CHUNK];
    gssize got = front_port_receive(port, chunk, sizeof(chunk));

    if (got > 0)
        front_port_feed(port, chunk, (gsize)got);
    else if (got == 0)
        port->at_end = TRUE;
    else if (errno != EAGAIN)
        port->broken = TRUE;
}

static void
front_port_end(FrontPort *port)
{
    g_clear_pointer(&port->item, rpc_poll_item_remove);
    port->handlers->closed(port, port->user_data);
}

/* Whether the stream has ended. */
static gboolean
front_port_is_over(const FrontPort *port)
{
    return port->broken || front_outlet_is_broken(port->outlet) ||
           (port->at_end && port->rest->len == 0) ||
           (port->leaving && front_outlet_get_unsent(port->outlet) == 0);
}

/* Sends what waits, and tells if that has made room for more. */
static void
front_port_drain(FrontPort *port)
{
    gboolean was_congested = front_port_is_congested(port);

    front_outlet_flush(port->outlet);
    if (was_congested && !front_port_is_congested(port) && port->handlers->drained != NULL)
        port->handlers->drained(port, port->user_data);
}

static void
front_port_on_ready(GIOCondition condition, gpointer user_data)
{
    FrontPort *port = user_data;
    /* Both directions have ended: it is told whether it is asked for or not. What the socket still
     * has is read at once, which is not much. */
    gboolean is_last = (condition & (G_IO_HUP | G_IO_ERR)) != 0;

    port->serving = TRUE;
    if ((condition & G_IO_OUT) != 0)
        front_port_drain(port);
    if (port->rest->len > 0 && !port->leaving && (front_port_takes(port) || is_last))
        front_port_feed_rest(port);
    if (is_last && (port->paused || port->leaving))
        port->broken = TRUE;
    else if (port->rest->len == 0 && (front_port_takes(port) || is_last) &&
             (condition & ~(guint)G_IO_OUT) != 0)
        front_port_read(port);
    port->serving = FALSE;
    if (port->other != NULL)
        front_port_look_again(port->other);
    if (front_port_is_over(port))
        front_port_end(port);
    else
        front_port_look_again(port);
}

FrontPort *
front_port_new(GSocket *socket, RpcPoll *poll, const FrontPortHandlers *handlers,
               gpointer user_data)
{
    FrontPort *port = g_new0(FrontPort, 1);

    port->socket = g_object_ref(socket);
    g_socket_set_blocking(socket, FALSE);
    port->fd = g_socket_get_fd(socket);
    port->poll = poll;
    port->handlers = handlers;
    port->user_data = user_data;
    port->inlet = front_inlet_new(&inlet_handlers, port);
    port->outlet = front_outlet_new(port->fd);
    port->rest = g_byte_array_new();
    port->item = rpc_poll_add(poll, port->fd, G_IO_IN, front_port_on_ready, port);
    return port;
}

void
front_port_free(FrontPort *port)
{
    if (port == NULL)
        return;
    if (port->other != NULL)
        port->other->other = NULL;
    g_clear_pointer(&port->item, rpc_poll_item_remove);
    front_inlet_free(port->inlet);
    front_outlet_free(port->outlet);
    g_byte_array_unref(port->rest);
    g_socket_close(port->socket, NULL);
    g_object_unref(port->socket);
    g_free(port);
}

void
front_port_join(FrontPort *port, FrontPort *other)
{
    port->other = other;
    other->other = port;
}

void
front_port_set_max_packet(FrontPort *port, guint max_packet)
{
    front_inlet_set_max_packet(port->inlet, max_packet);
}

void
front_port_send(FrontPort *port, const GByteArray *packet)
{
    if (port->item == NULL || port->broken || port->leaving)
        return;
    if (front_outlet_get_waiting(port->outlet) + packet->len > FRONT_PORT_MAX_QUEUED)
        port->broken = TRUE;
    else
        front_outlet_send(port->outlet, packet->data, packet->len);
    front_port_look_again(port);
}

void
front_port_set_paused(FrontPort *port, gboolean paused)
{
    port->paused = paused;
    front_inlet_set_paused(port->inlet, paused);
    front_port_look_again(port);
}

void
front_port_close(FrontPort *port)
{
    port->broken = TRUE;
    front_port_look_again(port);
}

void
front_port_close_when_sent(FrontPort *port)
{
    port->leaving = TRUE;
    if (port->item != NULL && !port->serving)
        rpc_poll_item_wake(port->item);
    front_port_look_again(port);
}
