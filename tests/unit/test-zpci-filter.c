/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-filter.h"

#include "expect.h"
#include "zpci-function-private.h"

static ZpciRow *
make_row(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    ZpciRow *row;

    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0x102);
    zpci_facts_set(&facts, ZPCI_FACT_PFT, ZPCI_SOURCE_SYSFS, 2);
    zpci_facts_set(&facts, ZPCI_FACT_PORT, ZPCI_SOURCE_SYSFS, 1);
    row = zpci_row_new("pci_0000_00_00_2", zpci_function_new(&facts));
    row->address = g_strdup("0000:00:00.2");
    row->virtual_functions = g_new0(char *, 1);
    row->knows_driver = TRUE;
    row->driver = g_strdup("mlx5_core");
    row->iommu_group = 10;
    row->interfaces = g_strsplit("eth0 eth1", " ", 0);
    return row;
}

static void
test_rows_that_match_and_do_not(void)
{
    static const struct {
        const char *text;
        gboolean matches;
    } cases[] = {
        { "type=roce", TRUE },
        { "TYPE == RoCE", TRUE },
        { "type=ism", FALSE },
        { "type != ism", TRUE },
        { "fid=0x102", TRUE },
        { "fid=00000102", TRUE },
        { "fid = 0x00000103", FALSE },
        { "iommu_group > 9", TRUE },
        { "iommu-group >= 10 and iommu-group<=10", TRUE },
        { "iommu-group lt 10", FALSE },
        { "port ge 2", FALSE },
        { "type=roce and port=1", TRUE },
        { "type=roce && port=2", FALSE },
        { "type=ism or port=1", TRUE },
        { "type=ism || port=2", FALSE },
        { "port=2 or type=roce and port=1", TRUE },
        { "(port=1 or type=roce) and port=2", FALSE },
        { "not port=2", TRUE },
        { "!(port=1)", FALSE },
        { "not not port=1", TRUE },
        { "driver =~ '^mlx'", TRUE },
        { "driver =~ \"^core\"", FALSE },
        { "driver !~ VFIO", TRUE },
        { "iface=eth1", TRUE },
        { "iface=eth2", FALSE },
        { "iface!=eth1", FALSE },
        { "vfio=no", TRUE },
        { "vfio", FALSE },
        { "iface", TRUE },
        { "physical", FALSE },
        { "uid != 0x5", TRUE },
        { "uid < 0x5", FALSE },
        { "name=pci_0000_00_00_2", TRUE },
    };
    g_autoptr(ZpciRow) row = make_row();

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciFilter) filter = NULL;

        g_test_message("%s", cases[i].text);
        filter = zpci_filter_new(cases[i].text, &error);
        g_assert_no_error(error);
        g_assert_true(zpci_filter_matches(filter, row) == cases[i].matches);
    }
}

static void
assert_wrong(const char *text, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_test_message("%s", text);
    g_assert_null(zpci_filter_new(text, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, part);
}

static void
test_what_is_wrong_is_told(void)
{
    g_autofree char *nested = g_strnfill(ZPCI_FILTER_MAX_DEPTH + 1, '(');
    g_autofree char *endless = g_strnfill(ZPCI_FILTER_MAX_LENGTH + 1, 'x');

    assert_wrong("", "ends where the name of a column is expected");
    assert_wrong("kind=roce", "'kind=roce' where the name of a column");
    assert_wrong("type=", "ends where a value is expected");
    assert_wrong("type='roce", "where a value is expected");
    assert_wrong("type=roce port=1", "'port=1' where \"and\", \"or\" or the end");
    assert_wrong("type=roce and", "ends where the name of a column");
    assert_wrong("(type=roce", "ends where ) is expected");
    assert_wrong("fid=102", "FID: '102' can be read in two ways");
    assert_wrong("port=one", "PORT: 'one'");
    assert_wrong("driver =~ '['", "no regular expression '['");
    assert_wrong(nested, "nested more than 64 deep");
    assert_wrong(endless, "longer than 4096 bytes");
}

static void
test_columns_that_have_to_be_read(void)
{
    g_autoptr(ZpciFilter) filter = zpci_filter_new("guest or (iface and type=ism)", NULL);
    const GPtrArray *columns = zpci_filter_get_columns(filter);

    g_assert_cmpuint(columns->len, ==, 3);
    g_assert_true(g_ptr_array_index(columns, 0) == zpci_column_find("guest"));
    g_assert_true(g_ptr_array_index(columns, 2) == zpci_column_find("type"));
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-filter/rows-that-match-and-do-not", test_rows_that_match_and_do_not);
    g_test_add_func("/zpci-filter/what-is-wrong-is-told", test_what_is_wrong_is_told);
    g_test_add_func("/zpci-filter/columns-that-have-to-be-read", test_columns_that_have_to_be_read);
    return g_test_run();
}
