/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "front-inlet.h"

#include <string.h>
#include <unistd.h>

/* The number of descriptors is the first word behind the header. */
#define COUNT_SIZE 4

typedef enum {
    HEAD,     /* the header of the next frame is not whole */
    PASSING,  /* a frame passes */
    HOLDING,  /* a frame is held */
    CARRIERS, /* the bytes behind a frame, one for each descriptor */
} FrontInletState;

struct _FrontInlet {
    const FrontInletHandlers *handlers;
    gpointer user_data;
    guint max_packet;
    gboolean paused;
    gboolean broken;

    FrontInletState state;
    guint8 head[RPC_FRAME_MIN_SIZE + COUNT_SIZE];
    gsize head_size; /* of that, what has come */
    RpcFrame frame;
    guint32 length; /* of the frame */
    gsize left;     /* bytes of the frame, or carriers, that are still to come */
    guint carriers;
    GByteArray *held; /* NULL if nothing is */

    int descriptors[RPC_FRAME_MAX_DESCRIPTORS]; /* in the order in which they came */
    guint n_descriptors;
};

/* The bytes that are taken in. */
typedef struct {
    const guint8 *data;
    gsize size;
    gsize done;
    gsize passed; /* from here to @done all passes, and has not been passed yet */
} Feed;

FrontInlet *
front_inlet_new(const FrontInletHandlers *handlers, gpointer user_data)
{
    FrontInlet *inlet = g_new0(FrontInlet, 1);

    inlet->handlers = handlers;
    inlet->user_data = user_data;
    inlet->max_packet = RPC_FRAME_MAX_SIZE;
    return inlet;
}

static void
front_inlet_drop_descriptors(FrontInlet *inlet)
{
    while (inlet->n_descriptors > 0)
        close(inlet->descriptors[--inlet->n_descriptors]);
}

void
front_inlet_free(FrontInlet *inlet)
{
    if (inlet == NULL)
        return;
    front_inlet_drop_descriptors(inlet);
    g_clear_pointer(&inlet->held, g_byte_array_unref);
    g_free(inlet);
}

void
front_inlet_set_max_packet(FrontInlet *inlet, guint max_packet)
{
    inlet->max_packet = max_packet;
}

void
front_inlet_add_descriptor(FrontInlet *inlet, int fd)
{
    if (inlet->n_descriptors == G_N_ELEMENTS(inlet->descriptors)) {
        inlet->broken = TRUE;
        close(fd);
        return;
    }
    inlet->descriptors[inlet->n_descriptors++] = fd;
}

void
front_inlet_set_paused(FrontInlet *inlet, gboolean paused)
{
    inlet->paused = paused;
}

gboolean
front_inlet_is_broken(const FrontInlet *inlet)
{
    return inlet->broken;
}

/* Whether what has been taken in ends with a frame. */
static gboolean
front_inlet_is_at_boundary(const FrontInlet *inlet)
{
    return inlet->state == HEAD && inlet->head_size == 0;
}

/* Passes what passes up to @end. */
static void
front_inlet_pass(FrontInlet *inlet, Feed *feed, gsize end, gboolean is_whole)
{
    if (end > feed->passed)
        inlet->handlers->pass(feed->data + feed->passed, end - feed->passed, is_whole,
                              inlet->user_data);
    feed->passed = feed->done;
}

static gboolean
front_inlet_has_descriptors(const FrontInlet *inlet)
{
    return inlet->frame.type == RPC_FRAME_CALL_WITH_DESCRIPTORS ||
           inlet->frame.type == RPC_FRAME_REPLY_WITH_DESCRIPTORS;
}

/* How much of the next frame has to be there before anything is done with it. */
static gsize
front_inlet_get_head_size(const FrontInlet *inlet)
{
    return RPC_FRAME_MIN_SIZE +
           (inlet->head_size >= RPC_FRAME_MIN_SIZE && front_inlet_has_descriptors(inlet)
                ? COUNT_SIZE
                : 0);
}

/* Reads what there is of the header. Returns: whether the frame can be followed: a length that is
 * none is enough to know that it cannot. */
static gboolean
front_inlet_decode(FrontInlet *inlet)
{
    RpcXdr xdr;

    rpc_xdr_init(&xdr, inlet->head, inlet->head_size);
    if (inlet->head_size == RPC_FRAME_LENGTH_SIZE)
        return rpc_xdr_get_u32(&xdr, "length", &inlet->length, NULL) &&
               rpc_frame_length_is_valid(inlet->length) && inlet->length <= inlet->max_packet;
    xdr.offset = RPC_FRAME_LENGTH_SIZE;
    return inlet->head_size != RPC_FRAME_MIN_SIZE || rpc_frame_decode(&xdr, &inlet->frame, NULL);
}

static gboolean
front_inlet_count_carriers(FrontInlet *inlet)
{
    RpcXdr xdr;

    inlet->carriers = 0;
    if (!front_inlet_has_descriptors(inlet))
        return TRUE;
    rpc_xdr_init(&xdr, inlet->head + RPC_FRAME_MIN_SIZE, COUNT_SIZE);
    return inlet->length >= inlet->head_size &&
           rpc_xdr_get_count(&xdr, "descriptors", RPC_FRAME_MAX_DESCRIPTORS, &inlet->carriers,
                             NULL);
}

/* Goes on to what follows when nothing is left of what there was. */
static void
front_inlet_advance(FrontInlet *inlet)
{
    if (inlet->left > 0)
        return;
    if (inlet->state == PASSING && inlet->carriers > 0) {
        inlet->state = CARRIERS;
        inlet->left = inlet->carriers;
        return;
    }
    inlet->state = HEAD;
    inlet->head_size = 0;
}

/* What came before is good, and passes. */
static void
front_inlet_break(FrontInlet *inlet, Feed *feed, gsize end)
{
    front_inlet_pass(inlet, feed, end, TRUE);
    inlet->broken = TRUE;
}

static void
front_inlet_hold(FrontInlet *inlet, Feed *feed, gsize begin)
{
    front_inlet_pass(inlet, feed, begin, TRUE);
    inlet->state = HOLDING;
    inlet->held = g_byte_array_new();
    g_byte_array_append(inlet->held, inlet->head, (guint)inlet->head_size);
}

/* A header that is whole in the feed passes with what follows it; another one by itself. */
static void
front_inlet_let_pass(FrontInlet *inlet, Feed *feed, gboolean is_here)
{
    inlet->state = PASSING;
    if (is_here)
        return;
    feed->passed = feed->done;
    inlet->handlers->pass(inlet->head, inlet->head_size, inlet->left + inlet->carriers == 0,
                          inlet->user_data);
}

/* How much of the header has to be there before it is looked at again. */
static gsize
front_inlet_get_next_size(const FrontInlet *inlet)
{
    if (inlet->head_size < RPC_FRAME_LENGTH_SIZE)
        return RPC_FRAME_LENGTH_SIZE;
    return inlet->head_size < RPC_FRAME_MIN_SIZE ? RPC_FRAME_MIN_SIZE
                                                 : front_inlet_get_head_size(inlet);
}

/* Takes of the feed what the header lacks; decides about the frame once there is all of it. */
static void
front_inlet_take_head(FrontInlet *inlet, Feed *feed)
{
    gsize begin = feed->done;
    gboolean is_here = inlet->head_size == 0;
    gboolean good = TRUE;

    while (good && inlet->head_size < front_inlet_get_head_size(inlet) && feed->done < feed->size) {
        gsize more =
            MIN(front_inlet_get_next_size(inlet) - inlet->head_size, feed->size - feed->done);

        memcpy(inlet->head + inlet->head_size, feed->data + feed->done, more);
        inlet->head_size += more;
        feed->done += more;
        good = front_inlet_decode(inlet);
    }
    if (good && inlet->head_size < front_inlet_get_head_size(inlet)) {
        front_inlet_pass(inlet, feed, begin, TRUE);
        return;
    }
    if (!good || !front_inlet_count_carriers(inlet)) {
        front_inlet_break(inlet, feed, begin);
        return;
    }
    inlet->left = inlet->length - inlet->head_size;
    if (!inlet->handlers->judge(&inlet->frame, inlet->length, inlet->user_data))
        front_inlet_let_pass(inlet, feed, is_here);
    else if (front_inlet_has_descriptors(inlet) || inlet->length > FRONT_INLET_MAX_HELD)
        front_inlet_break(inlet, feed, begin);
    else
        front_inlet_hold(inlet, feed, begin);
}

static void
front_inlet_take_held(FrontInlet *inlet, Feed *feed)
{
    gsize more = MIN(inlet->left, feed->size - feed->done);

    g_byte_array_append(inlet->held, feed->data + feed->done, (guint)more);
    feed->done += more;
    feed->passed = feed->done;
    inlet->left -= more;
}

static void
front_inlet_finish_held(FrontInlet *inlet)
{
    g_autoptr(GByteArray) packet = g_steal_pointer(&inlet->held);

    inlet->handlers->held(&inlet->frame, packet, inlet->user_data);
}

static void
front_inlet_take_carrier(FrontInlet *inlet, Feed *feed)
{
    int fd;

    front_inlet_pass(inlet, feed, feed->done, FALSE);
    if (inlet->n_descriptors == 0) {
        inlet->broken = TRUE;
        return;
    }
    fd = inlet->descriptors[0];
    inlet->n_descriptors--;
    memmove(inlet->descriptors, inlet->descriptors + 1,
            inlet->n_descriptors * sizeof(inlet->descriptors[0]));
    feed->done++;
    feed->passed = feed->done;
    inlet->left--;
    inlet->handlers->pass_descriptor(fd, inlet->left == 0, inlet->user_data);
}

/* One step: a header, a piece of a frame, or a carrier. */
static void
front_inlet_step(FrontInlet *inlet, Feed *feed)
{
    gsize more;

    switch (inlet->state) {
    case HEAD:
        front_inlet_take_head(inlet, feed);
        if (inlet->state == HEAD)
            return;
        break;
    case PASSING:
        more = MIN(inlet->left, feed->size - feed->done);
        feed->done += more;
        inlet->left -= more;
        break;
    case HOLDING:
        front_inlet_take_held(inlet, feed);
        break;
    case CARRIERS:
        front_inlet_take_carrier(inlet, feed);
        break;
    }
    if (inlet->broken || inlet->left > 0)
        return;
    if (inlet->state == HOLDING) {
        inlet->state = HEAD;
        inlet->head_size = 0;
        front_inlet_finish_held(inlet);
    } else {
        front_inlet_advance(inlet);
    }
}

gsize
front_inlet_feed(FrontInlet *inlet, const guint8 *data, gsize size)
{
    Feed feed = { .data = data, .size = size };

    while (!inlet->broken && feed.done < size &&
           !(inlet->paused && front_inlet_is_at_boundary(inlet)))
        front_inlet_step(inlet, &feed);
    front_inlet_pass(inlet, &feed, feed.done, front_inlet_is_at_boundary(inlet));
    if (feed.done == size)
        front_inlet_drop_descriptors(inlet);
    return feed.done;
}
