/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-row.h"

#include "zpci-function-private.h"

static ZpciFunction *
make_function(ZpciSource source)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0x102);
    zpci_facts_set(&facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_SYSFS, 6);
    if (source != ZPCI_SOURCE_NONE) {
        zpci_facts_set(&facts, ZPCI_FACT_NOI, source, 64);
        zpci_facts_set(&facts, ZPCI_FACT_DMA_START, source, 0x1000);
    }
    return zpci_function_new(&facts);
}

static void
assert_source(const ZpciRow *row, ZpciFact fact, const char *source)
{
    g_autofree char *shown = zpci_row_get_fact_source(row, fact);

    g_assert_cmpstr(shown, ==, source);
}

static void
test_own_facts(void)
{
    g_autoptr(ZpciRow) row = zpci_row_new("pci_0000_00_00_2", make_function(ZPCI_SOURCE_CLP));
    guint64 value = 0;

    g_assert_true(zpci_row_get_fact(row, ZPCI_FACT_NOI, &value));
    g_assert_cmpuint(value, ==, 64);
    assert_source(row, ZPCI_FACT_NOI, "clp");
    g_assert_false(zpci_row_get_fact(row, ZPCI_FACT_UID, &value));
    assert_source(row, ZPCI_FACT_UID, NULL);
}

/* What is the group's is anybody's of the group, and it is told whose word it is; what is a
 * function's own is not. */
static void
test_limits_of_the_group(void)
{
    g_autoptr(ZpciRow) row = zpci_row_new("pci_0000_00_00_2", make_function(ZPCI_SOURCE_NONE));
    guint64 value = 0;

    row->group = make_function(ZPCI_SOURCE_VFIO);
    row->group_name = g_strdup("pci_0000_00_00_3");
    g_assert_true(zpci_row_get_fact(row, ZPCI_FACT_NOI, &value));
    g_assert_cmpuint(value, ==, 64);
    assert_source(row, ZPCI_FACT_NOI, "vfio of pci_0000_00_00_3");
    g_assert_false(zpci_row_get_fact(row, ZPCI_FACT_DMA_START, &value));
    assert_source(row, ZPCI_FACT_DMA_START, NULL);
}

static void
test_own_limits_come_first(void)
{
    g_autoptr(ZpciRow) row = zpci_row_new("pci_0000_00_00_2", make_function(ZPCI_SOURCE_CLP));
    g_autoptr(ZpciRow) again = zpci_row_ref(row);

    row->group = make_function(ZPCI_SOURCE_VFIO);
    row->group_name = g_strdup("pci_0000_00_00_3");
    assert_source(again, ZPCI_FACT_NOI, "clp");
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-row/own-facts", test_own_facts);
    g_test_add_func("/zpci-row/limits-of-the-group", test_limits_of_the_group);
    g_test_add_func("/zpci-row/own-limits-come-first", test_own_limits_come_first);
    return g_test_run();
}
