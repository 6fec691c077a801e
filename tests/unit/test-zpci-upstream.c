/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-upstream.h"

#include "libvirt-library.h"

#include <libvirt/virterror.h>
#include <string.h>

#include "upstream-device.h"
#include "zpci-error.h"

static gboolean
contains(const GPtrArray *names, const char *name)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)names, name, g_str_equal, NULL);
}

static void
test_the_test_driver_answers(void)
{
    ZpciUpstream *upstream = zpci_upstream_new("test:///default", FALSE);
    g_autoptr(UpstreamCaller) caller = upstream_caller_new(upstream, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) all = upstream_device_list(caller, 0, &error);
    g_autoptr(GPtrArray) hosts = upstream_device_list_having(caller, "scsi_host", &error);
    g_autofree char *xml = NULL;
    g_autofree char *parent = NULL;
    g_auto(GStrv) capabilities = NULL;

    g_assert_no_error(error);
    g_assert_true(contains(all, "computer"));
    g_assert_true(contains(hosts, "scsi_host1"));
    g_assert_false(contains(hosts, "computer"));
    g_assert_true(upstream_device_get_xml(caller, "scsi_host1", 0, &xml, &error));
    g_assert_true(g_str_has_prefix(xml, "<device>\n  <name>scsi_host1</name>\n"));
    g_assert_true(upstream_device_get_parent(caller, "scsi_host1", &parent, &error));
    g_assert_cmpstr(parent, ==, "computer");
    g_assert_true(upstream_device_get_capabilities(caller, "scsi_host1", &capabilities, &error));
    g_assert_true(g_strv_contains((const char *const *)capabilities, "scsi_host"));
    zpci_upstream_stop(upstream);
}

static void
test_refusals_keep_their_numbers_and_words(void)
{
    ZpciUpstream *upstream = zpci_upstream_new("test:///default", FALSE);
    g_autoptr(UpstreamCaller) caller = upstream_caller_new(upstream, NULL);
    g_autoptr(GError) missing = NULL;
    g_autoptr(GError) unsupported = NULL;
    int code, domain;

    g_assert_false(upstream_device_lookup(caller, "nobody", &missing));
    g_assert_true(upstream_device_is_missing(missing));
    g_assert_cmpstr(missing->message, ==,
                    "Node device not found: no node device with matching name 'nobody'");
    g_assert_false(upstream_device_undefine(caller, "computer", 0, &unsupported));
    g_assert_false(upstream_device_is_missing(unsupported));
    g_assert_true(zpci_error_get_foreign(unsupported, &code, &domain));
    g_assert_cmpint(code, ==, VIR_ERR_NO_SUPPORT);
    zpci_upstream_stop(upstream);
}

static void
test_a_daemon_that_is_not_there_cannot_be_reached(void)
{
    ZpciUpstream *upstream =
        zpci_upstream_new("nodedev+unix:///system?socket=/nowhere/socket", TRUE);
    g_autoptr(UpstreamCaller) caller = upstream_caller_new(upstream, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_false(upstream_device_lookup(caller, "computer", &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
    g_assert_nonnull(strstr(error->message, "/nowhere/socket"));
    zpci_upstream_stop(upstream);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(libvirt_library_load(NULL));
    g_test_add_func("/zpci-upstream/the-test-driver-answers", test_the_test_driver_answers);
    g_test_add_func("/zpci-upstream/refusals-keep-their-numbers-and-words",
                    test_refusals_keep_their_numbers_and_words);
    g_test_add_func("/zpci-upstream/a-daemon-that-is-not-there-cannot-be-reached",
                    test_a_daemon_that_is_not_there_cannot_be_reached);
    return g_test_run();
}
