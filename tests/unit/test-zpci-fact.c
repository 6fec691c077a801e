/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-fact-private.h"

static void
assert_format(ZpciFact fact, guint64 value, const char *expected)
{
    g_autofree char *text = zpci_fact_format(fact, value);

    g_assert_cmpstr(text, ==, expected);
}

static void
test_identities_have_all_their_digits(void)
{
    assert_format(ZPCI_FACT_UID, 0, "0x0000");
    assert_format(ZPCI_FACT_UID, 0x1234, "0x1234");
    assert_format(ZPCI_FACT_UID, 0xFFFF, "0xffff");
    assert_format(ZPCI_FACT_FID, 0xc, "0x0000000c");
    assert_format(ZPCI_FACT_FID, 0xffffffff, "0xffffffff");
    assert_format(ZPCI_FACT_PFGID, 0x0f, "0x0f");
    assert_format(ZPCI_FACT_PCHID, 0x1c0, "0x01c0");
    assert_format(ZPCI_FACT_VFN, 1, "0x0001");
    assert_format(ZPCI_FACT_PFT, 2, "0x02");
    assert_format(ZPCI_FACT_HANDLE, 0x80020000, "0x80020000");
}

static void
test_addresses_have_sixteen_digits(void)
{
    assert_format(ZPCI_FACT_DMA_START, G_GUINT64_CONSTANT(0x100000000), "0x0000000100000000");
    assert_format(ZPCI_FACT_DMA_END, G_MAXUINT64, "0xffffffffffffffff");
    assert_format(ZPCI_FACT_DASM, 0, "0x0000000000000000");
    assert_format(ZPCI_FACT_MSI_ADDRESS, G_GUINT64_CONSTANT(0xfe00000000000000),
                  "0xfe00000000000000");
}

static void
test_counts_are_decimal(void)
{
    assert_format(ZPCI_FACT_PORT, 2, "2");
    assert_format(ZPCI_FACT_GROUP_VERSION, 255, "255");
    assert_format(ZPCI_FACT_MUI, 4000, "4000");
    assert_format(ZPCI_FACT_NOI, 0x80, "128");
    assert_format(ZPCI_FACT_MAXSTBL, 65535, "65535");
    assert_format(ZPCI_FACT_IMAXSTBL, 128, "128");
    assert_format(ZPCI_FACT_FMB_LENGTH, 64, "64");
}

static void
test_switches_are_yes_or_no(void)
{
    assert_format(ZPCI_FACT_UID_UNIQUE, 1, "yes");
    assert_format(ZPCI_FACT_UID_UNIQUE, 0, "no");
    assert_format(ZPCI_FACT_REFRESH, 1, "yes");
    assert_format(ZPCI_FACT_MIO, 0, "no");
}

static void
test_path_has_its_highest_byte_first(void)
{
    assert_format(ZPCI_FACT_PFIP, 0x01a2b304, "01.a2.b3.04");
    assert_format(ZPCI_FACT_PFIP, 0xff, "00.00.00.ff");
}

/* An attribute written twice would make the document ill-formed. */
static void
test_no_two_facts_share_an_attribute(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint fact = 0; fact < ZPCI_N_FACTS; fact++) {
        const ZpciFactInfo *info = zpci_fact_get_info(fact);

        g_assert_nonnull(info);
        g_assert_true(info->width == 1 || info->width == 2 || info->width == 4 || info->width == 8);
        g_assert_cmpuint(info->kind, <, ZPCI_N_FACT_KINDS);
        g_assert_true(g_hash_table_add(
            seen,
            g_strdup_printf("%s@%s", info->element != NULL ? info->element : "json", info->name)));
    }
    g_assert_cmpuint(g_hash_table_size(seen), ==, ZPCI_N_FACTS);
}

/* These four are what makes a guest's address and what an administrator's records hold. */
static void
test_identity_is_told_from_function_and_group(void)
{
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_UID)->kind, ==, ZPCI_FACT_KIND_IDENTITY);
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_FID)->kind, ==, ZPCI_FACT_KIND_IDENTITY);
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_PORT)->kind, ==, ZPCI_FACT_KIND_IDENTITY);
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_UID_UNIQUE)->kind, ==, ZPCI_FACT_KIND_IDENTITY);
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_PFGID)->kind, ==, ZPCI_FACT_KIND_FUNCTION);
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_DMA_END)->kind, ==, ZPCI_FACT_KIND_FUNCTION);
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_MUI)->kind, ==, ZPCI_FACT_KIND_GROUP);
    g_assert_cmpint(zpci_fact_get_info(ZPCI_FACT_DASM)->kind, ==, ZPCI_FACT_KIND_GROUP);
}

/* Programs that were built before keep the numbers that they were built with. */
static void
test_numbers_of_facts_stay(void)
{
    g_assert_cmpint(ZPCI_FACT_UID, ==, 0);
    g_assert_cmpint(ZPCI_FACT_UID_UNIQUE, ==, 7);
    g_assert_cmpint(ZPCI_FACT_PFIP, ==, 18);
    g_assert_cmpint(ZPCI_FACT_FIDPARM, ==, 22);
}

static void
test_each_fact_is_shown_once(void)
{
    guint n_facts = 0;
    const ZpciFact *facts = zpci_fact_list(&n_facts);
    guint64 seen = 0;

    g_assert_cmpuint(n_facts, ==, ZPCI_N_FACTS);
    for (guint i = 0; i < n_facts; i++) {
        g_assert_nonnull(zpci_fact_get_info(facts[i]));
        g_assert_cmphex(seen & G_GUINT64_CONSTANT(1) << facts[i], ==, 0);
        seen |= G_GUINT64_CONSTANT(1) << facts[i];
    }
}

static void
test_there_is_no_fact_behind_the_last(void)
{
    g_assert_null(zpci_fact_get_info(ZPCI_N_FACTS));
    g_assert_null(zpci_fact_get_info((ZpciFact)-1));
}

static void
test_sources_have_names(void)
{
    g_assert_null(zpci_source_get_name(ZPCI_SOURCE_NONE));
    g_assert_cmpstr(zpci_source_get_name(ZPCI_SOURCE_SYSFS), ==, "sysfs");
    g_assert_cmpstr(zpci_source_get_name(ZPCI_SOURCE_CLP), ==, "clp");
    g_assert_cmpstr(zpci_source_get_name(ZPCI_SOURCE_VFIO), ==, "vfio");
    g_assert_null(zpci_source_get_name((ZpciSource)99));
}

static void
test_function_types_have_names(void)
{
    g_assert_cmpstr(zpci_pft_get_name(0x00), ==, "unclassified");
    g_assert_cmpstr(zpci_pft_get_name(0x02), ==, "roce");
    g_assert_cmpstr(zpci_pft_get_name(0x05), ==, "ism");
    g_assert_cmpstr(zpci_pft_get_name(0x0a), ==, "roce2");
    g_assert_cmpstr(zpci_pft_get_name(0x0b), ==, "nvme");
    g_assert_cmpstr(zpci_pft_get_name(0x0c), ==, "networkExpressHybrid");
    g_assert_cmpstr(zpci_pft_get_name(0x0d), ==, "cnw");
    g_assert_cmpstr(zpci_pft_get_name(0x0f), ==, "networkExpressDirect");
    g_assert_null(zpci_pft_get_name(0x01));
    g_assert_null(zpci_pft_get_name(0xff));
    g_assert_null(zpci_pft_get_name(0x102));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-fact/identities-have-all-their-digits",
                    test_identities_have_all_their_digits);
    g_test_add_func("/zpci-fact/addresses-have-sixteen-digits", test_addresses_have_sixteen_digits);
    g_test_add_func("/zpci-fact/counts-are-decimal", test_counts_are_decimal);
    g_test_add_func("/zpci-fact/switches-are-yes-or-no", test_switches_are_yes_or_no);
    g_test_add_func("/zpci-fact/path-has-its-highest-byte-first",
                    test_path_has_its_highest_byte_first);
    g_test_add_func("/zpci-fact/no-two-facts-share-an-attribute",
                    test_no_two_facts_share_an_attribute);
    g_test_add_func("/zpci-fact/identity-is-told-from-function-and-group",
                    test_identity_is_told_from_function_and_group);
    g_test_add_func("/zpci-fact/numbers-of-facts-stay", test_numbers_of_facts_stay);
    g_test_add_func("/zpci-fact/each-fact-is-shown-once", test_each_fact_is_shown_once);
    g_test_add_func("/zpci-fact/there-is-no-fact-behind-the-last",
                    test_there_is_no_fact_behind_the_last);
    g_test_add_func("/zpci-fact/sources-have-names", test_sources_have_names);
    g_test_add_func("/zpci-fact/function-types-have-names", test_function_types_have_names);
    return g_test_run();
}
