/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-link.h"

#include "libvirt-library.h"
#include "zpci-error.h"

/* A link with a connection that uses get. */
static UpstreamLink *
link_up(virConnectPtr *connection, guint *number)
{
    UpstreamLink *link = upstream_link_new("test:///default", FALSE);

    *connection = upstream_link_open(link, number);
    g_assert_nonnull(*connection);
    g_assert_true(upstream_link_publish(link, *connection));
    return link;
}

static void
link_down(UpstreamLink *link, virConnectPtr connection)
{
    libvirt_library.virConnectClose(connection);
    upstream_link_end(link);
    upstream_link_stop(link);
    upstream_link_unref(link);
}

static void
assert_no_use(UpstreamLink *link, const char *reason)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(upstream_link_use(link, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
    g_assert_nonnull(g_strstr_len(error->message, -1, reason));
}

static void
test_without_a_connection_there_is_a_reason(void)
{
    UpstreamLink *link = upstream_link_new("nodedev+unix:///system?socket=/nowhere/socket", TRUE);
    guint number = 0;

    g_assert_null(upstream_link_open(link, &number));
    g_assert_cmpuint(number, ==, 1);
    g_assert_false(upstream_link_is_up(link));
    assert_no_use(link, "/nowhere/socket");
    upstream_link_await_end(link);
    link_down(link, NULL);
}

static void
test_work_that_is_done_is_seen(void)
{
    guint number, used = 0;
    virConnectPtr connection;
    UpstreamLink *link = link_up(&connection, &number);
    UpstreamLinkUse *use = upstream_link_use(link, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_true(upstream_link_use_get_connection(use, &used) == connection);
    g_assert_cmpuint(used, ==, number);
    g_assert_true(upstream_link_use_finish(use));
    g_assert_true(upstream_link_use_await(use, 0, &error));
    g_assert_no_error(error);
    upstream_link_use_free(use);
    link_down(link, connection);
}

static void
test_a_lost_connection_ends_the_waiting(void)
{
    guint number, next;
    virConnectPtr connection;
    UpstreamLink *link = link_up(&connection, &number);
    UpstreamLinkUse *use = upstream_link_use(link, NULL);
    g_autoptr(GError) error = NULL;

    upstream_link_lose(link, "of another", number + 1);
    g_assert_true(upstream_link_is_up(link));
    upstream_link_lose(link, "The wire broke.", number);
    upstream_link_lose(link, "Told again.", number);
    upstream_link_await_end(link);
    g_assert_false(upstream_link_use_await(use, 0, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
    g_assert_nonnull(g_strstr_len(error->message, -1, "The wire broke."));
    g_assert_false(upstream_link_use_finish(use));
    upstream_link_use_free(use);
    assert_no_use(link, "The wire broke.");
    libvirt_library.virConnectClose(connection);

    /* The next one begins incomplete: something may have happened meanwhile. */
    connection = upstream_link_open(link, &next);
    g_assert_cmpuint(next, ==, number + 1);
    g_assert_false(upstream_link_publish(link, connection));
    g_assert_true(upstream_link_is_up(link));
    link_down(link, connection);
}

static void
test_while_work_hangs_no_more_is_begun(void)
{
    guint number;
    virConnectPtr connection;
    UpstreamLink *link = link_up(&connection, &number);
    UpstreamLinkUse *use = upstream_link_use(link, NULL);
    g_autoptr(GError) busy = NULL;
    g_autoptr(GError) more = NULL;

    g_assert_true(upstream_link_check_hanging(link, NULL));
    g_assert_false(upstream_link_use_await(use, 1, &busy));
    g_assert_error(busy, ZPCI_ERROR, ZPCI_ERROR_IN_USE);
    g_assert_false(upstream_link_check_hanging(link, &more));
    g_assert_error(more, ZPCI_ERROR, ZPCI_ERROR_IN_USE);
    g_assert_false(upstream_link_use_finish(use));
    upstream_link_use_free(use);
    g_assert_true(upstream_link_check_hanging(link, NULL));
    link_down(link, connection);
}

static void
test_who_stops_does_not_pause(void)
{
    guint number;
    virConnectPtr connection;
    UpstreamLink *link = link_up(&connection, &number);

    upstream_link_end(link);
    upstream_link_stop(link);
    upstream_link_await_end(link);
    g_assert_false(upstream_link_pause(link, 1000));
    link_down(link, connection);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(libvirt_library_load(NULL));
    libvirt_library.virInitialize();
    g_test_add_func("/upstream-link/without-a-connection-there-is-a-reason",
                    test_without_a_connection_there_is_a_reason);
    g_test_add_func("/upstream-link/work-that-is-done-is-seen", test_work_that_is_done_is_seen);
    g_test_add_func("/upstream-link/a-lost-connection-ends-the-waiting",
                    test_a_lost_connection_ends_the_waiting);
    g_test_add_func("/upstream-link/while-work-hangs-no-more-is-begun",
                    test_while_work_hangs_no_more_is_begun);
    g_test_add_func("/upstream-link/who-stops-does-not-pause", test_who_stops_does_not_pause);
    return g_test_run();
}
