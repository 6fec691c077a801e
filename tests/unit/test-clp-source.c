/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-source.h"

#include <errno.h>

#include "call-script.h"
#include "chain-builder.h"
#include "clp-reply.h"
#include "expect.h"
#include "hex-text.h"
#include "kernel-script.h"
#include "live-host.h"

#define OTHER_FUNCTION "2:256 2:0x10 @19 1:0x0a 4:0x100 @256"

/* What sysfs knows: the FID, and a handle that may be old by now. */
static gboolean
collect(LiveHost *live, guint32 handle, ZpciFacts *facts, char **reason)
{
    g_auto(ZpciFacts) known = { 0 };

    zpci_facts_set(&known, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, LIVE_HOST_FID);
    zpci_facts_set(&known, ZPCI_FACT_HANDLE, ZPCI_SOURCE_SYSFS, handle);
    return clp_source_collect(live->host, &known, facts, reason);
}

static void
expect_whole_function(LiveHost *live, guint32 handle)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *reason = NULL;

    g_assert_true(collect(live, handle, &facts, &reason));
    g_assert_null(reason);
    g_assert_cmphex(facts.values[ZPCI_FACT_FID], ==, LIVE_HOST_FID);
    g_assert_cmphex(facts.values[ZPCI_FACT_PFGID], ==, 0xff);
    g_assert_cmphex(facts.values[ZPCI_FACT_UID], ==, LIVE_HOST_UID);
    g_assert_cmphex(facts.values[ZPCI_FACT_DMA_END], ==, 0x1ffffffffffffff);
    g_assert_cmpuint(facts.values[ZPCI_FACT_MUI], ==, 4000);
    g_assert_cmpint(facts.sources[ZPCI_FACT_MUI], ==, ZPCI_SOURCE_CLP);
    g_assert_null(facts.reasons[ZPCI_FACT_IMAXSTBL]);
}

static void
expect_no_answer(LiveHost *live, guint32 handle, const char *says)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *reason = NULL;

    g_assert_false(collect(live, handle, &facts, &reason));
    expect_has(reason, says);
    for (guint i = 0; i < ZPCI_N_FACTS; i++)
        g_assert_cmpint(facts.sources[i], ==, ZPCI_SOURCE_NONE);
}

static void
test_function_and_its_group(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
    expect_whole_function(live, LIVE_HOST_HANDLE);
}

static void
test_function_without_group(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *reason = NULL;

    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_NO_GROUP);
    g_assert_true(collect(live, LIVE_HOST_HANDLE, &facts, &reason));
    g_assert_cmpint(facts.sources[ZPCI_FACT_PCHID], ==, ZPCI_SOURCE_CLP);
    g_assert_cmpint(facts.sources[ZPCI_FACT_MUI], ==, ZPCI_SOURCE_NONE);
    expect_has(facts.reasons[ZPCI_FACT_MUI], "0x010b");
    g_assert_null(facts.reasons[ZPCI_FACT_PCHID]);
}

/* The handle changed since sysfs was read; the list tells the present one. */
static void
test_stale_handle(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, 0x00010000, KERNEL_SCRIPT_STALE_HANDLE);
    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
    expect_whole_function(live, 0x00010000);
}

/* Worse: it is another function's handle now, of which nothing may be taken. */
static void
test_handle_of_another_function(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, 0x80020001, OTHER_FUNCTION);
    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
    expect_whole_function(live, 0x80020001);
}

static void
test_handle_that_stays_wrong(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, 0x80020001, OTHER_FUNCTION);
    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, OTHER_FUNCTION);
    expect_no_answer(live, 0x80020001,
                     "The handle 0x80020001 belongs to the function 0x00000100 now.");
}

static void
test_function_that_is_not_listed(void)
{
    g_autoptr(LiveHost) live = live_host_new();

    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, 1, KERNEL_SCRIPT_STALE_HANDLE);
    kernel_script_add_clp(CLP_LIST_PCI, 0, "2:32 2:0x10 @31 1:16");
    expect_no_answer(live, 1, "CLP does not answer for it: CLP answered with the code 0x0101");
}

/* Another handle would not help. */
static void
test_refusals_that_are_final(void)
{
    static const struct {
        int number;
        const char *says;
    } cases[] = {
        { ENOENT, "/dev/clp failed: No such file" },
        { EACCES, "/dev/clp failed: Permission denied" },
    };
    g_autoptr(LiveHost) live = live_host_new();

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        kernel_script_add_failure("clp", cases[i].number);
        expect_no_answer(live, LIVE_HOST_HANDLE, cases[i].says);
    }
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, "2:16 2:0x0030 @16");
    expect_no_answer(live, LIVE_HOST_HANDLE, "0x0030: this partition may not use the command");
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, "2:16 2:0x0010 @16");
    expect_no_answer(live, LIVE_HOST_HANDLE, "at offset");
}

static void
test_function_without_fid_is_not_asked_for(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_auto(ZpciFacts) known = { 0 };
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *reason = NULL;

    zpci_facts_set(&known, ZPCI_FACT_HANDLE, ZPCI_SOURCE_SYSFS, LIVE_HOST_HANDLE);
    g_assert_false(clp_source_collect(live->host, &known, &facts, &reason));
    g_assert_null(reason);
}

/* sysfs tells no handle in standby: the list does, and whether UIDs are checked. */
static void
test_function_is_asked_for_by_the_list(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *reason = NULL;

    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
    g_assert_true(clp_source_collect_listed(live->host, LIVE_HOST_FID, &facts, &reason));
    g_assert_null(reason);
    g_assert_cmphex(facts.values[ZPCI_FACT_UID], ==, LIVE_HOST_UID);
    g_assert_cmphex(facts.values[ZPCI_FACT_HANDLE], ==, LIVE_HOST_HANDLE);
    g_assert_cmpint(facts.sources[ZPCI_FACT_UID_UNIQUE], ==, ZPCI_SOURCE_CLP);
    g_assert_cmpuint(facts.values[ZPCI_FACT_MUI], ==, 4000);
}

static void
test_list_that_does_not_help_is_a_reason(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *unlisted = NULL;
    g_autofree char *forbidden = NULL;

    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    g_assert_false(clp_source_collect_listed(live->host, 0x77, &facts, &unlisted));
    expect_has(unlisted, "The list of functions does not have 0x00000077.");
    kernel_script_add_failure("clp", EACCES);
    g_assert_false(clp_source_collect_listed(live->host, LIVE_HOST_FID, &facts, &forbidden));
    expect_has(forbidden, "/dev/clp failed: Permission denied");
}

/* A reply with one function of the FID @fid, to be resumed with @resume. */
static void
add_list_reply(guint64 token, guint64 resume, guint fid)
{
    g_autofree char *table = g_strdup_printf("2:48 2:0x10 @16 8:%" G_GUINT64_FORMAT " @31 1:16 "
                                             "2:0x1003 2:0x1014 4:0 4:%u 4:%u",
                                             resume, fid, fid);

    kernel_script_add_clp(CLP_LIST_PCI, token, table);
}

static void
test_list_is_resumed(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) entries = NULL;

    add_list_reply(0, 0x8000000000000001, 1);
    add_list_reply(0x8000000000000001, 7, 2);
    add_list_reply(7, 0, 3);
    entries = clp_source_list(live->host, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 3);
    for (guint i = 0; i < entries->len; i++)
        g_assert_cmpuint(g_array_index(entries, ClpListEntry, i).fid, ==, i + 1);
}

static void
test_list_with_a_function_in_standby(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) entries = NULL;
    const ClpListEntry *first, *second;

    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    entries = clp_source_list(live->host, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 2);
    first = &g_array_index(entries, ClpListEntry, 0);
    second = &g_array_index(entries, ClpListEntry, 1);
    g_assert_cmphex(first->fid, ==, 0x100);
    g_assert_false(first->configured);
    g_assert_cmphex(second->fid, ==, LIVE_HOST_FID);
    g_assert_true(second->configured);
}

static void
test_list_that_breaks_off(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;

    add_list_reply(0, 7, 1);
    kernel_script_add_clp(CLP_LIST_PCI, 7, "2:16 2:0x010a @16");
    g_assert_null(clp_source_list(live->host, &error));
    expect_error(&error, ZPCI_ERROR_UNREADABLE, "0x010a: the resume token is not valid");

    add_list_reply(0, 7, 1);
    kernel_script_add_failure("clp", EACCES);
    g_assert_null(clp_source_list(live->host, &error));
    expect_error(&error, ZPCI_ERROR_NO_PERMISSION, "/dev/clp failed");
}

static void
test_list_without_end(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < CLP_LIST_MAX_REPLIES; i++)
        add_list_reply(i > 0 ? 7 : 0, 7, i);
    g_assert_null(clp_source_list(live->host, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, "did not end after 1024 replies");
}

static void
write_captured(SysfsTree *tree, const char *path, const char *table)
{
    g_autoptr(GByteArray) reply = chain_builder_build(table, G_BIG_ENDIAN);
    g_autofree char *hex = hex_text_format(reply->data, reply->len);

    sysfs_tree_write(tree, path, hex, -1);
}

/* The same from a capture: by FID, whatever handle is known. */
static void
test_captured_replies(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    LiveHost captured = { .host = host };

    write_captured(tree, "clp/function-0000000c", KERNEL_SCRIPT_FUNCTION);
    write_captured(tree, "clp/group-ff", KERNEL_SCRIPT_GROUP);
    expect_whole_function(&captured, 4711);
}

static void
test_captured_list(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) entries = NULL;

    g_assert_null(clp_source_list(host, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "This capture has no reply of CLP.");
    write_captured(tree, "clp/list-0", "2:32 2:0x10 @16 8:7 @31 1:16");
    write_captured(tree, "clp/list-1", KERNEL_SCRIPT_LIST);
    entries = clp_source_list(host, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clp-source/function-and-its-group", test_function_and_its_group);
    g_test_add_func("/clp-source/function-without-group", test_function_without_group);
    g_test_add_func("/clp-source/stale-handle", test_stale_handle);
    g_test_add_func("/clp-source/handle-of-another-function", test_handle_of_another_function);
    g_test_add_func("/clp-source/handle-that-stays-wrong", test_handle_that_stays_wrong);
    g_test_add_func("/clp-source/function-that-is-not-listed", test_function_that_is_not_listed);
    g_test_add_func("/clp-source/refusals-that-are-final", test_refusals_that_are_final);
    g_test_add_func("/clp-source/function-without-fid-is-not-asked-for",
                    test_function_without_fid_is_not_asked_for);
    g_test_add_func("/clp-source/list-is-resumed", test_list_is_resumed);
    g_test_add_func("/clp-source/list-with-a-function-in-standby",
                    test_list_with_a_function_in_standby);
    g_test_add_func("/clp-source/list-that-breaks-off", test_list_that_breaks_off);
    g_test_add_func("/clp-source/list-without-end", test_list_without_end);
    g_test_add_func("/clp-source/captured-replies", test_captured_replies);
    g_test_add_func("/clp-source/captured-list", test_captured_list);
    g_test_add_func("/clp-source/function-is-asked-for-by-the-list",
                    test_function_is_asked_for_by_the_list);
    g_test_add_func("/clp-source/list-that-does-not-help-is-a-reason",
                    test_list_that_does_not_help_is_a_reason);
    return g_test_run();
}
