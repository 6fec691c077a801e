/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-places.h"

#define PLACES 2

typedef struct {
    ZpciPlaces *places;
    GMutex lock;
    GCond changed;
    guint waiting;
    guint working;
    guint most;
    gboolean may_go;
} Shared;

static gpointer
wait_with_a_place(gpointer data)
{
    Shared *shared = data;

    zpci_places_take(shared->places);
    zpci_places_begin_waiting();
    g_mutex_lock(&shared->lock);
    shared->waiting++;
    g_cond_broadcast(&shared->changed);
    while (!shared->may_go)
        g_cond_wait(&shared->changed, &shared->lock);
    g_mutex_unlock(&shared->lock);
    zpci_places_end_waiting();

    g_mutex_lock(&shared->lock);
    shared->working++;
    shared->most = MAX(shared->most, shared->working);
    g_mutex_unlock(&shared->lock);
    g_thread_yield();
    g_mutex_lock(&shared->lock);
    shared->working--;
    g_mutex_unlock(&shared->lock);
    zpci_places_leave();
    return NULL;
}

/* More threads than places wait at once, which would never happen if they kept them; this one gets
 * a place meanwhile. Afterwards no more than that go on at once. */
static void
test_who_waits_gives_its_place_back(void)
{
    Shared shared = { .places = zpci_places_new(PLACES) };
    GThread *threads[PLACES * 4];

    g_mutex_init(&shared.lock);
    g_cond_init(&shared.changed);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("waits", wait_with_a_place, &shared);
    g_mutex_lock(&shared.lock);
    while (shared.waiting < G_N_ELEMENTS(threads))
        g_cond_wait(&shared.changed, &shared.lock);
    g_mutex_unlock(&shared.lock);
    zpci_places_take(shared.places);

    g_mutex_lock(&shared.lock);
    shared.may_go = TRUE;
    g_cond_broadcast(&shared.changed);
    g_mutex_unlock(&shared.lock);
    zpci_places_leave();
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    g_assert_cmpuint(shared.most, >=, 1);
    g_assert_cmpuint(shared.most, <=, PLACES);
    g_mutex_clear(&shared.lock);
    g_cond_clear(&shared.changed);
    zpci_places_free(shared.places);
}

static void
test_who_has_none_has_none_to_give_back(void)
{
    ZpciPlaces *places = zpci_places_new(1);

    zpci_places_begin_waiting();
    zpci_places_end_waiting();
    zpci_places_take(places);
    zpci_places_leave();
    zpci_places_take(places);
    zpci_places_leave();
    zpci_places_free(places);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-places/who-waits-gives-its-place-back",
                    test_who_waits_gives_its_place_back);
    g_test_add_func("/zpci-places/who-has-none-has-none-to-give-back",
                    test_who_has_none_has_none_to_give_back);
    return g_test_run();
}
