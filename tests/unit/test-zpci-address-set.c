/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-address-set-private.h"

#include "expect.h"
#include "zpci-facts.h"
#include "zpci-function-private.h"

#define MIRROR ZPCI_ADDRESS_POLICY_MIRROR
#define FIRST_FREE ZPCI_ADDRESS_POLICY_FIRST_FREE

#define ANY (-1)

static ZpciFunction *
new_function(guint32 uid, guint32 fid, gboolean unique)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, uid);
    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, fid);
    zpci_facts_set(&facts, ZPCI_FACT_UID_UNIQUE, ZPCI_SOURCE_SYSFS, unique);
    return zpci_function_new(&facts);
}

static ZpciAddressClaim
ask(gint64 uid, gint64 fid)
{
    ZpciAddressClaim request = { 0 };

    request.has_uid = uid != ANY;
    request.has_fid = fid != ANY;
    request.address.uid = uid != ANY ? (guint16)uid : 0;
    request.address.fid = fid != ANY ? (guint32)fid : 0;
    return request;
}

static ZpciAddressClaim
ask_mirror(ZpciFunction *host)
{
    ZpciAddressClaim request = { .host = host };

    return request;
}

static void
assign(ZpciAddressSet *set, ZpciAddressClaim *requests, guint count, ZpciAddressPolicy policy)
{
    g_autoptr(GError) error = NULL;
    gboolean done = zpci_address_set_give(set, requests, count, policy, &error);

    g_assert_no_error(error);
    g_assert_true(done);
}

static void
assert_has(const ZpciAddressClaim *request, guint16 uid, guint32 fid)
{
    g_assert_true(request->has_uid && request->has_fid);
    g_assert_cmphex(request->address.uid, ==, uid);
    g_assert_cmphex(request->address.fid, ==, fid);
}

/* What a person never asked for begins where libvirt begins: UID 1, FID 0. */
static void
test_first_free_numbers_grow(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    ZpciAddressClaim requests[] = { ask(ANY, ANY), ask(ANY, ANY), ask(2, ANY), ask(ANY, 1) };

    assign(set, requests, G_N_ELEMENTS(requests), FIRST_FREE);
    assert_has(&requests[0], 1, 0);
    assert_has(&requests[1], 3, 2);
    assert_has(&requests[2], 2, 3);
    assert_has(&requests[3], 4, 1);
    g_assert_true(zpci_address_set_find_uid(set, 4, NULL));
    g_assert_false(zpci_address_set_find_uid(set, 5, NULL));
    g_assert_true(zpci_address_set_find_fid(set, 0, NULL));
    g_assert_false(zpci_address_set_find_fid(set, 4, NULL));
}

/* libvirt gives the first of these FID 0 before it reads the second one, and fails. */
static void
test_order_does_not_matter(void)
{
    static const gint64 wanted[][2] = { { 1, ANY }, { 2, 0 }, { ANY, ANY } };

    for (guint turn = 0; turn < 3; turn++) {
        g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
        ZpciAddressClaim requests[3];

        for (guint i = 0; i < 3; i++)
            requests[i] = ask(wanted[(i + turn) % 3][0], wanted[(i + turn) % 3][1]);
        assign(set, requests, 3, FIRST_FREE);
        for (guint i = 0; i < 3; i++) {
            if (wanted[(i + turn) % 3][1] == 0)
                assert_has(&requests[i], 2, 0);
            else
                g_assert_cmphex(requests[i].address.fid, !=, 0);
        }
    }
}

static void
test_ends_of_the_ranges(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    ZpciAddressClaim requests[] = { ask(1, 0), ask(0xffff, 0xffffffff), ask(ANY, ANY) };

    assign(set, requests, G_N_ELEMENTS(requests), MIRROR);
    assert_has(&requests[0], 1, 0);
    assert_has(&requests[1], 0xffff, 0xffffffff);
    assert_has(&requests[2], 2, 1);
}

static void
test_host_is_mirrored(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(ZpciFunction) one = new_function(0x1234, 0xabcd, TRUE);
    g_autoptr(ZpciFunction) other = new_function(1, 0, TRUE);
    ZpciAddressClaim requests[] = { ask(ANY, ANY), ask_mirror(one), ask_mirror(other) };

    assign(set, requests, G_N_ELEMENTS(requests), MIRROR);
    /* The one that does not mind leaves the others what they mirror, though it stands first. */
    assert_has(&requests[0], 2, 1);
    assert_has(&requests[1], 0x1234, 0xabcd);
    assert_has(&requests[2], 1, 0);
    for (guint i = 0; i < G_N_ELEMENTS(requests); i++)
        g_assert_null(requests[i].note);
}

static void
test_host_is_not_mirrored_if_nobody_wants_it(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(ZpciFunction) host = new_function(0x1234, 0xabcd, TRUE);
    ZpciAddressClaim requests[] = { ask_mirror(host) };

    assign(set, requests, 1, FIRST_FREE);
    assert_has(&requests[0], 1, 0);
    g_assert_null(requests[0].note);
}

static void
assert_note(ZpciAddressClaim *request, const char *part)
{
    g_assert_nonnull(request->note);
    if (strstr(request->note, part) == NULL)
        g_error("\"%s\" does not say \"%s\".", request->note, part);
    g_clear_pointer(&request->note, g_free);
}

static void
test_note_says_why_the_host_is_not_mirrored(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(ZpciFunction) first = new_function(0x10, 0x20, TRUE);
    g_autoptr(ZpciFunction) twin = new_function(0x11, 0x20, FALSE);
    g_autoptr(ZpciFunction) none = new_function(0, 0x30, TRUE);
    g_autoptr(ZpciFunction) wide = new_function(0x10000, 0x40, TRUE);
    ZpciAddressClaim requests[] = { ask(0x10, ANY), ask_mirror(first), ask_mirror(twin),
                                    ask_mirror(none), ask_mirror(wide) };

    assign(set, requests, G_N_ELEMENTS(requests), MIRROR);
    assert_has(&requests[1], 1, 0x20);
    assert_note(&requests[1], "has the host's UID 0x0010;");
    assert_has(&requests[2], 2, 1);
    g_assert_nonnull(strstr(requests[2].note, "UID 0x0011 is unique"));
    assert_note(&requests[2], "has the host's FID 0x00000020;");
    assert_has(&requests[3], 3, 0x30);
    assert_note(&requests[3], "no UID on the host");
    assert_has(&requests[4], 4, 0x40);
    assert_note(&requests[4], "no UID on the host");
}

static void
test_second_call_knows_the_first(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    ZpciAddressClaim first = ask(2, 0), second = ask(ANY, ANY), third = ask(ANY, ANY);

    assign(set, &first, 1, MIRROR);
    assign(set, &second, 1, MIRROR);
    assign(set, &third, 1, MIRROR);
    assert_has(&second, 1, 1);
    assert_has(&third, 3, 2);
}

static void
test_clash_names_number_and_both_lines(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GError) error = NULL;
    ZpciAddressClaim requests[] = { ask(0x1234, ANY), ask(0x1234, ANY) };
    guint line = 0;

    requests[0].line = 12;
    requests[1].line = 40;
    g_assert_false(zpci_address_set_give(set, requests, 2, MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE,
                 "The UID 0x1234 is asked for on line 40, but the device on line 12 has it");

    assign(set, requests, 1, MIRROR);
    g_assert_true(zpci_address_set_find_uid(set, 0x1234, &line));
    g_assert_cmpuint(line, ==, 12);
    requests[1] = ask(ANY, 0);
    g_assert_false(zpci_address_set_give(set, &requests[1], 1, MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE,
                 "The FID 0x00000000 is asked for, but the device on line 12 has it");
}

/* What fails late must not leave behind what was done before. */
static void
test_failure_changes_nothing(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(ZpciFunction) host = new_function(0, 0x77, TRUE);
    g_autoptr(GError) error = NULL;
    ZpciAddressClaim requests[] = { ask(5, 5), ask_mirror(host), ask(6, 5) };

    g_assert_false(zpci_address_set_give(set, requests, 3, MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "The FID 0x00000005 is asked for twice");
    g_assert_false(requests[0].has_uid && requests[1].has_uid);
    g_assert_false(requests[1].has_fid);
    g_assert_false(zpci_address_set_find_uid(set, 5, NULL));
    g_assert_false(zpci_address_set_find_fid(set, 0x77, NULL));

    requests[2] = ask(0, 9);
    g_assert_false(zpci_address_set_give(set, requests, 3, MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "UID 0x0000");
}

static void
test_every_uid_can_be_given_and_no_more(void)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autofree ZpciAddressClaim *requests = g_new0(ZpciAddressClaim, ZPCI_GUEST_UID_MAX);
    g_autoptr(ZpciFunction) host = new_function(7, 0x12345678, TRUE);
    g_autoptr(GError) error = NULL;
    ZpciAddressClaim late = ask_mirror(host);

    assign(set, requests, ZPCI_GUEST_UID_MAX, MIRROR);
    for (guint i = 0; i < ZPCI_GUEST_UID_MAX; i++)
        assert_has(&requests[i], (guint16)(i + 1), i);
    g_assert_false(zpci_address_set_give(set, &late, 1, MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "There is no UID left");
    g_assert_null(late.note);
    g_assert_false(zpci_address_set_find_fid(set, 0x12345678, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-address-set/first-free-numbers-grow", test_first_free_numbers_grow);
    g_test_add_func("/zpci-address-set/order-does-not-matter", test_order_does_not_matter);
    g_test_add_func("/zpci-address-set/ends-of-the-ranges", test_ends_of_the_ranges);
    g_test_add_func("/zpci-address-set/host-is-mirrored", test_host_is_mirrored);
    g_test_add_func("/zpci-address-set/host-is-not-mirrored-if-nobody-wants-it",
                    test_host_is_not_mirrored_if_nobody_wants_it);
    g_test_add_func("/zpci-address-set/note-says-why-the-host-is-not-mirrored",
                    test_note_says_why_the_host_is_not_mirrored);
    g_test_add_func("/zpci-address-set/second-call-knows-the-first",
                    test_second_call_knows_the_first);
    g_test_add_func("/zpci-address-set/clash-names-number-and-both-lines",
                    test_clash_names_number_and_both_lines);
    g_test_add_func("/zpci-address-set/failure-changes-nothing", test_failure_changes_nothing);
    g_test_add_func("/zpci-address-set/every-uid-can-be-given-and-no-more",
                    test_every_uid_can_be_given_and_no_more);
    return g_test_run();
}
