/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-facts.h"

#include <string.h>

static void
assert_fact(const ZpciFacts *facts, ZpciFact fact, guint64 value, ZpciSource source)
{
    g_assert_cmphex(facts->values[fact], ==, value);
    g_assert_cmpint(facts->sources[fact], ==, source);
}

static guint
count_warnings(const ZpciFacts *facts)
{
    return facts->warnings != NULL ? facts->warnings->len : 0;
}

/* Merges @second into @first, both knowing @fact only, and returns the source that stays. */
static ZpciSource
merge_two(ZpciFact fact, ZpciSource first, ZpciSource second)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_auto(ZpciFacts) other = { 0 };

    zpci_facts_set(&facts, fact, first, 1);
    zpci_facts_set(&other, fact, second, 1);
    zpci_facts_merge(&facts, &other);
    g_assert_cmpuint(count_warnings(&facts), ==, 0);
    return facts.sources[fact];
}

static void
assert_trust(ZpciFact fact, ZpciSource most, ZpciSource middle, ZpciSource least)
{
    g_assert_cmpint(merge_two(fact, most, middle), ==, most);
    g_assert_cmpint(merge_two(fact, middle, most), ==, most);
    g_assert_cmpint(merge_two(fact, most, least), ==, most);
    g_assert_cmpint(merge_two(fact, least, most), ==, most);
    g_assert_cmpint(merge_two(fact, middle, least), ==, middle);
    g_assert_cmpint(merge_two(fact, least, middle), ==, middle);
}

static void
test_identity_trusts_sysfs_most(void)
{
    assert_trust(ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, ZPCI_SOURCE_CLP, ZPCI_SOURCE_VFIO);
    assert_trust(ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, ZPCI_SOURCE_CLP, ZPCI_SOURCE_VFIO);
}

static void
test_function_and_group_trust_vfio_most(void)
{
    assert_trust(ZPCI_FACT_PFGID, ZPCI_SOURCE_VFIO, ZPCI_SOURCE_CLP, ZPCI_SOURCE_SYSFS);
    assert_trust(ZPCI_FACT_DMA_START, ZPCI_SOURCE_VFIO, ZPCI_SOURCE_CLP, ZPCI_SOURCE_SYSFS);
    assert_trust(ZPCI_FACT_MUI, ZPCI_SOURCE_VFIO, ZPCI_SOURCE_CLP, ZPCI_SOURCE_SYSFS);
}

static void
test_facts_of_two_sources_add_up(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_auto(ZpciFacts) chain = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0xffffffff);
    zpci_facts_set(&chain, ZPCI_FACT_MUI, ZPCI_SOURCE_VFIO, 4000);
    zpci_facts_warn(&chain, g_strdup("The chain is odd."));
    zpci_facts_merge(&facts, &chain);

    assert_fact(&facts, ZPCI_FACT_FID, 0xffffffff, ZPCI_SOURCE_SYSFS);
    assert_fact(&facts, ZPCI_FACT_MUI, 4000, ZPCI_SOURCE_VFIO);
    g_assert_cmpuint(count_warnings(&facts), ==, 1);
    g_assert_cmpstr(g_ptr_array_index(facts.warnings, 0), ==, "The chain is odd.");
    assert_fact(&chain, ZPCI_FACT_MUI, 0, ZPCI_SOURCE_NONE);
    g_assert_null(chain.warnings);
}

static void
test_conflict_names_both(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_auto(ZpciFacts) chain = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_PCHID, ZPCI_SOURCE_SYSFS, 0x1c0);
    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, 5);
    zpci_facts_set(&chain, ZPCI_FACT_PCHID, ZPCI_SOURCE_VFIO, 0x1c4);
    zpci_facts_set(&chain, ZPCI_FACT_UID, ZPCI_SOURCE_VFIO, 6);
    zpci_facts_merge(&facts, &chain);

    assert_fact(&facts, ZPCI_FACT_PCHID, 0x1c4, ZPCI_SOURCE_VFIO);
    assert_fact(&facts, ZPCI_FACT_UID, 5, ZPCI_SOURCE_SYSFS);
    g_assert_cmpuint(count_warnings(&facts), ==, 2);
    g_assert_cmpstr(
        g_ptr_array_index(facts.warnings, 0), ==,
        "uid is 0x0005 according to sysfs, but 0x0006 according to vfio; the first one is shown.");
    g_assert_cmpstr(g_ptr_array_index(facts.warnings, 1), ==,
                    "pchid is 0x01c4 according to vfio, but 0x01c0 according to sysfs; the first "
                    "one is shown.");
}

/* The handle changes by itself, and VFIO offers less of the DMA range than CLP reports. */
static void
test_handle_and_dma_range_may_differ(void)
{
    static const ZpciFact exempt[] = { ZPCI_FACT_HANDLE, ZPCI_FACT_DMA_START, ZPCI_FACT_DMA_END };

    for (guint i = 0; i < G_N_ELEMENTS(exempt); i++) {
        g_auto(ZpciFacts) facts = { 0 };
        g_auto(ZpciFacts) other = { 0 };

        zpci_facts_set(&facts, exempt[i], ZPCI_SOURCE_CLP, 0x1000);
        zpci_facts_set(&other, exempt[i], ZPCI_SOURCE_VFIO, 0x2000);
        zpci_facts_merge(&facts, &other);
        assert_fact(&facts, exempt[i], 0x2000, ZPCI_SOURCE_VFIO);
        g_assert_cmpuint(count_warnings(&facts), ==, 0);
    }
}

static void
test_reason_stays_until_a_source_knows(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_auto(ZpciFacts) chain = { 0 };

    zpci_facts_set_reason(&facts, ZPCI_FACT_PFT, g_strdup("pft is damaged."));
    zpci_facts_set_reason(&facts, ZPCI_FACT_UID, g_strdup("uid is damaged."));
    zpci_facts_set_reason(&chain, ZPCI_FACT_MUI, g_strdup("mui is damaged."));
    zpci_facts_set(&chain, ZPCI_FACT_PFT, ZPCI_SOURCE_VFIO, 2);
    zpci_facts_merge(&facts, &chain);

    g_assert_null(facts.reasons[ZPCI_FACT_PFT]);
    assert_fact(&facts, ZPCI_FACT_PFT, 2, ZPCI_SOURCE_VFIO);
    g_assert_cmpstr(facts.reasons[ZPCI_FACT_UID], ==, "uid is damaged.");
    g_assert_cmpstr(facts.reasons[ZPCI_FACT_MUI], ==, "mui is damaged.");
}

static void
test_reason_of_one_source_does_not_hide_the_value_of_another(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_auto(ZpciFacts) other = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, 5);
    zpci_facts_set_reason(&other, ZPCI_FACT_UID, g_strdup("uid is damaged."));
    zpci_facts_merge(&facts, &other);

    assert_fact(&facts, ZPCI_FACT_UID, 5, ZPCI_SOURCE_SYSFS);
    g_assert_null(facts.reasons[ZPCI_FACT_UID]);
}

static void
test_util_of_padding_is_none(void)
{
    static const guint8 padding[ZPCI_UTIL_SIZE] = { 0x40, 0x40, 0x00 };
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set_util(&facts, ZPCI_SOURCE_SYSFS, padding, sizeof padding);
    g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_NONE);
    zpci_facts_set_util(&facts, ZPCI_SOURCE_SYSFS, padding, 0);
    g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_NONE);
}

static void
test_util_is_padded_or_cut(void)
{
    guint8 bytes[ZPCI_UTIL_SIZE + 8];
    guint8 padded[ZPCI_UTIL_SIZE] = { 0xc1, 0xc1, 0xc1 };
    g_auto(ZpciFacts) facts = { 0 };

    memset(bytes, 0xc1, sizeof bytes);
    zpci_facts_set_util(&facts, ZPCI_SOURCE_VFIO, bytes, 3);
    g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_VFIO);
    g_assert_cmpmem(facts.util, ZPCI_UTIL_SIZE, padded, ZPCI_UTIL_SIZE);

    zpci_facts_set_util(&facts, ZPCI_SOURCE_VFIO, bytes, sizeof bytes);
    g_assert_cmpmem(facts.util, ZPCI_UTIL_SIZE, bytes, ZPCI_UTIL_SIZE);
}

static void
test_util_trusts_vfio_most(void)
{
    static const guint8 roce[] = { 0xd9 };
    static const guint8 other_text[] = { 0xc1 };

    for (guint vfio_first = 0; vfio_first < 2; vfio_first++) {
        g_auto(ZpciFacts) facts = { 0 };
        g_auto(ZpciFacts) other = { 0 };

        zpci_facts_set_util(vfio_first ? &facts : &other, ZPCI_SOURCE_VFIO, roce, 1);
        zpci_facts_set_util(vfio_first ? &other : &facts, ZPCI_SOURCE_SYSFS, other_text, 1);
        zpci_facts_merge(&facts, &other);
        g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_VFIO);
        g_assert_cmphex(facts.util[0], ==, 0xd9);
        g_assert_cmpuint(count_warnings(&facts), ==, 1);
        g_assert_cmpstr(
            g_ptr_array_index(facts.warnings, 0), ==,
            "util is 'R' according to vfio, but 'A' according to sysfs; the first one is shown.");
    }
}

static void
test_same_util_of_two_sources_is_no_conflict(void)
{
    static const guint8 roce[] = { 0xd9 };
    g_auto(ZpciFacts) facts = { 0 };
    g_auto(ZpciFacts) other = { 0 };

    zpci_facts_set_util(&facts, ZPCI_SOURCE_SYSFS, roce, 1);
    zpci_facts_set_util(&other, ZPCI_SOURCE_VFIO, roce, 1);
    zpci_facts_merge(&facts, &other);
    g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_VFIO);
    g_assert_cmpuint(count_warnings(&facts), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-facts/identity-trusts-sysfs-most", test_identity_trusts_sysfs_most);
    g_test_add_func("/zpci-facts/function-and-group-trust-vfio-most",
                    test_function_and_group_trust_vfio_most);
    g_test_add_func("/zpci-facts/facts-of-two-sources-add-up", test_facts_of_two_sources_add_up);
    g_test_add_func("/zpci-facts/conflict-names-both", test_conflict_names_both);
    g_test_add_func("/zpci-facts/handle-and-dma-range-may-differ",
                    test_handle_and_dma_range_may_differ);
    g_test_add_func("/zpci-facts/reason-stays-until-a-source-knows",
                    test_reason_stays_until_a_source_knows);
    g_test_add_func("/zpci-facts/reason-of-one-source-does-not-hide-the-value-of-another",
                    test_reason_of_one_source_does_not_hide_the_value_of_another);
    g_test_add_func("/zpci-facts/util-of-padding-is-none", test_util_of_padding_is_none);
    g_test_add_func("/zpci-facts/util-is-padded-or-cut", test_util_is_padded_or_cut);
    g_test_add_func("/zpci-facts/util-trusts-vfio-most", test_util_trusts_vfio_most);
    g_test_add_func("/zpci-facts/same-util-of-two-sources-is-no-conflict",
                    test_same_util_of_two_sources_is_no_conflict);
    return g_test_run();
}
