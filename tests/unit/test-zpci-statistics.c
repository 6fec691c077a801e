/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-statistics.h"

#include "sysfs-tree.h"
#include "zpci-error.h"

#define PATH "sys/kernel/debug/pci/0005:00:00.0/statistics"
#define HEAD "Update interval: 4000 ms\nSamples: 7\nLast update TOD: e0ffabc012345678\n"

static void
expect_counter(const ZpciStatistics *statistics, guint index, const char *name, guint64 value)
{
    const ZpciCounter *counter = g_ptr_array_index(statistics->counters, index);

    g_assert_cmpstr(counter->name, ==, name);
    g_assert_cmpuint(counter->value, ==, value);
}

static void
expect_problem(const char *text, int code)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_statistics_parse(text, &error));
    g_assert_error(error, ZPCI_ERROR, code);
}

static void
test_counters_have_the_words_of_the_kernel(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciStatistics) statistics = NULL;

    sysfs_tree_write(tree, PATH,
                     HEAD "           Load operations:\t12\n"
                          "            DMA read bytes:\t18446744073709551615\n",
                     -1);
    statistics = zpci_statistics_read(host, "0005:00:00.0", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(statistics->update_ms, ==, 4000);
    g_assert_cmpuint(statistics->samples, ==, 7);
    g_assert_cmpuint(statistics->counters->len, ==, 2);
    expect_counter(statistics, 0, "Load operations", 12);
    expect_counter(statistics, 1, "DMA read bytes", G_MAXUINT64);
}

static void
test_sentences_are_passed_over(void)
{
    g_autoptr(ZpciStatistics) statistics =
        zpci_statistics_parse(HEAD "Unknown format\n\nMapped pages:\t3\n", NULL);

    g_assert_cmpuint(statistics->counters->len, ==, 1);
    expect_counter(statistics, 0, "Mapped pages", 3);
}

static void
test_a_function_that_is_not_measured_has_none(void)
{
    expect_problem("FMB statistics disabled\n", ZPCI_ERROR_WRONG_STATE);
}

static void
test_what_is_no_number_is_refused(void)
{
    static const char *const values[] = { "", "many", "-1", "18446744073709551616", "1 2" };

    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *text = g_strdup_printf(HEAD "Load operations:\t%s\n", values[i]);

        expect_problem(text, ZPCI_ERROR_MALFORMED);
    }
}

static void
test_there_is_a_most_of_them(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(ZpciStatistics) statistics = NULL;

    for (guint i = 0; i < ZPCI_STATISTICS_MAX_COUNTERS; i++)
        g_string_append(text, "a: 1\n");
    statistics = zpci_statistics_parse(text->str, NULL);
    g_assert_cmpuint(statistics->counters->len, ==, ZPCI_STATISTICS_MAX_COUNTERS);
    g_string_append(text, "a: 1\n");
    expect_problem(text->str, ZPCI_ERROR_MALFORMED);
}

static void
test_a_host_without_them_says_so(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciHost) host = sysfs_tree_open(tree);
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_statistics_read(host, "0005:00:00.0", &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-statistics/words", test_counters_have_the_words_of_the_kernel);
    g_test_add_func("/zpci-statistics/sentences", test_sentences_are_passed_over);
    g_test_add_func("/zpci-statistics/disabled", test_a_function_that_is_not_measured_has_none);
    g_test_add_func("/zpci-statistics/numbers", test_what_is_no_number_is_refused);
    g_test_add_func("/zpci-statistics/most", test_there_is_a_most_of_them);
    g_test_add_func("/zpci-statistics/absent", test_a_host_without_them_says_so);
    return g_test_run();
}
