/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-config-key.h"

#include "expect.h"
#include "rpc-connection.h"

static void
set(DaemonConfig *config, const char *name, const char *value)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(daemon_config_key_set(daemon_config_key_find(name), config, value, &error));
    g_assert_no_error(error);
}

static void
refuse(DaemonConfig *config, const char *name, const char *value, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(daemon_config_key_set(daemon_config_key_find(name), config, value, &error));
    g_assert_true(g_str_has_prefix(error->message, name));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, part);
}

static void
test_names_are_found(void)
{
    for (guint i = 0; i < DAEMON_CONFIG_KEYS; i++)
        g_assert_cmpuint(daemon_config_key_find(daemon_config_key_get_name(i)), ==, i);
    g_assert_cmpuint(daemon_config_key_find(""), ==, DAEMON_CONFIG_KEYS);
    g_assert_cmpuint(daemon_config_key_find("max_client"), ==, DAEMON_CONFIG_KEYS);
    g_assert_cmpuint(daemon_config_key_find("MAX_CLIENTS"), ==, DAEMON_CONFIG_KEYS);
}

/* Those of libvirt's own daemons. */
static void
test_defaults(void)
{
    g_auto(DaemonConfig) config = { 0 };

    daemon_config_set_defaults(&config);
    g_assert_cmpuint(config.max_clients, ==, 5000);
    g_assert_cmpuint(config.max_queued_clients, ==, 1000);
    g_assert_cmpuint(config.max_anonymous_clients, ==, 20);
    g_assert_cmpuint(config.max_workers, ==, 20);
    g_assert_cmpuint(config.max_client_requests, ==, 5);
    g_assert_cmpuint(config.max_message_bytes, ==, RPC_FRAME_MAX_SIZE);
    g_assert_cmpuint(config.max_client_outgoing_bytes, ==, RPC_CONNECTION_MAX_QUEUED);
    g_assert_cmpuint(config.keepalive_interval, ==, 5);
    g_assert_cmpuint(config.keepalive_count, ==, 5);
    g_assert_cmpuint(config.auth_unix_ro, ==, DAEMON_AUTH_POLKIT);
    g_assert_cmpuint(config.auth_unix_rw, ==, DAEMON_AUTH_POLKIT);
    g_assert_cmpuint(config.access_drivers, ==, DAEMON_AUTH_NONE);
    g_assert_cmpuint(config.unix_sock_rw_perms, ==, DAEMON_CONFIG_MODE_BY_AUTH);
    g_assert_null(config.unix_sock_group);
}

static void
test_values_of_each_kind(void)
{
    g_auto(DaemonConfig) config = { 0 };

    daemon_config_set_defaults(&config);
    set(&config, "max_clients", "1");
    g_assert_cmpuint(config.max_clients, ==, 1);
    set(&config, "auth_unix_rw", "none");
    g_assert_cmpuint(config.auth_unix_rw, ==, DAEMON_AUTH_NONE);
    set(&config, "unix_sock_rw_perms", "0666");
    g_assert_cmphex(config.unix_sock_rw_perms, ==, 0666);
    set(&config, "unix_sock_group", "libvirt");
    set(&config, "unix_sock_group", "kvm");
    g_assert_cmpstr(config.unix_sock_group, ==, "kvm");
    set(&config, "unix_sock_group", "");
    g_assert_null(config.unix_sock_group);
}

static void
test_wrong_values_change_nothing(void)
{
    g_auto(DaemonConfig) config = { 0 };

    daemon_config_set_defaults(&config);
    refuse(&config, "max_clients", "0", "from 1 to 100000");
    refuse(&config, "max_clients", "4294967297", "from 1 to 100000");
    refuse(&config, "max_client_outgoing_bytes", "33554435", "from 33554436 to 1073741824");
    refuse(&config, "keepalive_interval", "-1", "from 0 to 86400");
    refuse(&config, "auth_unix_rw", "sasl", "one of: none, polkit");
    refuse(&config, "unix_sock_rw_perms", "1777", "in octal");
    g_assert_cmpuint(config.max_clients, ==, 5000);
    g_assert_cmpuint(config.keepalive_interval, ==, 5);
    g_assert_cmpuint(config.auth_unix_rw, ==, DAEMON_AUTH_POLKIT);
    g_assert_cmpuint(config.unix_sock_rw_perms, ==, DAEMON_CONFIG_MODE_BY_AUTH);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-config-key/names-are-found", test_names_are_found);
    g_test_add_func("/daemon-config-key/defaults", test_defaults);
    g_test_add_func("/daemon-config-key/values-of-each-kind", test_values_of_each_kind);
    g_test_add_func("/daemon-config-key/wrong-values-change-nothing",
                    test_wrong_values_change_nothing);
    return g_test_run();
}
