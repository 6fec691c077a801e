/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-address-request.h"

#include "expect.h"
#include "zpci-address-set.h"
#include "zpci-error.h"
#include "zpci-facts.h"
#include "zpci-function-private.h"

static ZpciFunction *
new_function(guint32 uid, guint32 fid)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, uid);
    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, fid);
    zpci_facts_set(&facts, ZPCI_FACT_UID_UNIQUE, ZPCI_SOURCE_SYSFS, 1);
    return zpci_function_new(&facts);
}

static void
expect_address(const ZpciAddressRequest *request, guint16 uid, guint32 fid)
{
    guint16 its_uid = 0;
    guint32 its_fid = 0;

    g_assert_true(zpci_address_request_get_uid(request, &its_uid));
    g_assert_true(zpci_address_request_get_fid(request, &its_fid));
    g_assert_cmphex(its_uid, ==, uid);
    g_assert_cmphex(its_fid, ==, fid);
}

static void
test_new_one_has_no_numbers(void)
{
    g_autoptr(ZpciAddressRequest) request = zpci_address_request_new();
    guint16 uid = 77;
    guint32 fid = 88;

    g_assert_false(zpci_address_request_get_uid(request, &uid));
    g_assert_false(zpci_address_request_get_fid(request, &fid));
    g_assert_cmpuint(uid, ==, 77);
    g_assert_cmpuint(fid, ==, 88);
    zpci_address_request_set_fid(request, 0);
    g_assert_true(zpci_address_request_get_fid(request, NULL));
    g_assert_false(zpci_address_request_get_uid(request, NULL));
}

/* Whoever made the host's function may have let it go before. */
static void
test_requests_get_numbers_and_notes(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(ZpciAddressRequest) mirror = zpci_address_request_new();
    g_autoptr(ZpciAddressRequest) given = zpci_address_request_new();
    g_autoptr(GPtrArray) requests = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    ZpciFunction *host = new_function(0x10, 0x20);

    zpci_address_request_set_host(mirror, host);
    zpci_function_unref(host);
    zpci_address_request_set_uid(given, 0x10);
    g_ptr_array_add(requests, mirror);
    g_ptr_array_add(requests, given);
    g_assert_true(zpci_address_set_assign(set, requests, ZPCI_ADDRESS_POLICY_MIRROR, &error));
    g_assert_no_error(error);
    expect_address(mirror, 1, 0x20);
    expect_address(given, 0x10, 0);
    expect_has(zpci_address_request_get_note(mirror), "has the host's UID 0x0010");
    g_assert_null(zpci_address_request_get_note(given));
}

static void
test_failure_changes_no_request(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(ZpciAddressRequest) free_one = zpci_address_request_new();
    g_autoptr(ZpciAddressRequest) taken = zpci_address_request_new();
    g_autoptr(GPtrArray) requests = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    zpci_address_set_add_uid(set, 5, 12);
    zpci_address_request_set_uid(taken, 5);
    zpci_address_request_set_line(taken, 40);
    g_ptr_array_add(requests, free_one);
    g_ptr_array_add(requests, taken);
    g_assert_false(zpci_address_set_assign(set, requests, ZPCI_ADDRESS_POLICY_FIRST_FREE, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "on line 40, but the device on line 12");
    g_assert_false(zpci_address_request_get_uid(free_one, NULL));
    g_assert_false(zpci_address_request_get_fid(taken, NULL));
}

static void
test_last_reference_frees(void)
{
    ZpciAddressRequest *request = zpci_address_request_new();

    g_assert_true(zpci_address_request_ref(request) == request);
    zpci_address_request_unref(request);
    zpci_address_request_set_uid(request, 1);
    g_assert_true(zpci_address_request_get_uid(request, NULL));
    zpci_address_request_unref(request);
    zpci_address_request_unref(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-address-request/new-one-has-no-numbers", test_new_one_has_no_numbers);
    g_test_add_func("/zpci-address-request/requests-get-numbers-and-notes",
                    test_requests_get_numbers_and_notes);
    g_test_add_func("/zpci-address-request/failure-changes-no-request",
                    test_failure_changes_no_request);
    g_test_add_func("/zpci-address-request/last-reference-frees", test_last_reference_frees);
    return g_test_run();
}
