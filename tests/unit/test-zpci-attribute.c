/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-attribute.h"

#include "expect.h"

static const ZpciAttribute *
find(ZpciFact fact)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    for (guint i = 0; i < count; i++) {
        if (attributes[i].fact == fact)
            return &attributes[i];
    }
    g_error("no attribute states the fact %u", fact);
}

static void
assert_reads(ZpciFact fact, const char *text, guint64 value)
{
    const char *const texts[] = { text };
    g_auto(ZpciFacts) facts = { 0 };

    zpci_attribute_parse(find(fact), texts, &facts);
    g_assert_null(facts.reasons[fact]);
    g_assert_cmpint(facts.sources[fact], ==, ZPCI_SOURCE_SYSFS);
    g_assert_cmphex(facts.values[fact], ==, value);
}

static void
assert_damaged(ZpciFact fact, const char *text, const char *limit)
{
    const char *const texts[] = { text };
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *expected = g_strdup_printf("The attribute %s is damaged: '%s' is not a number "
                                                "from 0 to %s;",
                                                find(fact)->names[0], text, limit);

    zpci_attribute_parse(find(fact), texts, &facts);
    g_assert_cmpint(facts.sources[fact], ==, ZPCI_SOURCE_NONE);
    g_assert_cmphex(facts.values[fact], ==, 0);
    expect_has(facts.reasons[fact], expected);
}

static void
test_each_fact_takes_all_of_its_width(void)
{
    assert_reads(ZPCI_FACT_FID, "0xffffffff", 0xffffffff);
    assert_reads(ZPCI_FACT_FID, "0x00000000", 0);
    assert_reads(ZPCI_FACT_UID, "0xffff", 0xffff);
    assert_reads(ZPCI_FACT_UID, "0x0", 0);
    assert_reads(ZPCI_FACT_PFGID, "0xff", 0xff);
    assert_reads(ZPCI_FACT_PCHID, "0xffff", 0xffff);
    assert_reads(ZPCI_FACT_VFN, "0xffff", 0xffff);
    assert_reads(ZPCI_FACT_PFT, "0x0a", 0x0a);
    assert_reads(ZPCI_FACT_PORT, "255", 255);
    assert_reads(ZPCI_FACT_HANDLE, "0x80020000", 0x80020000);
    assert_reads(ZPCI_FACT_FIDPARM, "0xff", 0xff);
    assert_reads(ZPCI_FACT_UID_UNIQUE, "1", 1);
    assert_reads(ZPCI_FACT_MIO, "0", 0);
}

static void
test_a_number_over_the_width_is_a_reason(void)
{
    assert_damaged(ZPCI_FACT_FID, "0x100000000", "0xffffffff");
    assert_damaged(ZPCI_FACT_UID, "0x10000", "0xffff");
    assert_damaged(ZPCI_FACT_UID, "65536", "0xffff");
    assert_damaged(ZPCI_FACT_PFGID, "0x100", "0xff");
    assert_damaged(ZPCI_FACT_PORT, "256", "0xff");
    assert_damaged(ZPCI_FACT_UID_UNIQUE, "2", "0x1");
    assert_damaged(ZPCI_FACT_MIO, "255", "0x1");
}

static void
test_what_is_no_number_is_a_reason(void)
{
    assert_damaged(ZPCI_FACT_UID, "", "0xffff");
    assert_damaged(ZPCI_FACT_UID, "012", "0xffff");
    assert_damaged(ZPCI_FACT_UID, "-1", "0xffff");
    assert_damaged(ZPCI_FACT_UID, "5 ", "0xffff");
    assert_damaged(ZPCI_FACT_FID, "c", "0xffffffff");
    assert_damaged(ZPCI_FACT_FID, "(null)", "0xffffffff");
    assert_damaged(ZPCI_FACT_UID_UNIQUE, "yes", "0x1");
}

static void
test_path_is_put_together_highest_first(void)
{
    const char *const texts[] = { "0x01", "0xa2", "0xb3", "0x04" };
    g_auto(ZpciFacts) facts = { 0 };

    g_assert_cmpstr(find(ZPCI_FACT_PFIP)->names[0], ==, "pfip/segment0");
    g_assert_cmpstr(find(ZPCI_FACT_PFIP)->names[3], ==, "pfip/segment3");
    g_assert_null(find(ZPCI_FACT_PFIP)->names[4]);
    zpci_attribute_parse(find(ZPCI_FACT_PFIP), texts, &facts);
    g_assert_cmphex(facts.values[ZPCI_FACT_PFIP], ==, 0x01a2b304);
}

static void
test_damaged_segment_is_named_and_no_half_path_stays(void)
{
    const char *const texts[] = { "0x01", "0xa2", "0x100", "0x04" };
    g_auto(ZpciFacts) facts = { 0 };

    zpci_attribute_parse(find(ZPCI_FACT_PFIP), texts, &facts);
    g_assert_cmpint(facts.sources[ZPCI_FACT_PFIP], ==, ZPCI_SOURCE_NONE);
    g_assert_cmphex(facts.values[ZPCI_FACT_PFIP], ==, 0);
    expect_has(facts.reasons[ZPCI_FACT_PFIP],
               "The attribute pfip/segment2 is damaged: '0x100' is not a number from 0 to 0xff;");
}

static void
test_list_begins_with_the_function_id(void)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    g_assert_cmpuint(count, ==, 12);
    g_assert_cmpint(attributes[0].fact, ==, ZPCI_FACT_FID);
    g_assert_cmpstr(attributes[0].names[0], ==, "function_id");
    g_assert_cmpstr(find(ZPCI_FACT_HANDLE)->names[0], ==, "function_handle");
    g_assert_cmpstr(find(ZPCI_FACT_UID_UNIQUE)->names[0], ==, "uid_is_unique");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-attribute/each-fact-takes-all-of-its-width",
                    test_each_fact_takes_all_of_its_width);
    g_test_add_func("/zpci-attribute/a-number-over-the-width-is-a-reason",
                    test_a_number_over_the_width_is_a_reason);
    g_test_add_func("/zpci-attribute/what-is-no-number-is-a-reason",
                    test_what_is_no_number_is_a_reason);
    g_test_add_func("/zpci-attribute/path-is-put-together-highest-first",
                    test_path_is_put_together_highest_first);
    g_test_add_func("/zpci-attribute/damaged-segment-is-named-and-no-half-path-stays",
                    test_damaged_segment_is_named_and_no_half_path_stays);
    g_test_add_func("/zpci-attribute/list-begins-with-the-function-id",
                    test_list_begins_with_the_function_id);
    return g_test_run();
}
