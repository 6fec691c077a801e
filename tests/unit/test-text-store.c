/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "text-store.h"

static void
assert_text(TextStore *store, const char *name, const char *stamp, const char *expected)
{
    g_autofree char *known = NULL;
    g_autofree char *text = text_store_find(store, name, &known);

    g_assert_cmpstr(text, ==, expected);
    g_assert_cmpstr(known, ==, stamp);
}

static void
test_text_has_the_stamp_it_was_kept_with(void)
{
    g_autoptr(TextStore) store = text_store_new();

    assert_text(store, "a", NULL, NULL);
    text_store_keep(store, "a", "1", "<a/>");
    text_store_keep(store, "b", "", "");
    assert_text(store, "a", "1", "<a/>");
    assert_text(store, "b", "", "");
    assert_text(store, "c", NULL, NULL);
    text_store_keep(store, "a", "2", "<a new='yes'/>");
    assert_text(store, "a", "2", "<a new='yes'/>");
}

static void
test_store_never_holds_more_than_its_maximum(void)
{
    g_autoptr(TextStore) store = text_store_new();

    for (guint i = 0; i < TEXT_STORE_MAX; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);

        text_store_keep(store, name, "1", name);
    }
    assert_text(store, "0", "1", "0");
    text_store_keep(store, "one more", "1", "text");
    assert_text(store, "one more", "1", "text");
    assert_text(store, "0", NULL, NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text-store/stamp", test_text_has_the_stamp_it_was_kept_with);
    g_test_add_func("/text-store/full", test_store_never_holds_more_than_its_maximum);
    return g_test_run();
}
