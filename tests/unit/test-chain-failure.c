/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-failure.h"

#include <string.h>

#include "expect.h"

#define ADDRESS "0005:00:00.0"
#define BINDING "/dev/vfio/0 100 1700000000.000000001"

static char *
make_note(void)
{
    g_autoptr(GError) problem =
        g_error_new_literal(ZPCI_ERROR, ZPCI_ERROR_IN_USE, "A guest\nhas it.");

    return chain_failure_format(ADDRESS, BINDING, problem);
}

static void
expect_none(const char *note, const char *address, const char *binding, gint64 since)
{
    g_autoptr(GError) failure = chain_failure_parse(note, address, binding, since);

    g_assert_no_error(failure);
}

static void
test_there_and_back(void)
{
    gint64 since = g_get_monotonic_time();
    g_autofree char *note = make_note();
    g_autoptr(GError) failure = chain_failure_parse(note, ADDRESS, BINDING, since);

    g_assert_nonnull(failure);
    g_assert_cmpstr(failure->message, ==, "A guest\nhas it.");
    expect_error(&failure, ZPCI_ERROR_IN_USE, "A guest");
}

static void
test_other_failures_do_not_count(void)
{
    gint64 since = g_get_monotonic_time();
    g_autofree char *note = make_note();

    expect_none(note, "0005:00:00.1", BINDING, since);
    expect_none(note, ADDRESS, "/dev/vfio/0 101 1700000000.000000001", since);
    expect_none(note, ADDRESS, BINDING, g_get_monotonic_time() + 1);
}

static void
test_damaged_notes_do_not_count(void)
{
    static const char *const notes[] = {
        "",
        "\n\n\n\n\n",
        ADDRESS "\n" BINDING "\nnow\n4\nA guest has it.\n",
        ADDRESS "\n" BINDING "\n99999999999999999999\n4\nA guest has it.\n",
        ADDRESS "\n" BINDING "\n5\n4000\nA guest has it.\n",
        ADDRESS "\n" BINDING "\n5\n-1\nA guest has it.\n",
        ADDRESS "\n" BINDING "\n5\n4\n\xff\n",
    };
    g_autofree char *note = make_note();

    expect_none(NULL, ADDRESS, BINDING, 0);
    for (guint i = 0; i < G_N_ELEMENTS(notes); i++)
        expect_none(notes[i], ADDRESS, BINDING, 0);
    for (gsize length = strlen(note) - 1; length > 0; length--) {
        note[length] = '\0';
        /* A line of the message that ends is a whole message. */
        if (note[length - 1] != '\n')
            expect_none(note, ADDRESS, BINDING, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chain-failure/there-and-back", test_there_and_back);
    g_test_add_func("/chain-failure/other-failures-do-not-count", test_other_failures_do_not_count);
    g_test_add_func("/chain-failure/damaged-notes-do-not-count", test_damaged_notes_do_not_count);
    return g_test_run();
}
