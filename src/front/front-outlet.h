/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * FrontOutlet:
 *
 * What goes out to one socket: the frames that somebody else sends, piece by piece as they come,
 * with their file descriptors, and whole packets of our own between them. What the socket does not
 * take at once waits.
 */
typedef struct _FrontOutlet FrontOutlet;

/**
 * front_outlet_new:
 * @fd: a non-blocking stream socket of the Unix domain; borrowed
 *
 * Returns: (transfer full): the outlet; never fails.
 */
FrontOutlet *front_outlet_new(int fd);

/**
 * front_outlet_free:
 * @outlet: (transfer full) (nullable): %NULL does nothing
 *
 * Closes the descriptors that were not sent.
 */
void front_outlet_free(FrontOutlet *outlet);

/**
 * front_outlet_put:
 * @data: a piece of the frames that are passed on
 */
void front_outlet_put(FrontOutlet *outlet, const guint8 *data, gsize size);

/**
 * front_outlet_put_descriptor:
 * @fd: (transfer full): goes out with a byte of its own
 */
void front_outlet_put_descriptor(FrontOutlet *outlet, int fd);

/**
 * front_outlet_set_within:
 * @within: whether a frame is put of which a piece is still to come; nothing may come between
 */
void front_outlet_set_within(FrontOutlet *outlet, gboolean within);

/**
 * front_outlet_send:
 * @packet: a whole packet of our own, which goes out when no frame is in the middle; copied
 */
void front_outlet_send(FrontOutlet *outlet, const guint8 *packet, gsize size);

/** front_outlet_flush: sends what waits, as far as the socket takes it. */
void front_outlet_flush(FrontOutlet *outlet);

/** front_outlet_get_unsent: how many bytes wait for the socket. */
gsize front_outlet_get_unsent(const FrontOutlet *outlet);

/** front_outlet_get_waiting: the same, and those that wait for the end of a frame. */
gsize front_outlet_get_waiting(const FrontOutlet *outlet);

/** front_outlet_is_broken: whether the socket takes nothing any more. */
gboolean front_outlet_is_broken(const FrontOutlet *outlet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrontOutlet, front_outlet_free)
