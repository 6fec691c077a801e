/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capture.h"

#include <sys/stat.h>

#include "expect.h"
#include "hex-text.h"
#include "sysfs-tree.h"

#define ADDRESS "0005:00:00.0"
#define CHAIN_FILE "chain/" ADDRESS

static Capture *
open_capture(const SysfsTree *tree)
{
    g_autoptr(GError) error = NULL;
    Capture *capture = capture_open(sysfs_tree_get_root(tree), &error);

    g_assert_no_error(error);
    return capture;
}

static void
assert_no_capture(const SysfsTree *tree, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(capture_open(sysfs_tree_get_root(tree), &error));
    g_assert_error(error, ZPCI_ERROR, (int)code);
    expect_has(error->message, sysfs_tree_get_root(tree));
    expect_has(error->message, "capture.ini");
    expect_error(&error, code, part);
}

static void
assert_ini_refused(const char *ini, ZpciError code, const char *part)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();

    g_test_message("%.60s", ini);
    sysfs_tree_write(tree, "capture.ini", ini, -1);
    assert_no_capture(tree, code, part);
}

static void
test_byte_order_is_that_of_the_machine(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(Capture) big = open_capture(tree);
    g_autoptr(Capture) little = NULL;

    g_assert_cmpint(big->byte_order, ==, G_BIG_ENDIAN);
    g_assert_cmpstr(big->root, ==, sysfs_tree_get_root(tree));
    sysfs_tree_write(tree, "capture.ini",
                     "# hand-made\n[capture]\nformat=1\nbyte-order=little\nkernel=6.1\n[parts]\n",
                     -1);
    little = open_capture(tree);
    g_assert_cmpint(little->byte_order, ==, G_LITTLE_ENDIAN);
}

static void
test_directory_without_ini_is_no_capture(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_delete(tree, "capture.ini");
    assert_no_capture(tree, ZPCI_ERROR_NOT_FOUND, "is not the directory of a captured host");
    g_assert_null(capture_open("/nonexistent/host", &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "/nonexistent/host is not the directory of");
}

static void
test_ini_that_is_no_file_does_not_block(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *path = sysfs_tree_get_path(tree, "capture.ini");

    sysfs_tree_delete(tree, "capture.ini");
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    assert_no_capture(tree, ZPCI_ERROR_UNREADABLE, "cannot be read");

    sysfs_tree_delete(tree, "capture.ini");
    sysfs_tree_make_directory(tree, "capture.ini");
    assert_no_capture(tree, ZPCI_ERROR_UNREADABLE, "cannot be read");
}

static void
test_ini_that_does_not_parse_is_malformed(void)
{
    g_autofree char *huge = g_strnfill(65 * 1024, '\n');

    assert_ini_refused("format=1\n", ZPCI_ERROR_MALFORMED, "cannot be read");
    assert_ini_refused("[capture\nformat=1\n", ZPCI_ERROR_MALFORMED, "cannot be read");
    assert_ini_refused("[capture]\nformat\n", ZPCI_ERROR_MALFORMED, "cannot be read");
    assert_ini_refused(huge, ZPCI_ERROR_MALFORMED, "more than 65536 bytes");
}

static void
test_format_is_a_number_from_one(void)
{
    const char *part = "format in the group [capture] must be a number from 1.";

    assert_ini_refused("", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nbyte-order=big\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nformat=\nbyte-order=big\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nformat=0\nbyte-order=big\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nformat=-1\nbyte-order=big\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nformat=one\nbyte-order=big\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[other]\nformat=1\nbyte-order=big\n", ZPCI_ERROR_MALFORMED, part);
}

static void
test_newer_format_asks_for_a_newer_release(void)
{
    assert_ini_refused("[capture]\nformat=2\nbyte-order=big\n", ZPCI_ERROR_UNSUPPORTED,
                       "it was written by a newer release");
    assert_ini_refused("[capture]\nformat=2147483647\n", ZPCI_ERROR_UNSUPPORTED, "newer release");
}

static void
test_byte_order_is_big_or_little(void)
{
    const char *part = "byte-order in the group [capture] must be big or little.";

    assert_ini_refused("[capture]\nformat=1\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nformat=1\nbyte-order=\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nformat=1\nbyte-order=BIG\n", ZPCI_ERROR_MALFORMED, part);
    assert_ini_refused("[capture]\nformat=1\nbyte-order=pdp\n", ZPCI_ERROR_MALFORMED, part);
}

static void
test_reply_is_read_from_hexadecimal_text(void)
{
    static const guint8 expected[] = { 0x00, 0x00, 0x00, 0x7c };
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(Capture) capture = open_capture(tree);
    g_autoptr(GByteArray) reply = NULL;
    g_autoptr(GError) error = NULL;

    sysfs_tree_write(tree, CHAIN_FILE, "# argsz\n00 00 00 7c\n", -1);
    g_assert_true(capture_read_reply(capture, "chain", ADDRESS, &reply, &error));
    g_assert_no_error(error);
    g_assert_cmpmem(reply->data, reply->len, expected, sizeof expected);
}

static void
test_reply_that_was_not_captured_is_none(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(Capture) capture = open_capture(tree);
    g_autoptr(GByteArray) reply = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(capture_read_reply(capture, "chain", ADDRESS, &reply, &error));
    g_assert_no_error(error);
    g_assert_null(reply);

    sysfs_tree_make_directory(tree, "clp");
    g_assert_true(capture_read_reply(capture, "clp", "group-ff", &reply, &error));
    g_assert_no_error(error);
    g_assert_null(reply);
}

static void
assert_no_reply(const SysfsTree *tree, ZpciError code, const char *part)
{
    g_autoptr(Capture) capture = open_capture(tree);
    g_autoptr(GError) error = NULL;
    GByteArray *reply = NULL;

    g_assert_false(capture_read_reply(capture, "chain", ADDRESS, &reply, &error));
    g_assert_null(reply);
    g_assert_nonnull(error);
    expect_has(error->message, CHAIN_FILE);
    expect_error(&error, code, part);
}

static void
test_damaged_reply_names_file_and_line(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *huge = g_strnfill(HEX_TEXT_MAX_SIZE + 1, '0');

    sysfs_tree_write(tree, CHAIN_FILE, "00 00\n0g\n", -1);
    assert_no_reply(tree, ZPCI_ERROR_MALFORMED, "Line 2 of the hexadecimal text");
    sysfs_tree_write(tree, CHAIN_FILE, "", 0);
    assert_no_reply(tree, ZPCI_ERROR_MALFORMED, "there are no bytes in it");
    sysfs_tree_write(tree, CHAIN_FILE,
                     "00\0"
                     "00",
                     5);
    assert_no_reply(tree, ZPCI_ERROR_MALFORMED, "not text");
    sysfs_tree_write(tree, CHAIN_FILE, huge, -1);
    assert_no_reply(tree, ZPCI_ERROR_MALFORMED, "it is too long");
}

static void
test_reply_that_is_no_file_is_an_error(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autofree char *path = sysfs_tree_get_path(tree, CHAIN_FILE);

    sysfs_tree_make_directory(tree, CHAIN_FILE);
    assert_no_reply(tree, ZPCI_ERROR_UNREADABLE, "failed");
    sysfs_tree_delete(tree, CHAIN_FILE);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    assert_no_reply(tree, ZPCI_ERROR_UNREADABLE, "failed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capture/byte-order-is-that-of-the-machine",
                    test_byte_order_is_that_of_the_machine);
    g_test_add_func("/capture/directory-without-ini-is-no-capture",
                    test_directory_without_ini_is_no_capture);
    g_test_add_func("/capture/ini-that-is-no-file-does-not-block",
                    test_ini_that_is_no_file_does_not_block);
    g_test_add_func("/capture/ini-that-does-not-parse-is-malformed",
                    test_ini_that_does_not_parse_is_malformed);
    g_test_add_func("/capture/format-is-a-number-from-one", test_format_is_a_number_from_one);
    g_test_add_func("/capture/newer-format-asks-for-a-newer-release",
                    test_newer_format_asks_for_a_newer_release);
    g_test_add_func("/capture/byte-order-is-big-or-little", test_byte_order_is_big_or_little);
    g_test_add_func("/capture/reply-is-read-from-hexadecimal-text",
                    test_reply_is_read_from_hexadecimal_text);
    g_test_add_func("/capture/reply-that-was-not-captured-is-none",
                    test_reply_that_was_not_captured_is_none);
    g_test_add_func("/capture/damaged-reply-names-file-and-line",
                    test_damaged_reply_names_file_and_line);
    g_test_add_func("/capture/reply-that-is-no-file-is-an-error",
                    test_reply_that_is_no_file_is_an_error);
    return g_test_run();
}
