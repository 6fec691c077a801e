/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-function.h"

#include "zpci-function-private.h"

/* What sysfs says of a function of a RoCE card, whose pft is damaged. */
static ZpciFunction *
make_function(void)
{
    static const guint8 util[] = { 0xd9, 0x96, 0xc3, 0xc5 };
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0x102);
    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, 0);
    zpci_facts_set(&facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_VFIO, 0x0a);
    zpci_facts_set(&facts, ZPCI_FACT_PCHID, ZPCI_SOURCE_SYSFS, 0x1c0);
    zpci_facts_set_reason(&facts, ZPCI_FACT_PFT, g_strdup("The attribute pft is damaged."));
    zpci_facts_set_util(&facts, ZPCI_SOURCE_SYSFS, util, sizeof util);
    zpci_facts_warn(&facts, g_strdup("pchid differs."));
    return zpci_function_new(&facts);
}

static void
test_known_facts_have_value_and_source(void)
{
    g_autoptr(ZpciFunction) function = make_function();
    guint64 value = 77;

    g_assert_true(zpci_function_get(function, ZPCI_FACT_FID, &value));
    g_assert_cmphex(value, ==, 0x102);
    g_assert_cmpint(zpci_function_get_source(function, ZPCI_FACT_FID), ==, ZPCI_SOURCE_SYSFS);
    g_assert_cmpint(zpci_function_get_source(function, ZPCI_FACT_PFGID), ==, ZPCI_SOURCE_VFIO);
    g_assert_true(zpci_function_get(function, ZPCI_FACT_PCHID, NULL));
    g_assert_null(zpci_function_get_reason(function, ZPCI_FACT_FID));
}

/* UID 0 says that UID checking is off, which is something else than not knowing. */
static void
test_zero_is_a_value(void)
{
    g_autoptr(ZpciFunction) function = make_function();
    guint64 value = 77;

    g_assert_true(zpci_function_get(function, ZPCI_FACT_UID, &value));
    g_assert_cmphex(value, ==, 0);
}

static void
test_unknown_fact_writes_nothing(void)
{
    g_autoptr(ZpciFunction) function = make_function();
    guint64 value = 77;

    g_assert_false(zpci_function_get(function, ZPCI_FACT_PFT, &value));
    g_assert_false(zpci_function_get(function, ZPCI_FACT_MUI, &value));
    g_assert_cmphex(value, ==, 77);
    g_assert_cmpint(zpci_function_get_source(function, ZPCI_FACT_PFT), ==, ZPCI_SOURCE_NONE);
    g_assert_cmpstr(zpci_function_get_reason(function, ZPCI_FACT_PFT), ==,
                    "The attribute pft is damaged.");
    g_assert_null(zpci_function_get_reason(function, ZPCI_FACT_MUI));
}

static void
test_class_is_named_after_its_most_trusted_source(void)
{
    g_autoptr(ZpciFunction) function = make_function();

    g_assert_cmpint(zpci_function_get_kind_source(function, ZPCI_FACT_KIND_IDENTITY), ==,
                    ZPCI_SOURCE_SYSFS);
    g_assert_cmpint(zpci_function_get_kind_source(function, ZPCI_FACT_KIND_FUNCTION), ==,
                    ZPCI_SOURCE_VFIO);
    g_assert_cmpint(zpci_function_get_kind_source(function, ZPCI_FACT_KIND_GROUP), ==,
                    ZPCI_SOURCE_NONE);
}

static void
test_util_is_bytes_and_text(void)
{
    g_autoptr(ZpciFunction) function = make_function();
    g_autofree char *text = zpci_function_get_util_text(function);
    ZpciSource source = ZPCI_SOURCE_NONE;
    const guint8 *util = zpci_function_get_util(function, &source);

    g_assert_cmpstr(text, ==, "RoCE");
    g_assert_cmpint(source, ==, ZPCI_SOURCE_SYSFS);
    g_assert_cmphex(util[0], ==, 0xd9);
    g_assert_cmphex(util[ZPCI_UTIL_SIZE - 1], ==, 0);
}

static void
test_function_without_util_has_none(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(ZpciFunction) function = zpci_function_new(&facts);
    ZpciSource source = ZPCI_SOURCE_CLP;

    g_assert_null(zpci_function_get_util(function, &source));
    g_assert_cmpint(source, ==, ZPCI_SOURCE_CLP);
    g_assert_null(zpci_function_get_util_text(function));
    g_assert_null(zpci_function_get_warnings(function)[0]);
}

static void
test_warnings_end_with_null(void)
{
    g_autoptr(ZpciFunction) function = make_function();

    g_assert_cmpstr(zpci_function_get_warnings(function)[0], ==, "pchid differs.");
    g_assert_null(zpci_function_get_warnings(function)[1]);
}

static void
test_function_takes_the_facts_over(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(ZpciFunction) function = NULL;

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 1);
    zpci_facts_set_reason(&facts, ZPCI_FACT_UID, g_strdup("why"));
    function = zpci_function_new(&facts);
    g_assert_cmpint(facts.sources[ZPCI_FACT_FID], ==, ZPCI_SOURCE_NONE);
    g_assert_null(facts.reasons[ZPCI_FACT_UID]);
    g_assert_cmpstr(zpci_function_get_reason(function, ZPCI_FACT_UID), ==, "why");
}

static void
test_function_lives_as_long_as_its_last_reference(void)
{
    ZpciFunction *function = make_function();
    ZpciFunction *second = zpci_function_ref(function);
    guint64 value = 0;

    zpci_function_unref(function);
    g_assert_true(zpci_function_get(second, ZPCI_FACT_FID, &value));
    g_assert_cmphex(value, ==, 0x102);
    zpci_function_unref(second);
    zpci_function_unref(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-function/known-facts-have-value-and-source",
                    test_known_facts_have_value_and_source);
    g_test_add_func("/zpci-function/zero-is-a-value", test_zero_is_a_value);
    g_test_add_func("/zpci-function/unknown-fact-writes-nothing", test_unknown_fact_writes_nothing);
    g_test_add_func("/zpci-function/class-is-named-after-its-most-trusted-source",
                    test_class_is_named_after_its_most_trusted_source);
    g_test_add_func("/zpci-function/util-is-bytes-and-text", test_util_is_bytes_and_text);
    g_test_add_func("/zpci-function/function-without-util-has-none",
                    test_function_without_util_has_none);
    g_test_add_func("/zpci-function/warnings-end-with-null", test_warnings_end_with_null);
    g_test_add_func("/zpci-function/function-takes-the-facts-over",
                    test_function_takes_the_facts_over);
    g_test_add_func("/zpci-function/function-lives-as-long-as-its-last-reference",
                    test_function_lives_as_long_as_its_last_reference);
    return g_test_run();
}
