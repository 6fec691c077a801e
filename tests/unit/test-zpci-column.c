/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-column.h"

#include "expect.h"
#include "zpci-function-private.h"

static ZpciRow *
make_row(const char *name)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0x102);
    zpci_facts_set(&facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_CLP, 0xf0);
    zpci_facts_set(&facts, ZPCI_FACT_PFT, ZPCI_SOURCE_CLP, 2);
    zpci_facts_set(&facts, ZPCI_FACT_PORT, ZPCI_SOURCE_SYSFS, 1);
    zpci_facts_set_reason(&facts, ZPCI_FACT_UID, g_strdup("The attribute uid is damaged."));
    return zpci_row_new(name, zpci_function_new(&facts));
}

static void
assert_cell(const ZpciRow *row, const char *name, const char *text, const char *source)
{
    const ZpciColumn *column = zpci_column_find(name);
    g_autofree char *shown = zpci_column_format(column, row);
    g_autofree char *from = zpci_column_get_source(column, row);

    g_assert_cmpstr(shown, ==, text);
    g_assert_cmpstr(from, ==, source);
}

static void
test_facts(void)
{
    g_autoptr(ZpciRow) row = make_row("pci_0000_00_00_2");

    assert_cell(row, "name", "pci_0000_00_00_2", "sysfs");
    assert_cell(row, "state", "configured", "sysfs");
    assert_cell(row, "fid", "0x00000102", "sysfs");
    assert_cell(row, "type", "roce", "clp");
    assert_cell(row, "simulated", "yes", "clp");
    assert_cell(row, "port", "1", "sysfs");
    assert_cell(row, "uid", NULL, NULL);
    g_assert_cmpstr(zpci_column_get_reason(zpci_column_find("uid"), row), ==,
                    "The attribute uid is damaged.");
    g_assert_null(zpci_column_get_reason(zpci_column_find("vfn"), row));
}

/* What was not looked at is not known; what was may be nothing. */
static void
test_nothing_and_not_known(void)
{
    g_autoptr(ZpciRow) row = make_row("pci_0000_00_00_2");

    assert_cell(row, "class", NULL, NULL);
    assert_cell(row, "driver", NULL, NULL);
    assert_cell(row, "vfio", NULL, NULL);
    assert_cell(row, "iface", NULL, NULL);
    assert_cell(row, "guest", NULL, NULL);
    row->address = g_strdup("0000:00:00.2");
    row->class_code = 0x020000;
    row->knows_driver = TRUE;
    row->virtual_functions = g_strsplit("0000:00:00.3 0000:00:00.4", " ", 0);
    row->interfaces = g_new0(char *, 1);
    row->holder = zpci_holder_new(ZPCI_HOLDER_NOBODY, NULL, 0);
    assert_cell(row, "class", "0x020000", "sysfs");
    assert_cell(row, "driver", "", "sysfs");
    assert_cell(row, "vfio", "no", "sysfs");
    assert_cell(row, "virtual", "0000:00:00.3,0000:00:00.4", "sysfs");
    assert_cell(row, "iface", "", "sysfs");
    assert_cell(row, "numa_node", NULL, NULL);
    assert_cell(row, "used_by", "nobody", "proc");
    assert_cell(row, "guest", "", "proc");
    assert_cell(row, "pid", "", "proc");
}

static void
test_holder(void)
{
    g_autoptr(ZpciRow) row = make_row("pci_0000_00_00_2");

    row->holder_reason = g_strdup("Only root may look.");
    g_assert_cmpstr(zpci_column_get_reason(zpci_column_find("used_by"), row), ==,
                    "Only root may look.");
    row->holder = zpci_holder_new(ZPCI_HOLDER_GUEST, "db", 0);
    assert_cell(row, "guest", "db", "libvirt");
    assert_cell(row, "pid", NULL, NULL);
    g_assert_null(zpci_column_get_reason(zpci_column_find("guest"), row));
    g_assert_cmpstr(zpci_column_get_reason(zpci_column_find("pid"), row), ==,
                    "Only root may look.");
    zpci_holder_free(row->holder);
    row->holder = zpci_holder_new(ZPCI_HOLDER_GUEST, "web", 77);
    assert_cell(row, "used_by", "guest web", "proc");
    assert_cell(row, "use", "guest", "proc");
    assert_cell(row, "guest", "web", "proc");
    assert_cell(row, "pid", "77", "proc");
}

static void
test_foreign_bytes_are_made_safe(void)
{
    g_autoptr(ZpciRow) row = make_row("pci_0000_00_00_2");

    row->interfaces = g_strsplit("eth\033[31m0", " ", 0);
    assert_cell(row, "iface", "eth\\x1b[31m0", "sysfs");
}

static void
test_a_name_is_found_as_it_is_written(void)
{
    const ZpciColumn *column = zpci_column_find("used_by");

    g_assert_nonnull(column);
    g_assert_true(zpci_column_find("USED-BY") == column);
    g_assert_true(zpci_column_find("Used_By") == column);
    g_assert_null(zpci_column_find("used"));
    g_assert_null(zpci_column_find(""));
}

/* A heading is the name in capitals, and no name is there twice. */
static void
test_names_and_headings(void)
{
    guint count;
    const ZpciColumn *columns = zpci_column_list(&count);

    for (guint i = 0; i < count; i++) {
        g_autofree char *upper = g_ascii_strup(columns[i].name, -1);

        g_assert_cmpstr(g_strdelimit(upper, "_", '-'), ==, columns[i].heading);
        g_assert_true(zpci_column_find(columns[i].name) == &columns[i]);
        g_assert_true(columns[i].help[0] != '\0');
    }
}

/* Each fact has a column. */
static void
test_no_fact_is_forgotten(void)
{
    guint n_facts, count;
    const ZpciFact *facts = zpci_fact_list(&n_facts);
    const ZpciColumn *columns = zpci_column_list(&count);

    for (guint i = 0; i < n_facts; i++) {
        gboolean found = FALSE;

        for (guint k = 0; k < count; k++)
            found = found || (columns[k].is_fact && columns[k].fact == facts[i]);
        g_assert_true(found);
    }
}

static void
test_order(void)
{
    g_autoptr(ZpciRow) one = make_row("pci_0000_00_00_2");
    g_autoptr(ZpciRow) other = make_row("pci_0000_00_00_3");
    const ZpciColumn *group = zpci_column_find("iommu_group");
    const ZpciColumn *interfaces = zpci_column_find("iface");

    g_assert_cmpint(zpci_column_compare(zpci_column_find("name"), one, other), <, 0);
    g_assert_cmpint(zpci_column_compare(zpci_column_find("fid"), one, other), ==, 0);
    one->iommu_group = 10;
    g_assert_cmpint(zpci_column_compare(group, one, other), <, 0);
    g_assert_cmpint(zpci_column_compare(group, other, one), >, 0);
    other->iommu_group = 9;
    g_assert_cmpint(zpci_column_compare(group, one, other), >, 0);
    one->interfaces = g_strsplit("eth0", " ", 0);
    other->interfaces = g_strsplit("eth0 eth1", " ", 0);
    g_assert_cmpint(zpci_column_compare(interfaces, one, other), <, 0);
    g_assert_cmpint(zpci_column_compare(interfaces, other, one), >, 0);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-column/facts", test_facts);
    g_test_add_func("/zpci-column/nothing-and-not-known", test_nothing_and_not_known);
    g_test_add_func("/zpci-column/holder", test_holder);
    g_test_add_func("/zpci-column/foreign-bytes-are-made-safe", test_foreign_bytes_are_made_safe);
    g_test_add_func("/zpci-column/a-name-is-found-as-it-is-written",
                    test_a_name_is_found_as_it_is_written);
    g_test_add_func("/zpci-column/names-and-headings", test_names_and_headings);
    g_test_add_func("/zpci-column/no-fact-is-forgotten", test_no_fact_is_forgotten);
    g_test_add_func("/zpci-column/order", test_order);
    return g_test_run();
}
