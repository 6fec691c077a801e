/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-table.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "expect.h"
#include "sysfs-tree.h"
#include "zpci-function-private.h"

/* How often the kernel was asked for a file, a link, or whether something is there. */
static guint questions;

/* These stand in front of the C library's, to count. */

int
openat(int directory, const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list arguments;

    if ((flags & O_CREAT) != 0) {
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    questions++;
    return (int)syscall(SYS_openat, directory, path, flags, mode);
}

ssize_t
readlinkat(int directory, const char *path, char *buffer, size_t size)
{
    questions++;
    return syscall(SYS_readlinkat, directory, path, buffer, size);
}

int
faccessat(int directory, const char *path, int mode, int flags)
{
    questions++;
    return (int)syscall(SYS_faccessat2, directory, path, mode, flags);
}

static GPtrArray *
list_columns(const char *names)
{
    g_auto(GStrv) split = g_strsplit(names, " ", 0);
    GPtrArray *columns = g_ptr_array_new();

    for (guint i = 0; split[i] != NULL; i++)
        g_ptr_array_add(columns, (gpointer)zpci_column_find(split[i]));
    return columns;
}

static ZpciRow *
make_row(const char *name, guint group, guint interrupts)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_SYSFS, group);
    if (interrupts > 0)
        zpci_facts_set(&facts, ZPCI_FACT_NOI, ZPCI_SOURCE_CLP, interrupts);
    return zpci_row_new(name, zpci_function_new(&facts));
}

static void
assert_column(const ZpciTable *table, const char *name, const char *joined)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < table->rows->len; i++) {
        g_autofree char *cell =
            zpci_column_format(zpci_column_find(name), g_ptr_array_index(table->rows, i));

        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", cell != NULL ? cell : "-");
    }
    g_assert_cmpstr(text->str, ==, joined);
    g_string_free(text, TRUE);
}

/* Rows may come from anywhere. */
static void
test_any_member_tells_the_limits_of_its_group(void)
{
    g_autoptr(ZpciTable) table = NULL;
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);
    g_autofree char *source = NULL;

    g_ptr_array_add(rows, make_row("a", 6, 0));
    g_ptr_array_add(rows, make_row("b", 7, 0));
    g_ptr_array_add(rows, make_row("c", 6, 64));
    g_ptr_array_add(rows, make_row("d", 8, 32));
    table = zpci_table_new(list_columns("noi"), rows);
    assert_column(table, "noi", "64 - 64 32");
    source = zpci_column_get_source(zpci_column_find("noi"), g_ptr_array_index(rows, 0));
    g_assert_cmpstr(source, ==, "clp of c");
}

static void
test_order(void)
{
    g_autoptr(ZpciTable) table = NULL;
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);

    g_ptr_array_add(rows, make_row("a", 9, 100));
    g_ptr_array_add(rows, make_row("b", 7, 0));
    g_ptr_array_add(rows, make_row("c", 6, 20));
    g_ptr_array_add(rows, make_row("d", 5, 100));
    table = zpci_table_new(list_columns("name"), rows);
    zpci_table_sort(table, zpci_column_find("noi"));
    assert_column(table, "name", "c a d b");
}

static void
test_only_rows_that_match(void)
{
    g_autoptr(ZpciTable) table = NULL;
    g_autoptr(ZpciFilter) filter = zpci_filter_new("noi >= 20", NULL);
    g_autoptr(GPtrArray) columns = list_columns("name noi");
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);

    g_ptr_array_add(rows, make_row("a", 9, 100));
    g_ptr_array_add(rows, make_row("b", 7, 0));
    g_ptr_array_add(rows, make_row("c", 6, 20));
    table = zpci_table_new(list_columns("name"), rows);
    zpci_table_filter(table, filter);
    zpci_table_set_columns(table, columns);
    assert_column(table, "name", "a c");
    g_assert_true(table->columns == columns);
}

static ZpciTable *
read_table(SysfsTree *tree, const char *names, const char *columns)
{
    g_autoptr(ZpciInventory) inventory = zpci_inventory_new(sysfs_tree_open(tree));
    g_auto(GStrv) split = names != NULL ? g_strsplit(names, " ", 0) : NULL;
    g_autoptr(GPtrArray) asked = list_columns(columns);
    g_autoptr(GError) error = NULL;
    ZpciTable *table = zpci_table_read(inventory, split, ZPCI_STATE_ANY, asked, &error);

    g_assert_no_error(error);
    return table;
}

static void
test_all_functions_of_a_host(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciTable) table = NULL;

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0x102, 5, 6);
    sysfs_tree_add_function(tree, "0006:00:00.0");
    sysfs_tree_add_zpci(tree, "0007:00:00.0", 0x103, 7, 6);
    table = read_table(tree, NULL, "fid iommu_group");
    assert_column(table, "fid", "0x00000102 0x00000103");
    g_assert_cmpuint(table->columns->len, ==, 2);
}

static void
test_only_some(void)
{
    g_autoptr(SysfsTree) tree = sysfs_tree_new();
    g_autoptr(ZpciTable) table = NULL;

    sysfs_tree_add_zpci(tree, "0005:00:00.0", 0x102, 5, 6);
    sysfs_tree_add_zpci(tree, "0007:00:00.0", 0x103, 7, 6);
    table = read_table(tree, "pci_0007_00_00_0", "fid");
    assert_column(table, "fid", "0x00000103");
}

#define FEW 50
#define MANY 200

/* Returns: a host of that many functions, which are in many groups that tell no limits. */
static SysfsTree *
make_tree(guint count)
{
    SysfsTree *tree = sysfs_tree_new();

    for (guint i = 0; i < count; i++) {
        g_autofree char *address = g_strdup_printf("%04x:00:00.0", i);

        sysfs_tree_add_zpci(tree, address, i, i, i % 20);
    }
    return tree;
}

/* Returns: how many questions a table of all functions costs; @names: whether they are named. */
static guint
count_questions(SysfsTree *tree, guint count, const char *columns, gboolean named)
{
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(ZpciTable) table = NULL;
    guint before;

    for (guint i = 0; i < count; i++)
        g_string_append_printf(names, "%spci_%04x_00_00_0", i > 0 ? " " : "", i);
    before = questions;
    table = read_table(tree, named ? names->str : NULL, columns);
    g_assert_cmpuint(table->rows->len, ==, count);
    return questions - before;
}

/* What a list and what "show" read. */
static void
test_no_function_costs_more_among_many(void)
{
    static const char *const columns[] = { "name fid driver iface state used_by",
                                           "name noi class" };
    g_autoptr(SysfsTree) few = make_tree(FEW);
    g_autoptr(SysfsTree) many = make_tree(MANY);

    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        /* The host itself and the directories of all are asked for once. */
        guint once = count_questions(few, 0, columns[i], TRUE);

        for (guint named = 0; named < 2; named++) {
            guint among_few = count_questions(few, FEW, columns[i], named != 0) - once;
            guint among_many = count_questions(many, MANY, columns[i], named != 0) - once;

            g_test_message("%s: %u for %u, %u for %u", columns[i], among_few, FEW, among_many,
                           MANY);
            g_assert_cmpuint(among_many / MANY, ==, among_few / FEW);
        }
    }
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-table/any-member-tells-the-limits-of-its-group",
                    test_any_member_tells_the_limits_of_its_group);
    g_test_add_func("/zpci-table/order", test_order);
    g_test_add_func("/zpci-table/only-rows-that-match", test_only_rows_that_match);
    g_test_add_func("/zpci-table/all-functions-of-a-host", test_all_functions_of_a_host);
    g_test_add_func("/zpci-table/only-some", test_only_some);
    g_test_add_func("/zpci-table/linear", test_no_function_costs_more_among_many);
    return g_test_run();
}
