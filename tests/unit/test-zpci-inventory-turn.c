/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory-turn.h"

#include "expect.h"
#include "source-double.h"

#define ANSWERS (-1)

/* Asks two sources for the parent of "wanted". */
static gboolean
ask(SourceDouble *first, SourceDouble *second, GError **error)
{
    g_autoptr(GPtrArray) sources =
        g_ptr_array_new_with_free_func((GDestroyNotify)node_device_source_unref);
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_turn_begin(sources, "wanted");
    g_autofree char *parent = NULL;

    g_ptr_array_add(sources, node_device_source_ref(&first->source));
    g_ptr_array_add(sources, node_device_source_ref(&second->source));
    while (zpci_inventory_turn_next(&turn, error)) {
        if (turn.source->table->get_parent(turn.source, "wanted", &parent, &turn.problem))
            return TRUE;
    }
    return FALSE;
}

typedef struct {
    const char *first;
    int first_code;
    const char *second;
    int second_code;
    int expected; /* the code; ANSWERS if one of them does */
    const char *message;
    gboolean second_asked;
} Case;

static void
check(const Case *expected)
{
    SourceDouble *first = source_double_new(expected->first, NULL, expected->first_code);
    SourceDouble *second = source_double_new(expected->second, NULL, expected->second_code);
    g_autoptr(GError) error = NULL;
    gboolean answered = ask(first, second, &error);

    g_assert_true(answered == (expected->expected == ANSWERS));
    g_assert_cmpuint(second->asked > 0, ==, expected->second_asked);
    if (!answered)
        expect_error(&error, expected->expected, expected->message);
    g_assert_no_error(error);
    node_device_source_unref(&first->source);
    node_device_source_unref(&second->source);
}

static void
test_who_has_the_device_answers(void)
{
    static const Case cases[] = {
        { "wanted", ANSWERS, "wanted", ANSWERS, ANSWERS, NULL, FALSE },
        { "first", ANSWERS, "wanted", ANSWERS, ANSWERS, NULL, TRUE },
        { "wanted", ZPCI_ERROR_UNREACHABLE, "wanted", ANSWERS, ANSWERS, NULL, TRUE },
        { "wanted", ANSWERS, "second", ANSWERS, ANSWERS, NULL, FALSE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        check(&cases[i]);
}

static void
test_whose_error_counts(void)
{
    static const Case cases[] = {
        /* Nobody has it: the first. */
        { "first", ANSWERS, "second", ANSWERS, ZPCI_ERROR_NOT_FOUND, "of first", TRUE },
        { "first", ZPCI_ERROR_UNREACHABLE, "second", ANSWERS, ZPCI_ERROR_UNREACHABLE, "of first",
          TRUE },
        /* The first has it and refuses. */
        { "wanted", ZPCI_ERROR_FOREIGN, "wanted", ANSWERS, ZPCI_ERROR_FOREIGN, "of wanted", FALSE },
        /* The second has it, and what it says counts, whatever that is. */
        { "first", ANSWERS, "wanted", ZPCI_ERROR_IN_USE, ZPCI_ERROR_IN_USE, "of wanted", TRUE },
        { "first", ANSWERS, "wanted", ZPCI_ERROR_NOT_FOUND, ZPCI_ERROR_NOT_FOUND, "of wanted",
          TRUE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        check(&cases[i]);
}

/* The second has the device and loses it while it answers: that is an answer. */
static void
test_nobody_is_asked_after_who_has_the_device(void)
{
    SourceDouble *doubles[] = { source_double_new("first", NULL, ANSWERS),
                                source_double_new("wanted", NULL, ZPCI_ERROR_NOT_FOUND),
                                source_double_new("wanted", NULL, ANSWERS) };
    g_autoptr(GPtrArray) sources =
        g_ptr_array_new_with_free_func((GDestroyNotify)node_device_source_unref);
    g_auto(ZpciInventoryTurn) turn = zpci_inventory_turn_begin(sources, "wanted");
    g_autoptr(GError) error = NULL;
    char *parent = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(doubles); i++)
        g_ptr_array_add(sources, doubles[i]);
    while (zpci_inventory_turn_next(&turn, &error))
        g_assert_false(
            turn.source->table->get_parent(turn.source, "wanted", &parent, &turn.problem));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "of wanted");
    g_assert_cmpuint(doubles[2]->asked, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-inventory-turn/who-has-the-device-answers",
                    test_who_has_the_device_answers);
    g_test_add_func("/zpci-inventory-turn/whose-error-counts", test_whose_error_counts);
    g_test_add_func("/zpci-inventory-turn/nobody-is-asked-after-who-has-the-device",
                    test_nobody_is_asked_after_who_has_the_device);
    return g_test_run();
}
