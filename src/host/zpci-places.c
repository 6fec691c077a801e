/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-places.h"

struct _ZpciPlaces {
    GMutex lock;
    GCond freed;
    guint free;
};

/* Those of which this thread has one, also while it waits. */
static _Thread_local ZpciPlaces *own;

static void
zpci_places_get(ZpciPlaces *places)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&places->lock);

    while (places->free == 0)
        g_cond_wait(&places->freed, &places->lock);
    places->free--;
}

static void
zpci_places_put(ZpciPlaces *places)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&places->lock);

    places->free++;
    g_cond_signal(&places->freed);
}

ZpciPlaces *
zpci_places_new(guint number)
{
    ZpciPlaces *places = g_new0(ZpciPlaces, 1);

    g_mutex_init(&places->lock);
    g_cond_init(&places->freed);
    places->free = number;
    return places;
}

void
zpci_places_free(ZpciPlaces *places)
{
    g_mutex_clear(&places->lock);
    g_cond_clear(&places->freed);
    g_free(places);
}

void
zpci_places_take(ZpciPlaces *places)
{
    g_return_if_fail(own == NULL);
    zpci_places_get(places);
    own = places;
}

void
zpci_places_leave(void)
{
    zpci_places_put(own);
    own = NULL;
}

void
zpci_places_begin_waiting(void)
{
    if (own != NULL)
        zpci_places_put(own);
}

void
zpci_places_end_waiting(void)
{
    if (own != NULL)
        zpci_places_get(own);
}
