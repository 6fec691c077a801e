/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"

/**
 * ZpciPlaces:
 *
 * How many threads may do at once what keeps a processor busy. Who waits for somebody else
 * meanwhile does not keep its place.
 */
typedef struct _ZpciPlaces ZpciPlaces;

/** zpci_places_new: (transfer full): so many places, all free. */
ZPCI_EXPORT ZpciPlaces *zpci_places_new(guint number);

/** zpci_places_free: all have to be free. */
ZPCI_EXPORT void zpci_places_free(ZpciPlaces *places);

/** zpci_places_take: waits for a free place; this thread, which must have none, has it then.
 */
ZPCI_EXPORT void zpci_places_take(ZpciPlaces *places);

/** zpci_places_leave: this thread's place is free. */
ZPCI_EXPORT void zpci_places_leave(void);

/**
 * zpci_places_begin_waiting:
 *
 * This thread is about to wait for another process, or for a thread that may do so. Its place is
 * free meanwhile, if it has one.
 */
ZPCI_EXPORT void zpci_places_begin_waiting(void);

/**
 * zpci_places_end_waiting:
 *
 * After that, waits for a place again. No lock may be held here that somebody with a place may
 * want.
 */
ZPCI_EXPORT void zpci_places_end_waiting(void);
