/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-remote.h"

#include "expect.h"

/* What a host with functions shows is in tests/tools/test_tool_hosts.py. */
static void
test_host_without_functions(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = zpci_remote_read("test:///default", ZPCI_STATE_ANY, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(rows->len, ==, 0);
}

static void
test_nobody_there(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_remote_read("test:///nowhere", ZPCI_STATE_ANY, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "Connecting to libvirt failed: ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-remote/host-without-functions", test_host_without_functions);
    g_test_add_func("/zpci-remote/nobody-there", test_nobody_there);
    return g_test_run();
}
