/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-caller.h"

#include "expect.h"
#include "libvirt-library.h"

#define TEST_DRIVER "test:///default"

/* How often an identity was set, and whether that is good: libvirt's test driver cannot. */
static gint identities;
static gboolean takes_identity;

/* libvirt's own. */
static __typeof__(virConnectSetIdentity) *set_identity;

/* This stands in for libvirt's function. */
static int
take_identity(virConnectPtr connection, virTypedParameterPtr params, int count, unsigned int flags)
{
    g_atomic_int_inc(&identities);
    return takes_identity ? 0 : set_identity(connection, params, count, flags);
}

typedef struct {
    virConnectPtr seen; /* compared only */
    gboolean good;
} Data;

static gboolean
work(virConnectPtr connection, gpointer user_data)
{
    Data *data = user_data;

    data->seen = connection;
    return data->good || libvirt_library.virNodeDeviceLookupByName(connection, "nobody") != NULL;
}

static gboolean
run(UpstreamCaller *caller, gboolean good, virConnectPtr *seen, GError **error)
{
    Data *data = g_atomic_rc_box_new0(Data);
    gboolean result;

    data->good = good;
    result = upstream_caller_run(caller, work, data, NULL, error);
    if (seen != NULL)
        *seen = data->seen;
    g_atomic_rc_box_release(data);
    return result;
}

static GVariant *
somebody(guint64 uid)
{
    GVariantDict fields;

    g_variant_dict_init(&fields, NULL);
    g_variant_dict_insert(&fields, "unix-user-id", "t", uid);
    return g_variant_dict_end(&fields);
}

static void
test_each_caller_has_a_connection_and_keeps_it(void)
{
    ZpciUpstream *upstream = zpci_upstream_new(TEST_DRIVER, FALSE);
    UpstreamCaller *callers[] = { upstream_caller_new(upstream, NULL),
                                  upstream_caller_new(upstream, NULL),
                                  upstream_caller_new(upstream, somebody(1)),
                                  upstream_caller_new(upstream, somebody(1)) };
    virConnectPtr seen[G_N_ELEMENTS(callers)];
    g_autoptr(GError) error = NULL;

    identities = 0;
    takes_identity = TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(callers); i++) {
        virConnectPtr again;

        g_assert_true(run(callers[i], TRUE, &seen[i], &error));
        g_assert_true(run(callers[i], TRUE, &again, &error));
        g_assert_true(again == seen[i]);
        g_assert_cmpint(upstream_caller_is_other(callers[i]), ==, i >= 2);
    }
    g_assert_cmpint(g_atomic_int_get(&identities), ==, 2);
    g_assert_true(seen[0] == seen[1]);
    g_assert_true(seen[0] != seen[2] && seen[0] != seen[3] && seen[2] != seen[3]);
    for (guint i = 0; i < G_N_ELEMENTS(callers); i++)
        upstream_caller_free(callers[i]);
    upstream_caller_free(NULL);
    zpci_upstream_stop(upstream);
}

/* Its work is not done: it would be done with our rights. */
static void
test_identity_that_is_refused(void)
{
    ZpciUpstream *upstream = zpci_upstream_new(TEST_DRIVER, FALSE);
    g_autoptr(UpstreamCaller) caller = upstream_caller_new(upstream, somebody(1));
    g_autoptr(GError) error = NULL;
    virConnectPtr seen;
    int code, domain;

    takes_identity = FALSE;
    g_assert_false(run(caller, TRUE, &seen, &error));
    g_assert_null(seen);
    g_assert_true(zpci_error_get_foreign(error, &code, &domain));
    g_assert_cmpint(code, ==, VIR_ERR_NO_SUPPORT);
    expect_has(error->message, "does not take this call on behalf of another user: this function "
                               "is not supported");
    zpci_upstream_stop(upstream);
}

static void
test_what_the_daemon_refuses_is_its_own_error(void)
{
    ZpciUpstream *upstream = zpci_upstream_new(TEST_DRIVER, FALSE);
    g_autoptr(UpstreamCaller) caller = upstream_caller_new(upstream, somebody(1));
    g_autoptr(GError) error = NULL;
    int code, domain;

    takes_identity = TRUE;
    g_assert_false(run(caller, FALSE, NULL, &error));
    g_assert_true(zpci_error_get_foreign(error, &code, &domain));
    g_assert_cmpint(code, ==, VIR_ERR_NO_NODE_DEVICE);
    expect_has_not(error->message, "behalf");
    zpci_upstream_stop(upstream);
}

static void
test_daemon_that_is_not_there(void)
{
    ZpciUpstream *upstream = zpci_upstream_new("nodedev:///system?socket=/nowhere", FALSE);
    g_autoptr(UpstreamCaller) caller = upstream_caller_new(upstream, somebody(1));
    g_autoptr(GError) error = NULL;

    g_assert_false(run(caller, TRUE, NULL, &error));
    expect_error(&error, ZPCI_ERROR_UNREACHABLE, "/nowhere");
    zpci_upstream_stop(upstream);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(libvirt_library_load(NULL));
    set_identity = libvirt_library.virConnectSetIdentity;
    libvirt_library.virConnectSetIdentity = take_identity;
    g_test_add_func("/upstream-caller/each-caller-has-a-connection-and-keeps-it",
                    test_each_caller_has_a_connection_and_keeps_it);
    g_test_add_func("/upstream-caller/identity-that-is-refused", test_identity_that_is_refused);
    g_test_add_func("/upstream-caller/what-the-daemon-refuses-is-its-own-error",
                    test_what_the_daemon_refuses_is_its_own_error);
    g_test_add_func("/upstream-caller/daemon-that-is-not-there", test_daemon_that_is_not_there);
    return g_test_run();
}
