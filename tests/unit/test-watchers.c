/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "watchers.h"

typedef void (*Handler)(const char *text, GString *heard);

static void
hear(const char *text, GString *heard)
{
    g_string_append(heard, text);
}

static void
hear_loud(const char *text, GString *heard)
{
    g_string_append_printf(heard, "%s!", text);
}

static void
tell(WatchersHandler handler, gpointer user_data, gconstpointer news)
{
    ((Handler)handler)(news, user_data);
}

static void
test_each_is_told_until_it_is_removed(void)
{
    g_autoptr(Watchers) watchers = watchers_new(tell);
    g_autoptr(GString) first = g_string_new(NULL);
    g_autoptr(GString) second = g_string_new(NULL);

    g_assert_true(watchers_are_none(watchers));
    watchers_tell(watchers, "to nobody");
    watchers_add(watchers, (WatchersHandler)hear, first);
    watchers_add(watchers, (WatchersHandler)hear_loud, second);
    g_assert_false(watchers_are_none(watchers));
    watchers_tell(watchers, "both");
    g_assert_true(watchers_remove(watchers, first));
    g_assert_false(watchers_remove(watchers, first));
    watchers_tell(watchers, "one");
    g_assert_cmpstr(first->str, ==, "both");
    g_assert_cmpstr(second->str, ==, "both!one!");
    g_assert_true(watchers_remove(watchers, second));
    g_assert_true(watchers_are_none(watchers));
}

static void
test_who_is_added_again_is_told_once(void)
{
    g_autoptr(Watchers) watchers = watchers_new(tell);
    g_autoptr(GString) heard = g_string_new(NULL);

    watchers_add(watchers, (WatchersHandler)hear, heard);
    watchers_add(watchers, (WatchersHandler)hear_loud, heard);
    watchers_tell(watchers, "news");
    g_assert_cmpstr(heard->str, ==, "news!");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/watchers/each-is-told-until-it-is-removed",
                    test_each_is_told_until_it_is_removed);
    g_test_add_func("/watchers/who-is-added-again-is-told-once",
                    test_who_is_added_again_is_told_once);
    return g_test_run();
}
