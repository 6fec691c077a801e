/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "front-outlet.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A buffer that has become larger is given back when it is empty. */
#define BUFFER_KEPT 4096

/* A descriptor, and before how many bytes of the buffer's end it stands. */
typedef struct {
    gsize position; /* of its byte, counted from the first that was ever put into the buffer */
    int fd;
} Passenger;

struct _FrontOutlet {
    int fd;
    GByteArray *buffer;
    gsize sent;        /* of the buffer */
    gsize begin;       /* the position of the buffer's first byte */
    GQueue passengers; /* in the order of their positions */
    GByteArray *own;   /* packets of ours that wait for the end of a frame */
    gboolean within;
    gboolean broken;
};

FrontOutlet *
front_outlet_new(int fd)
{
    FrontOutlet *outlet = g_new0(FrontOutlet, 1);

    outlet->fd = fd;
    outlet->buffer = g_byte_array_new();
    outlet->own = g_byte_array_new();
    g_queue_init(&outlet->passengers);
    return outlet;
}

static void
front_outlet_drop(gpointer data)
{
    Passenger *passenger = data;

    close(passenger->fd);
    g_free(passenger);
}

void
front_outlet_free(FrontOutlet *outlet)
{
    if (outlet == NULL)
        return;
    g_queue_clear_full(&outlet->passengers, front_outlet_drop);
    g_byte_array_unref(outlet->buffer);
    g_byte_array_unref(outlet->own);
    g_free(outlet);
}

gsize
front_outlet_get_unsent(const FrontOutlet *outlet)
{
    return outlet->buffer->len - outlet->sent;
}

gsize
front_outlet_get_waiting(const FrontOutlet *outlet)
{
    return front_outlet_get_unsent(outlet) + outlet->own->len;
}

gboolean
front_outlet_is_broken(const FrontOutlet *outlet)
{
    return outlet->broken;
}

/* Returns: how many bytes the socket took; 0 if it takes none now, or is broken. */
static gsize
front_outlet_write(FrontOutlet *outlet, const guint8 *data, gsize size)
{
    gssize written;

    do
        written = send(outlet->fd, data, size, MSG_NOSIGNAL);
    while (written < 0 && errno == EINTR);
    if (written < 0 && errno != EAGAIN)
        outlet->broken = TRUE;
    return written > 0 ? (gsize)written : 0;
}

/* Sends the descriptor of the next byte, with that byte. Returns: whether the socket took it. */
static gboolean
front_outlet_write_passenger(FrontOutlet *outlet)
{
    const Passenger *passenger = g_queue_peek_head(&outlet->passengers);
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = { .bytes = { 0 } };
    struct iovec piece = { .iov_base = outlet->buffer->data + outlet->sent, .iov_len = 1 };
    struct msghdr message = { .msg_iov = &piece,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    gssize written;

    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.header), &passenger->fd, sizeof(int));
    do
        written = sendmsg(outlet->fd, &message, MSG_NOSIGNAL);
    while (written < 0 && errno == EINTR);
    if (written < 0 && errno != EAGAIN)
        outlet->broken = TRUE;
    if (written != 1)
        return FALSE;
    front_outlet_drop(g_queue_pop_head(&outlet->passengers));
    outlet->sent++;
    return TRUE;
}

/* Sends up to the next descriptor, or that. Returns: whether the socket took all of it. */
static gboolean
front_outlet_flush_piece(FrontOutlet *outlet)
{
    const Passenger *passenger = g_queue_peek_head(&outlet->passengers);
    gsize here = outlet->begin + outlet->sent;
    gsize piece = front_outlet_get_unsent(outlet);
    gsize written;

    if (passenger != NULL && passenger->position == here)
        return front_outlet_write_passenger(outlet);
    if (passenger != NULL)
        piece = MIN(piece, passenger->position - here);
    written = front_outlet_write(outlet, outlet->buffer->data + outlet->sent, piece);
    outlet->sent += written;
    return written == piece;
}

/* Drops what has been sent once that is worth the move. */
static void
front_outlet_trim(FrontOutlet *outlet)
{
    gsize unsent = front_outlet_get_unsent(outlet);

    if (outlet->sent <= unsent)
        return;
    outlet->begin += outlet->sent;
    /* A GByteArray never gives memory back. */
    if (unsent == 0 && outlet->buffer->len > BUFFER_KEPT) {
        g_byte_array_unref(outlet->buffer);
        outlet->buffer = g_byte_array_new();
    } else {
        g_byte_array_remove_range(outlet->buffer, 0, (guint)outlet->sent);
    }
    outlet->sent = 0;
}

void
front_outlet_flush(FrontOutlet *outlet)
{
    while (!outlet->broken && front_outlet_get_unsent(outlet) > 0 &&
           front_outlet_flush_piece(outlet))
        continue;
    front_outlet_trim(outlet);
}

void
front_outlet_put(FrontOutlet *outlet, const guint8 *data, gsize size)
{
    gsize written = 0;

    if (outlet->broken)
        return;
    if (front_outlet_get_unsent(outlet) == 0)
        written = front_outlet_write(outlet, data, size);
    g_byte_array_append(outlet->buffer, data + written, (guint)(size - written));
}

void
front_outlet_put_descriptor(FrontOutlet *outlet, int fd)
{
    Passenger *passenger = g_new0(Passenger, 1);

    *passenger = (Passenger){ outlet->begin + outlet->buffer->len, fd };
    g_queue_push_tail(&outlet->passengers, passenger);
    g_byte_array_append(outlet->buffer, (const guint8[]){ 0 }, 1);
    front_outlet_flush(outlet);
}

static void
front_outlet_let_out(FrontOutlet *outlet)
{
    g_autoptr(GByteArray) own = g_steal_pointer(&outlet->own);

    outlet->own = g_byte_array_new();
    front_outlet_put(outlet, own->data, own->len);
}

void
front_outlet_set_within(FrontOutlet *outlet, gboolean within)
{
    outlet->within = within;
    if (!within && outlet->own->len > 0)
        front_outlet_let_out(outlet);
}

void
front_outlet_send(FrontOutlet *outlet, const guint8 *packet, gsize size)
{
    if (outlet->within)
        g_byte_array_append(outlet->own, packet, (guint)size);
    else
        front_outlet_put(outlet, packet, size);
}
