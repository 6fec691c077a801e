/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-row-document.h"

#include <string.h>

#include "expect.h"

#define DEVICE(name, driver, more)                                                              \
    "<device><name>" name "</name><driver><name>" driver "</name></driver>"                     \
    "<capability type='pci'><class>0x020000</class><product id='0x1016'/><vendor id='0x15b3'/>" \
    "<capability type='phys_function'>"                                                         \
    "<address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/></capability>"             \
    "<iommuGroup number='3'/>" more "</capability></device>"

/* @row: (transfer full) (nullable) */
static ZpciRow *
read_row(const char *text)
{
    g_autoptr(GError) error = NULL;
    ZpciRow *row;

    g_assert_true(zpci_row_document_read(text, strlen(text), &row, &error));
    g_assert_no_error(error);
    return row;
}

static void
assert_fact(const ZpciRow *row, ZpciFact fact, guint64 expected, ZpciSource source)
{
    guint64 value;

    g_assert_true(zpci_function_get(row->function, fact, &value));
    g_assert_cmphex(value, ==, expected);
    g_assert_cmpint(zpci_function_get_source(row->function, fact), ==, source);
}

static void
test_function(void)
{
    g_autoptr(ZpciRow) row = read_row(
        DEVICE("pci_0005_00_00_1", "mlx5_vfio_pci",
               "<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'>"
               "<function pchid='0x01c0' port='1' uidUnique='yes'/><group mui='4000'/>"
               "<pfip>12.00.00.ff</pfip><source identity='sysfs' function='clp' group='vfio'/>"
               "</zpci>"));

    g_assert_cmpstr(row->name, ==, "pci_0005_00_00_1");
    g_assert_cmpstr(row->address, ==, "0005:00:00.1");
    g_assert_false(zpci_function_is_standby(row->function));
    assert_fact(row, ZPCI_FACT_FID, 0xc, ZPCI_SOURCE_SYSFS);
    assert_fact(row, ZPCI_FACT_PCHID, 0x1c0, ZPCI_SOURCE_CLP);
    assert_fact(row, ZPCI_FACT_UID_UNIQUE, 1, ZPCI_SOURCE_SYSFS);
    assert_fact(row, ZPCI_FACT_PFIP, 0x120000ff, ZPCI_SOURCE_CLP);
    assert_fact(row, ZPCI_FACT_MUI, 4000, ZPCI_SOURCE_VFIO);
    g_assert_false(zpci_function_get(row->function, ZPCI_FACT_NOI, NULL));
    g_assert_cmphex(row->class_code, ==, 0x020000);
    g_assert_cmphex(row->product, ==, 0x1016);
    g_assert_cmpstr(row->driver, ==, "mlx5_vfio_pci");
    g_assert_true(row->is_vfio);
    g_assert_cmpint(row->iommu_group, ==, 3);
    g_assert_cmpint(row->numa_node, ==, ZPCI_ROW_UNKNOWN);
    g_assert_cmpstr(row->physical, ==, "0005:00:00.0");
}

static void
test_function_in_standby(void)
{
    g_autoptr(ZpciRow) row = read_row("<device><name>zpci_00000101</name><capability type='zpci'>"
                                      "<zpci fid='0x00000101'/></capability></device>");

    g_assert_true(zpci_function_is_standby(row->function));
    g_assert_null(row->address);
    assert_fact(row, ZPCI_FACT_FID, 0x101, ZPCI_SOURCE_SYSFS);
}

static void
test_no_function(void)
{
    g_assert_null(read_row(DEVICE("pci_0005_00_00_1", "nvme", "")));
    g_assert_null(read_row(DEVICE("nonsense", "nvme", "<zpci fid='0x00000001'/>")));
    g_assert_null(read_row("<device><zpci fid='0x00000001'/></device>"));
}

/* Values that nobody can mean are not there; texts without end neither. */
static void
test_wrong_values(void)
{
    g_autofree char *endless = g_strnfill(ZPCI_ROW_DOCUMENT_MAX_TEXT + 1, 'x');
    g_auto(GStrv) parts = g_strsplit(DEVICE("pci_0005_00_00_1", "@",
                                            "<zpci uid='0x10005' fid='-1' pfgid='010'>"
                                            "<function port='x' uidUnique='maybe'/>"
                                            "<pfip>1.2.3.4</pfip><util hex='4'/></zpci>"),
                                     "@", 2);
    g_autofree char *text = g_strconcat(parts[0], endless, parts[1], NULL);
    g_autoptr(ZpciRow) row = read_row(text);
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    for (guint i = 0; i < n_facts; i++)
        g_assert_false(zpci_function_get(row->function, facts[i], NULL));
    g_assert_null(row->driver);
    g_assert_null(zpci_function_get_util(row->function, NULL));
}

static void
test_other_documents(void)
{
    static const char *const texts[] = { "", "<domain/>", "<device>", "<!DOCTYPE x><device/>" };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        ZpciRow *row;

        g_assert_false(zpci_row_document_read(texts[i], strlen(texts[i]), &row, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, "");
    }
}

static void
test_interfaces(void)
{
    static const char *const texts[] = {
        "<device><parent>pci_0005_00_00_1</parent><capability type='net'>"
        "<interface>eth0</interface><link speed='10' state='up'/></capability></device>",
        "<device><parent>pci_0005_00_00_1</parent><capability type='net'>"
        "<interface>eth1</interface></capability></device>",
        "<device><parent>computer</parent><capability type='net'>"
        "<interface>lo</interface></capability></device>",
    };
    g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(ZpciRow) row =
        read_row(DEVICE("pci_0005_00_00_1", "mlx5_core", "<zpci fid='0x00000001'/>"));

    g_hash_table_insert(rows, row->name, row);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        zpci_row_document_add_interface(texts[i], strlen(texts[i]), rows);
    expect_strings((const char *const *)row->interfaces, "eth0 eth1");
    expect_strings((const char *const *)row->interface_states, "up unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-row-document/function", test_function);
    g_test_add_func("/zpci-row-document/function-in-standby", test_function_in_standby);
    g_test_add_func("/zpci-row-document/no-function", test_no_function);
    g_test_add_func("/zpci-row-document/wrong-values", test_wrong_values);
    g_test_add_func("/zpci-row-document/other-documents", test_other_documents);
    g_test_add_func("/zpci-row-document/interfaces", test_interfaces);
    return g_test_run();
}
