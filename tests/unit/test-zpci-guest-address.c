/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guest-address.h"

#include "expect.h"

static void
assert_reads(const char *uid_text, const char *fid_text, guint16 uid, guint32 fid)
{
    g_autoptr(GError) error = NULL;
    ZpciGuestAddress address = { 7, 7 };

    g_assert_true(zpci_guest_address_parse(uid_text, fid_text, &address, &error));
    g_assert_no_error(error);
    g_assert_cmphex(address.uid, ==, uid);
    g_assert_cmphex(address.fid, ==, fid);
}

static void
assert_refused(const char *uid, const char *fid, const char *part)
{
    g_autoptr(GError) error = NULL;
    ZpciGuestAddress address = { 7, 7 };

    g_assert_false(zpci_guest_address_parse(uid, fid, &address, &error));
    g_assert_cmphex(address.uid, ==, 7);
    g_assert_cmphex(address.fid, ==, 7);
    expect_error(&error, ZPCI_ERROR_INVALID_DOCUMENT, part);
}

static void
test_all_that_a_guest_may_have_is_read(void)
{
    assert_reads("0x0001", "0x00000000", 1, 0);
    assert_reads("1", "0", 1, 0);
    assert_reads("0xffff", "0xffffffff", 0xffff, 0xffffffff);
    assert_reads("65535", "4294967295", 0xffff, 0xffffffff);
    assert_reads("0x0A", "0xC", 10, 12);
}

/* To libvirt UID 0 is not set, while FID 0 is an FID. */
static void
test_uid_zero_cannot_be_asked_for(void)
{
    assert_refused("0x0000", "0x00000001", "The attribute uid of a guest's zpci address is 0");
    assert_refused("0", "0", "leave it out, or give a number from 1");
}

static void
test_attribute_that_is_wrong_is_named_with_its_limit(void)
{
    assert_refused(
        "0x10000", "0x0",
        "The attribute uid of a guest's zpci address is wrong: '0x10000' is not a number "
        "from 0 to 0xffff;");
    assert_refused("0x1", "0x100000000",
                   "The attribute fid of a guest's zpci address is wrong: '0x100000000' is not a "
                   "number from 0 to 0xffffffff;");
    assert_refused("0x1", "-1", "The attribute fid");
    assert_refused("", "0x1", "The attribute uid");
    assert_refused("0x1", "", "The attribute fid");
    assert_refused("010", "0x1", "The attribute uid of a guest's zpci address is wrong: '010'");
    assert_refused("five", "0x1", "'five'");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-guest-address/all-that-a-guest-may-have-is-read",
                    test_all_that_a_guest_may_have_is_read);
    g_test_add_func("/zpci-guest-address/uid-zero-cannot-be-asked-for",
                    test_uid_zero_cannot_be_asked_for);
    g_test_add_func("/zpci-guest-address/attribute-that-is-wrong-is-named-with-its-limit",
                    test_attribute_that_is_wrong_is_named_with_its_limit);
    return g_test_run();
}
