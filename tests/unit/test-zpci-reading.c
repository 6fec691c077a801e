/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-reading.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "expect.h"
#include "kernel-script.h"
#include "live-host.h"
#include "sysfs-tree.h"
#include "sysfs.h"
#include "zpci-host-private.h"

#define ADDRESS "0005:00:00.0"

/* What Linux 6.1 on s390x wrote for a function of QEMU: GROUP 0xff, DMA from 4 GiB. */
static const char chain[] = "00 00 00 7c 00 00 00 83 00 00 00 09 00 00 00 05\n"
                            "00 00 00 14 00 01 00 02 00 00 00 3c 00 00 00 01\n"
                            "00 00 00 00 00 00 00 01 7f ff ff ff 00 00 00 00\n"
                            "00 00 00 ff 80 02 00 00 00 00 00 00 00 02 00 02\n"
                            "00 00 00 6c 00 00 00 00 00 00 00 00 fe 00 00 00\n"
                            "00 00 00 00 00 00 00 00 00 00 00 01 0f a0 00 80\n"
                            "00 80 00 00 00 80 00 00 00 00 00 00 00 04 00 01\n"
                            "00 00 00 00 00 00 00 04 00 00 00 00\n";

static ZpciFunction *
read_function(const SysfsTree *tree)
{
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    PciAddress address = sysfs_tree_parse(ADDRESS);
    g_autofree char *path = zpci_host_find(host, &address, &error);
    g_auto(ZpciFacts) constant = { 0 };
    ZpciFunction *function = NULL;
    int directory;

    g_assert_no_error(error);
    directory = sysfs_open_directory(zpci_host_get_sysfs(host), path, &error);
    g_assert_no_error(error);
    zpci_reading_read_constant(directory, &constant);
    if (zpci_reading_is_zpci(&constant))
        function = zpci_reading_read(host, directory, ADDRESS, &constant, TRUE);
    close(directory);
    return function;
}

static SysfsTree *
make_tree(void)
{
    SysfsTree *tree = sysfs_tree_new();

    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    return tree;
}

static void
assert_fact(const ZpciFunction *function, ZpciFact fact, guint64 expected, ZpciSource source)
{
    guint64 value = 0;

    g_assert_true(zpci_function_get(function, fact, &value));
    g_assert_cmphex(value, ==, expected);
    g_assert_cmpint(zpci_function_get_source(function, fact), ==, source);
}

static void
assert_no_fact(const ZpciFunction *function, ZpciFact fact)
{
    g_assert_false(zpci_function_get(function, fact, NULL));
    g_assert_cmpint(zpci_function_get_source(function, fact), ==, ZPCI_SOURCE_NONE);
}

static void
test_function_id_makes_a_zpci_function(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_add_function(tree, ADDRESS);
    sysfs_tree_set(tree, ADDRESS, "uid", "0x5");
    g_assert_null(read_function(tree));
    sysfs_tree_set(tree, ADDRESS, "function_id", "0x0000000c");
    function = read_function(tree);
    g_assert_nonnull(function);
    assert_fact(function, ZPCI_FACT_FID, 0xc, ZPCI_SOURCE_SYSFS);
}

static void
test_all_attributes_are_read(void)
{
    static const struct {
        const char *name;
        const char *text;
        ZpciFact fact;
        guint64 value;
    } attributes[] = {
        { "function_id", "0xffffffff", ZPCI_FACT_FID, 0xffffffff },
        { "uid", "0xffff", ZPCI_FACT_UID, 0xffff },
        { "pfgid", "0x0a", ZPCI_FACT_PFGID, 0xa },
        { "pchid", "0x01c0", ZPCI_FACT_PCHID, 0x1c0 },
        { "vfn", "0x0003", ZPCI_FACT_VFN, 3 },
        { "pft", "0x02", ZPCI_FACT_PFT, 2 },
        { "port", "2", ZPCI_FACT_PORT, 2 },
        { "uid_is_unique", "1", ZPCI_FACT_UID_UNIQUE, 1 },
        { "function_handle", "0x80020000", ZPCI_FACT_HANDLE, 0x80020000 },
        { "mio_enabled", "1", ZPCI_FACT_MIO, 1 },
        { "fidparm", "0x11", ZPCI_FACT_FIDPARM, 0x11 },
    };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciFunction) function = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++)
        sysfs_tree_set(tree, ADDRESS, attributes[i].name, attributes[i].text);
    function = read_function(tree);
    for (guint i = 0; i < G_N_ELEMENTS(attributes); i++)
        assert_fact(function, attributes[i].fact, attributes[i].value, ZPCI_SOURCE_SYSFS);
    g_assert_null(zpci_function_get_warnings(function)[0]);
}

static void
test_path_needs_all_four_segments(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciFunction) whole = NULL;
    g_autoptr(ZpciFunction) part = NULL;

    sysfs_tree_set(tree, ADDRESS, "pfip/segment0", "0x01");
    sysfs_tree_set(tree, ADDRESS, "pfip/segment1", "0x02");
    sysfs_tree_set(tree, ADDRESS, "pfip/segment2", "0x03");
    sysfs_tree_set(tree, ADDRESS, "pfip/segment3", "0x04");
    whole = read_function(tree);
    assert_fact(whole, ZPCI_FACT_PFIP, 0x01020304, ZPCI_SOURCE_SYSFS);
    sysfs_tree_unset(tree, ADDRESS, "pfip/segment2");
    part = read_function(tree);
    assert_no_fact(part, ZPCI_FACT_PFIP);
}

static void
assert_reason(SysfsTree *tree, ZpciFact fact, const char *part)
{
    g_autoptr(ZpciFunction) function = read_function(tree);

    g_assert_nonnull(function);
    assert_no_fact(function, fact);
    expect_has(zpci_function_get_reason(function, fact), part);
    assert_fact(function, ZPCI_FACT_PFGID, 0xff, ZPCI_SOURCE_SYSFS);
}

static void
test_damaged_attribute_is_a_reason_and_harms_no_other(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autofree char *huge = g_strnfill(64 * 1024, '1');

    sysfs_tree_set(tree, ADDRESS, "uid", "five");
    assert_reason(tree, ZPCI_FACT_UID, "The attribute uid is damaged: 'five' is not a number");
    sysfs_tree_set(tree, ADDRESS, "uid", "0x10000");
    assert_reason(tree, ZPCI_FACT_UID, "The attribute uid is damaged: '0x10000'");
    sysfs_tree_set(tree, ADDRESS, "uid", huge);
    assert_reason(tree, ZPCI_FACT_UID, "The attribute uid is no text of at most 4096 bytes.");
}

static void
test_unreadable_attribute_is_a_reason(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, "vfn");

    sysfs_tree_make_directory(tree, path);
    assert_reason(tree, ZPCI_FACT_VFN, "Reading the attribute vfn failed");
}

/* It is a zPCI function still, and its owner must be told what is wrong with it. */
static void
test_damaged_function_id_is_a_reason(void)
{
    g_autoptr(SysfsTree) tree = make_tree();

    sysfs_tree_set(tree, ADDRESS, "function_id", "0x100000000");
    assert_reason(tree, ZPCI_FACT_FID, "The attribute function_id is damaged: '0x100000000'");
}

static void
test_utility_string_is_read_as_bytes(void)
{
    static const guint8 util[ZPCI_UTIL_SIZE] = { 0xd9, 0x96, 0xc3, 0xc5, 0x00, 0x0a };
    g_autoptr(SysfsTree) tree = make_tree();
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, "util_string");
    g_autoptr(ZpciFunction) function = NULL;
    ZpciSource source = ZPCI_SOURCE_NONE;

    sysfs_tree_write(tree, path, util, sizeof util);
    function = read_function(tree);
    g_assert_cmpmem(zpci_function_get_util(function, &source), ZPCI_UTIL_SIZE, util,
                    ZPCI_UTIL_SIZE);
    g_assert_cmpint(source, ==, ZPCI_SOURCE_SYSFS);
}

static void
test_unreadable_utility_string_is_a_warning(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autofree char *path = sysfs_tree_attribute(tree, ADDRESS, "util_string");
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_make_directory(tree, path);
    function = read_function(tree);
    g_assert_null(zpci_function_get_util(function, NULL));
    expect_has(zpci_function_get_warnings(function)[0], "Reading the attribute util_string failed");
    g_assert_null(zpci_function_get_warnings(function)[1]);
}

static void
test_chain_adds_what_sysfs_does_not_know(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_write(tree, "chain/" ADDRESS, chain, -1);
    function = read_function(tree);
    assert_fact(function, ZPCI_FACT_UID, 5, ZPCI_SOURCE_SYSFS);
    assert_fact(function, ZPCI_FACT_PFGID, 0xff, ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_DMA_START, G_GUINT64_CONSTANT(0x100000000), ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_DMA_END, G_GUINT64_CONSTANT(0x17fffffff), ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_MSI_ADDRESS, G_GUINT64_CONSTANT(0xfe00000000000000),
                ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_REFRESH, 1, ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_MUI, 4000, ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_NOI, 128, ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_PFIP, 0, ZPCI_SOURCE_VFIO);
    g_assert_null(zpci_function_get_warnings(function)[0]);
}

static void
test_chain_that_disagrees_wins_and_warns(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_write(tree, "chain/" ADDRESS, chain, -1);
    sysfs_tree_set(tree, ADDRESS, "pchid", "0x01c0");
    sysfs_tree_set(tree, ADDRESS, "function_handle", "0x00000001");
    function = read_function(tree);
    assert_fact(function, ZPCI_FACT_PCHID, 0, ZPCI_SOURCE_VFIO);
    assert_fact(function, ZPCI_FACT_HANDLE, 0x80020000, ZPCI_SOURCE_VFIO);
    g_assert_cmpstr(zpci_function_get_warnings(function)[0], ==,
                    "pchid is 0x0000 according to vfio, but 0x01c0 according to sysfs; the first "
                    "one is shown.");
    g_assert_null(zpci_function_get_warnings(function)[1]);
}

static void
test_damaged_chain_is_a_warning_and_is_not_used(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciFunction) function = NULL;

    /* The second capability's header lies behind the end. */
    sysfs_tree_write(tree, "chain/" ADDRESS, chain, 48 * 3);
    function = read_function(tree);
    assert_fact(function, ZPCI_FACT_PFGID, 0xff, ZPCI_SOURCE_SYSFS);
    assert_no_fact(function, ZPCI_FACT_DMA_START);
    expect_has(zpci_function_get_warnings(function)[0],
               "The capability chain of 0005:00:00.0 is damaged and is not used: ");
    g_assert_null(zpci_function_get_warnings(function)[1]);
}

static void
test_chain_that_is_no_hexadecimal_text_is_a_warning(void)
{
    g_autoptr(SysfsTree) tree = make_tree();
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_write(tree, "chain/" ADDRESS, "00 00 00 7\n", -1);
    function = read_function(tree);
    assert_fact(function, ZPCI_FACT_PFGID, 0xff, ZPCI_SOURCE_SYSFS);
    expect_has(zpci_function_get_warnings(function)[0], "chain/0005:00:00.0: Line 1 of");
    g_assert_null(zpci_function_get_warnings(function)[1]);
}

static ZpciFunction *
read_standby(LiveHost *live)
{
    g_autoptr(GError) error = NULL;
    ZpciFunction *function = zpci_reading_read_standby(live->host, LIVE_HOST_FID, &error);

    g_assert_no_error(error);
    g_assert_true(zpci_function_is_standby(function));
    return function;
}

static void
test_function_in_standby_is_told_by_clp(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, FALSE);
    kernel_script_add_clp(CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST);
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, LIVE_HOST_HANDLE, KERNEL_SCRIPT_FUNCTION);
    kernel_script_add_clp(CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP);
    function = read_standby(live);
    assert_fact(function, ZPCI_FACT_FID, LIVE_HOST_FID, ZPCI_SOURCE_SYSFS);
    assert_fact(function, ZPCI_FACT_UID, LIVE_HOST_UID, ZPCI_SOURCE_CLP);
    assert_fact(function, ZPCI_FACT_MUI, 4000, ZPCI_SOURCE_CLP);
    assert_fact(function, ZPCI_FACT_UID_UNIQUE, 0, ZPCI_SOURCE_CLP);
    assert_no_fact(function, ZPCI_FACT_MIO);
    g_assert_null(zpci_function_get_reason(function, ZPCI_FACT_MIO));
}

/* Who is not root learns why even the UID is missing. */
static void
test_function_in_standby_without_clp_has_reasons(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, FALSE);
    kernel_script_add_failure("clp", EACCES);
    function = read_standby(live);
    assert_fact(function, ZPCI_FACT_FID, LIVE_HOST_FID, ZPCI_SOURCE_SYSFS);
    for (guint i = 0; i < 2; i++) {
        ZpciFact fact = i == 0 ? ZPCI_FACT_UID : ZPCI_FACT_MUI;

        assert_no_fact(function, fact);
        expect_has(zpci_function_get_reason(function, fact), "/dev/clp failed: Permission denied");
    }
}

/* The kernel tells everybody what holds for all functions, and newer ones the UID. */
static void
test_function_in_standby_is_told_by_sysfs(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(ZpciFunction) function = NULL;

    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, FALSE);
    sysfs_tree_write(live->tree, "sys/bus/pci/slots/0000000c/uid", "0x7b\n", -1);
    sysfs_tree_write(live->tree, "sys/firmware/clp/uid_checking", "1\n", -1);
    kernel_script_add_failure("clp", EACCES);
    function = read_standby(live);
    assert_fact(function, ZPCI_FACT_UID, 0x7b, ZPCI_SOURCE_SYSFS);
    assert_fact(function, ZPCI_FACT_UID_UNIQUE, 1, ZPCI_SOURCE_SYSFS);
    assert_no_fact(function, ZPCI_FACT_PFGID);

    sysfs_tree_write(live->tree, "sys/firmware/clp/uid_checking", "0\n", -1);
    kernel_script_add_failure("clp", EACCES);
    zpci_function_unref(function);
    function = read_standby(live);
    assert_fact(function, ZPCI_FACT_UID_UNIQUE, 0, ZPCI_SOURCE_SYSFS);
}

static void
test_function_that_is_configured_is_not_in_standby(void)
{
    g_autoptr(LiveHost) live = live_host_new();
    g_autoptr(GError) error = NULL;

    sysfs_tree_add_slot(live->tree, LIVE_HOST_FID, TRUE);
    kernel_script_add_failure("clp", EACCES);
    g_assert_null(zpci_reading_read_standby(live->host, LIVE_HOST_FID, &error));
    expect_error(&error, ZPCI_ERROR_NOT_FOUND, "0x0000000c in standby");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-reading/function-id-makes-a-zpci-function",
                    test_function_id_makes_a_zpci_function);
    g_test_add_func("/zpci-reading/all-attributes-are-read", test_all_attributes_are_read);
    g_test_add_func("/zpci-reading/path-needs-all-four-segments",
                    test_path_needs_all_four_segments);
    g_test_add_func("/zpci-reading/damaged-attribute-is-a-reason-and-harms-no-other",
                    test_damaged_attribute_is_a_reason_and_harms_no_other);
    g_test_add_func("/zpci-reading/unreadable-attribute-is-a-reason",
                    test_unreadable_attribute_is_a_reason);
    g_test_add_func("/zpci-reading/damaged-function-id-is-a-reason",
                    test_damaged_function_id_is_a_reason);
    g_test_add_func("/zpci-reading/utility-string-is-read-as-bytes",
                    test_utility_string_is_read_as_bytes);
    g_test_add_func("/zpci-reading/unreadable-utility-string-is-a-warning",
                    test_unreadable_utility_string_is_a_warning);
    g_test_add_func("/zpci-reading/chain-adds-what-sysfs-does-not-know",
                    test_chain_adds_what_sysfs_does_not_know);
    g_test_add_func("/zpci-reading/chain-that-disagrees-wins-and-warns",
                    test_chain_that_disagrees_wins_and_warns);
    g_test_add_func("/zpci-reading/damaged-chain-is-a-warning-and-is-not-used",
                    test_damaged_chain_is_a_warning_and_is_not_used);
    g_test_add_func("/zpci-reading/chain-that-is-no-hexadecimal-text-is-a-warning",
                    test_chain_that_is_no_hexadecimal_text_is_a_warning);
    g_test_add_func("/zpci-reading/function-in-standby-is-told-by-clp",
                    test_function_in_standby_is_told_by_clp);
    g_test_add_func("/zpci-reading/function-in-standby-without-clp-has-reasons",
                    test_function_in_standby_without_clp_has_reasons);
    g_test_add_func("/zpci-reading/function-in-standby-is-told-by-sysfs",
                    test_function_in_standby_is_told_by_sysfs);
    g_test_add_func("/zpci-reading/function-that-is-configured-is-not-in-standby",
                    test_function_that_is_configured_is_not_in_standby);
    return g_test_run();
}
