/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-names.h"

#include "expect.h"

static GPtrArray *
make(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; words[i] != NULL; i++)
        g_ptr_array_add(names, g_strdup(words[i]));
    return names;
}

static void
expect_names(GPtrArray *names, const char *expected)
{
    g_ptr_array_add(names, NULL);
    expect_strings((const char *const *)names->pdata, expected);
}

static void
test_each_is_added_once(void)
{
    g_autoptr(GPtrArray) names = make("a b");
    g_autoptr(GPtrArray) more = make("c b d c");

    node_device_names_merge(names, more, NULL);
    expect_names(names, "a b c d");
}

static void
test_limit_holds_for_what_is_added(void)
{
    g_autoptr(GPtrArray) names = make("a b");
    g_autoptr(GPtrArray) more = make("c d b");
    g_autoptr(GPtrArray) those = make("b d e");
    g_autoptr(GHashTable) limit = node_device_names_make_set(those);

    node_device_names_merge(names, more, limit);
    expect_names(names, "a b d");
}

static void
test_what_is_not_shown_is_dropped(void)
{
    g_autoptr(GPtrArray) names = make("ours shown hidden too");
    g_autoptr(GPtrArray) all = make("too hidden shown");
    g_autoptr(GPtrArray) shown = make("shown new");

    node_device_names_drop(names, all, shown);
    expect_names(names, "ours shown");
}

static void
test_one_that_is_missing(void)
{
    g_autoptr(GPtrArray) names = make("a b c");
    g_autoptr(GPtrArray) some = make("c a");
    g_autoptr(GPtrArray) other = make("c d");

    g_assert_true(node_device_names_has_all(names, some));
    g_assert_false(node_device_names_has_all(names, other));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-names/each-is-added-once", test_each_is_added_once);
    g_test_add_func("/node-device-names/limit-holds-for-what-is-added",
                    test_limit_holds_for_what_is_added);
    g_test_add_func("/node-device-names/what-is-not-shown-is-dropped",
                    test_what_is_not_shown_is_dropped);
    g_test_add_func("/node-device-names/one-that-is-missing", test_one_that_is_missing);
    return g_test_run();
}
