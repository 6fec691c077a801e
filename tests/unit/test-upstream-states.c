/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-states.h"

#define DEFINED UPSTREAM_STATE_DEFINED
#define ACTIVE UPSTREAM_STATE_ACTIVE

static GString *told;

static void
on_event(ZpciEvent event, const char *name, G_GNUC_UNUSED gpointer user_data)
{
    static const char *const signs[] = {
        [ZPCI_EVENT_CREATED] = "+",
        [ZPCI_EVENT_DELETED] = "-",
        [ZPCI_EVENT_UPDATED] = "~",
        [ZPCI_EVENT_DEFINED] = "defined:",
        [ZPCI_EVENT_UNDEFINED] = "undefined:",
    };

    g_string_append_printf(told, "%s%s ", signs[event], name);
}

static void
expect_told(const char *expected)
{
    g_assert_cmpstr(told->str, ==, expected);
    g_string_truncate(told, 0);
}

/* Ends with a NULL name. */
static GHashTable *
list_of(const char *name, ...)
{
    GHashTable *there = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    va_list arguments;

    va_start(arguments, name);
    for (; name != NULL; name = va_arg(arguments, const char *))
        g_hash_table_insert(there, g_strdup(name), GUINT_TO_POINTER(va_arg(arguments, guint)));
    va_end(arguments);
    return there;
}

static UpstreamStates *
begin(void)
{
    told = g_string_new(NULL);
    return upstream_states_new(on_event, NULL);
}

static void
end(UpstreamStates *states)
{
    upstream_states_free(states);
    g_string_free(told, TRUE);
}

static void
test_what_was_there_is_no_news(void)
{
    UpstreamStates *states = begin();

    upstream_states_replace(states, 1, list_of("a", ACTIVE, NULL), TRUE);
    expect_told("");
    g_assert_true(upstream_states_is_active(states, "a"));
    upstream_states_note(states, 1, ZPCI_EVENT_CREATED, "a");
    expect_told("");
    upstream_states_note(states, 1, ZPCI_EVENT_UPDATED, "a");
    upstream_states_note(states, 1, ZPCI_EVENT_DELETED, "a");
    upstream_states_note(states, 1, ZPCI_EVENT_DELETED, "a");
    upstream_states_note(states, 1, ZPCI_EVENT_CREATED, "b");
    expect_told("~a -a +b ");
    end(states);
}

static void
test_a_new_connection_tells_what_came_and_went(void)
{
    UpstreamStates *states = begin();

    upstream_states_replace(states, 1, list_of("gone", ACTIVE, "stays", ACTIVE, NULL), TRUE);
    upstream_states_replace(states, 2, list_of("stays", ACTIVE, "new", ACTIVE, NULL), FALSE);
    expect_told("-gone +new ");
    end(states);
}

static void
test_mediated_devices_are_defined_and_started(void)
{
    UpstreamStates *states = begin();

    upstream_states_replace(states, 1, list_of(NULL), TRUE);
    upstream_states_note(states, 1, ZPCI_EVENT_DEFINED, "m");
    upstream_states_note(states, 1, ZPCI_EVENT_CREATED, "m");
    upstream_states_note(states, 1, ZPCI_EVENT_DELETED, "m");
    expect_told("defined:m +m -m ");
    g_assert_false(upstream_states_is_active(states, "m"));
    upstream_states_replace(states, 2, list_of("m", DEFINED, NULL), FALSE);
    expect_told("");
    upstream_states_replace(states, 3, list_of("m", DEFINED | ACTIVE, NULL), FALSE);
    expect_told("+m ");
    upstream_states_replace(states, 4, list_of(NULL), FALSE);
    expect_told("-m undefined:m ");
    upstream_states_replace(states, 5, list_of("n", DEFINED, NULL), FALSE);
    expect_told("defined:n ");
    end(states);
}

static void
test_events_before_the_list_wait_for_it(void)
{
    UpstreamStates *states = begin();

    upstream_states_note(states, 1, ZPCI_EVENT_CREATED, "listed");
    upstream_states_note(states, 1, ZPCI_EVENT_CREATED, "late");
    upstream_states_note(states, 2, ZPCI_EVENT_CREATED, "next");
    expect_told("");
    upstream_states_replace(states, 1, list_of("listed", ACTIVE, NULL), TRUE);
    expect_told("+late ");
    upstream_states_note(states, 0, ZPCI_EVENT_DELETED, "late");
    expect_told("");
    upstream_states_replace(states, 2, list_of("listed", ACTIVE, NULL), FALSE);
    expect_told("-late +next ");
    end(states);
}

static void
test_without_a_list_nothing_is_left_out(void)
{
    UpstreamStates *states = begin();

    upstream_states_replace(states, 1, NULL, TRUE);
    upstream_states_note(states, 1, ZPCI_EVENT_DELETED, "a");
    upstream_states_note(states, 1, ZPCI_EVENT_CREATED, "a");
    expect_told("-a +a ");
    end(states);
}

static void
test_what_was_told_otherwise_is_not_told_again(void)
{
    UpstreamStates *states = begin();

    upstream_states_replace(states, 1, list_of("a", ACTIVE, NULL), TRUE);
    upstream_states_forget(states, "a");
    upstream_states_replace(states, 2, list_of(NULL), FALSE);
    expect_told("");
    end(states);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/upstream-states/what-was-there-is-no-news", test_what_was_there_is_no_news);
    g_test_add_func("/upstream-states/a-new-connection-tells-what-came-and-went",
                    test_a_new_connection_tells_what_came_and_went);
    g_test_add_func("/upstream-states/mediated-devices-are-defined-and-started",
                    test_mediated_devices_are_defined_and_started);
    g_test_add_func("/upstream-states/events-before-the-list-wait-for-it",
                    test_events_before_the_list_wait_for_it);
    g_test_add_func("/upstream-states/without-a-list-nothing-is-left-out",
                    test_without_a_list_nothing_is_left_out);
    g_test_add_func("/upstream-states/what-was-told-otherwise-is-not-told-again",
                    test_what_was_told_otherwise_is_not_told_again);
    return g_test_run();
}
