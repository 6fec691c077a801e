/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-libvirtd-config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "expect.h"

static gboolean
load(const char *text, DaemonConfig *config, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("libvirtd-XXXXXX.conf", &path, NULL);
    gboolean good;

    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    daemon_config_set_defaults(config);
    good = daemon_libvirtd_config_load(path, config, error);
    g_assert_cmpint(g_unlink(path), ==, 0);
    return good;
}

static void
expect_values(const char *text, guint ro, guint rw, guint access, guint clients)
{
    g_auto(DaemonConfig) config = { 0 };
    g_autoptr(GError) error = NULL;

    load(text, &config, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(config.auth_unix_ro, ==, ro);
    g_assert_cmpuint(config.auth_unix_rw, ==, rw);
    g_assert_cmpuint(config.access_drivers, ==, access);
    g_assert_cmpuint(config.max_clients, ==, clients);
}

static void
test_values(void)
{
    const guint none = DAEMON_AUTH_NONE, polkit = DAEMON_AUTH_POLKIT;

    expect_values("", polkit, polkit, none, 5000);
    expect_values("#auth_unix_rw = \"sasl\"\n", polkit, polkit, none, 5000);
    expect_values("auth_unix_ro = \"none\"", none, polkit, none, 5000);
    expect_values("auth_unix_rw='none'\nmax_clients = 7 # few\n", polkit, none, none, 7);
    expect_values("access_drivers = [ \"polkit\" ]", polkit, polkit, polkit, 5000);
    expect_values("access_drivers = [\n  \"polkit\",\n]\n", polkit, polkit, polkit, 5000);
    expect_values("access_drivers = []", polkit, polkit, none, 5000);
    expect_values("access_drivers = \"polkit\"", polkit, polkit, polkit, 5000);
    /* What is not our business may have any value. */
    expect_values("auth_tls = \"sasl\"\nlist = [ \"auth_unix_rw\", \"none\" ]\nmax_clients = 0",
                  polkit, polkit, none, 0);
}

static void
expect_refusal(const char *text, const char *where)
{
    g_auto(DaemonConfig) config = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_false(load(text, &config, &error));
    g_assert_nonnull(strstr(error->message, where));
    /* Nothing has been taken over. */
    g_assert_cmpuint(config.auth_unix_rw, ==, DAEMON_AUTH_POLKIT);
    g_assert_cmpuint(config.access_drivers, ==, DAEMON_AUTH_NONE);
}

static void
test_refusals(void)
{
    expect_refusal("auth_unix_rw = \"sasl\"", ".conf:1: auth_unix_rw: ");
    expect_refusal("\n\nauth_unix_ro = \"sasl\"", ".conf:3: auth_unix_ro: ");
    expect_refusal("auth_unix_rw = \"none\"\naccess_drivers = [ \"polkit\", \"other\" ]",
                   ".conf:2: access_drivers: ");
    expect_refusal("auth_unix_rw = none", "auth_unix_rw: ");
    expect_refusal("auth_unix_rw =", "auth_unix_rw: ");
    expect_refusal("auth_unix_rw = [ \"none\"", "auth_unix_rw: ");
    expect_refusal("max_clients = \"7\"", "max_clients: ");
    expect_refusal("max_clients = 100001", "max_clients: ");
    expect_refusal("auth_unix_rw = \"none\"\nauth_unix_rw = \"none\"", ":2: auth_unix_rw: ");
}

static void
test_files(void)
{
    g_auto(DaemonConfig) config = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *large = g_strnfill(DAEMON_LIBVIRTD_CONFIG_MAX_SIZE + 1, '\n');

    g_assert_true(daemon_libvirtd_config_load("/nowhere/libvirtd.conf", &config, &error));
    g_assert_cmpuint(config.auth_unix_rw, ==, DAEMON_AUTH_POLKIT);
    g_assert_false(daemon_libvirtd_config_load("/", &config, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_false(load(large, &config, &error));
    g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-libvirtd-config/values", test_values);
    g_test_add_func("/daemon-libvirtd-config/refusals", test_refusals);
    g_test_add_func("/daemon-libvirtd-config/files", test_files);
    return g_test_run();
}
