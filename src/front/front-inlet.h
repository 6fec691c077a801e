/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "rpc-frame.h"

/* A longer frame cannot be held. */
#define FRONT_INLET_MAX_HELD (8 * 1024 * 1024)

/**
 * FrontInlet:
 *
 * Cuts what comes in from one socket into frames: most pass on as they come, piece by piece; a few
 * are held until they are whole. File descriptors pass with their frame; one that has any, or is
 * long, cannot be held.
 */
typedef struct _FrontInlet FrontInlet;

/**
 * FrontInletHandlers:
 * @judge: a frame of @length bytes begins. Returns: whether to hold it. If it cannot be held, the
 *   stream is broken.
 * @held: a frame that was held is whole; @packet is borrowed
 * @pass: a piece of the frames that pass; @is_whole: it ends where a frame does
 * @pass_descriptor: (transfer full of @fd): one of a frame that passes, with its byte
 *
 * All are called from front_inlet_feed(), and may call front_inlet_set_paused().
 */
typedef struct {
    gboolean (*judge)(const RpcFrame *frame, guint32 length, gpointer user_data);
    void (*held)(const RpcFrame *frame, const GByteArray *packet, gpointer user_data);
    void (*pass)(const guint8 *data, gsize size, gboolean is_whole, gpointer user_data);
    void (*pass_descriptor)(int fd, gboolean is_whole, gpointer user_data);
} FrontInletHandlers;

/**
 * front_inlet_new:
 * @handlers: static
 *
 * Returns: (transfer full): an inlet into which nothing has come; never fails.
 */
FrontInlet *front_inlet_new(const FrontInletHandlers *handlers, gpointer user_data);

/**
 * front_inlet_free:
 * @inlet: (transfer full) (nullable): %NULL does nothing
 */
void front_inlet_free(FrontInlet *inlet);

/** front_inlet_set_max_packet: whoever sends a longer frame breaks the stream. */
void front_inlet_set_max_packet(FrontInlet *inlet, guint max_packet);

/**
 * front_inlet_add_descriptor:
 * @fd: (transfer full): came with the last of the bytes that front_inlet_feed() gets next
 *
 * More than one frame may have break the stream.
 */
void front_inlet_add_descriptor(FrontInlet *inlet, int fd);

/**
 * front_inlet_feed:
 *
 * Takes in what has come, up to the end of the frame during which it was paused. Descriptors that
 * came with bytes that are not there for one are closed, as the kernel closes those that nobody
 * asks for.
 *
 * Returns: how many bytes were taken in.
 */
gsize front_inlet_feed(FrontInlet *inlet, const guint8 *data, gsize size);

/** front_inlet_set_paused: while paused, no frame is begun. */
void front_inlet_set_paused(FrontInlet *inlet, gboolean paused);

/** front_inlet_is_broken: whether the stream broke the framing, and cannot be followed further. */
gboolean front_inlet_is_broken(const FrontInlet *inlet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrontInlet, front_inlet_free)
