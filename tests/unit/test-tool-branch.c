/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-branch.h"

#include "zpci-function-private.h"

/* With a square of that, the test would not end. */
#define MANY 20000

#define CARDS 100

static ZpciTable *
make_table(void)
{
    return zpci_table_new(g_ptr_array_new(),
                          g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref));
}

/* @card, @port: negative if not known */
static ZpciRow *
add_row(ZpciTable *table, const char *name, int card, int port)
{
    g_auto(ZpciFacts) facts = { 0 };
    ZpciRow *row;

    if (card >= 0)
        zpci_facts_set(&facts, ZPCI_FACT_PCHID, ZPCI_SOURCE_SYSFS, (guint64)card);
    if (port >= 0)
        zpci_facts_set(&facts, ZPCI_FACT_PORT, ZPCI_SOURCE_SYSFS, (guint64)port);
    row = zpci_row_new(name, zpci_function_new(&facts));
    row->address = g_strdup(name);
    g_ptr_array_add(table->rows, row);
    return row;
}

static void
append(GString *text, const ToolBranch *branch)
{
    if (branch->text != NULL)
        g_string_append(text, branch->text);
    if (branch->children->len == 0)
        return;
    g_string_append_c(text, '[');
    for (guint i = 0; i < branch->children->len; i++) {
        if (i > 0)
            g_string_append_c(text, ' ');
        append(text, g_ptr_array_index(branch->children, i));
    }
    g_string_append_c(text, ']');
}

/* @expected: of each host */
static void
assert_tree(const ZpciTable *table, const char *expected)
{
    g_autoptr(ToolBranch) all = tool_branch_grow(table);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < all->children->len; i++)
        append(text, g_ptr_array_index(all->children, i));
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

static void
test_cards_and_ports_are_in_order_and_the_unknown_last(void)
{
    g_autoptr(ZpciTable) table = make_table();

    add_row(table, "a", -1, -1);
    add_row(table, "b", 0x1c4, -1);
    add_row(table, "c", 0x1c4, 2);
    add_row(table, "d", 0x1c0, 0);
    add_row(table, "e", 0x1c4, 1);
    add_row(table, "f", 0x1c4, 2);
    add_row(table, "g", 0, 0);
    add_row(table, "h", -1, 1);
    assert_tree(table, "[no PCHID[[g]] PCHID 0x01c0[[d]] PCHID 0x01c4[port 1[e] port 2[c f] "
                       "port not known[b]] PCHID not known[port 1[h] [a]]]");
}

static void
test_virtual_functions_hang_below_the_physical_one(void)
{
    g_autoptr(ZpciTable) table = make_table();

    add_row(table, "v1", 0x1c0, 1)->physical = g_strdup("p");
    add_row(table, "p", 0x1c0, 1);
    add_row(table, "v2", 0x1c0, 1)->physical = g_strdup("p");
    add_row(table, "lost", 0x1c0, 1)->physical = g_strdup("elsewhere");
    assert_tree(table, "[PCHID 0x01c0[port 1[p[v1 v2] lost]]]");
}

/* No kernel says so; a damaged host may. */
static void
test_functions_that_go_in_a_circle_are_all_there(void)
{
    g_autoptr(ZpciTable) table = make_table();

    add_row(table, "self", 1, 0)->physical = g_strdup("self");
    add_row(table, "a", 1, 0)->physical = g_strdup("b");
    add_row(table, "b", 1, 0)->physical = g_strdup("a");
    assert_tree(table, "[PCHID 0x0001[[self a b]]]");
}

static void
test_who_uses_a_function_hangs_below_it(void)
{
    g_autoptr(ZpciTable) table = make_table();
    const char *const interfaces[] = { "bond0p1", NULL }, *const states[] = { "up", NULL };
    const char *const disks[] = { "nvme0n1", "nvme0n2", NULL };
    ZpciRow *row = add_row(table, "a", 1, 0);

    row->holder = zpci_holder_new(ZPCI_HOLDER_GUEST, "web\033[2J", 7);
    row = add_row(table, "b", 1, 0);
    row->interfaces = g_strdupv((char **)interfaces);
    row->interface_states = g_strdupv((char **)states);
    row->holder = zpci_holder_new(ZPCI_HOLDER_INTERFACE, "bond0p1", 0);
    row = add_row(table, "c", 1, 0);
    row->disks = g_strdupv((char **)disks);
    row->holder = zpci_holder_new(ZPCI_HOLDER_MOUNT, "/srv", 0);
    add_row(table, "d", 1, 0)->holder = zpci_holder_new(ZPCI_HOLDER_NOBODY, NULL, 0);
    assert_tree(table, "[PCHID 0x0001[[a[guest web\\x1b[2J] b[interface bond0p1 (up)] "
                       "c[disk nvme0n1 disk nvme0n2 mount /srv] d]]]");
}

/* They have functions of the same addresses. */
static void
test_hosts_have_nothing_to_do_with_each_other(void)
{
    g_autoptr(ZpciTable) table = make_table();

    add_row(table, "a", 1, 0)->host = g_strdup("one");
    add_row(table, "b", 1, 0)->host = g_strdup("one");
    add_row(table, "a", 1, 0)->host = g_strdup("oth\033er");
    add_row(table, "b", 1, 0)->host = g_strdup("oth\033er");
    ((ZpciRow *)g_ptr_array_index(table->rows, 3))->physical = g_strdup("a");
    assert_tree(table, "[PCHID 0x0001[[a b]]][PCHID 0x0001[[a[b]]]]");
    g_ptr_array_add(table->columns, (gpointer)zpci_column_find("host"));
    assert_tree(table, "one[PCHID 0x0001[[a b]]]oth\\x1ber[PCHID 0x0001[[a[b]]]]");
}

static void
test_a_large_host_takes_its_time_once(void)
{
    g_autoptr(ZpciTable) table = make_table();
    g_autoptr(ToolBranch) all = NULL;
    const ToolBranch *host;
    guint count = 0;

    for (guint i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        ZpciRow *row = add_row(table, name, (int)(i % CARDS) + 1, 1);

        if (i >= CARDS)
            row->physical = g_strdup_printf("%u", i % CARDS);
    }
    all = tool_branch_grow(table);
    host = g_ptr_array_index(all->children, 0);
    g_assert_cmpuint(host->children->len, ==, CARDS);
    for (guint i = 0; i < CARDS; i++) {
        const ToolBranch *card = g_ptr_array_index(host->children, i);
        const ToolBranch *port = g_ptr_array_index(card->children, 0);
        const ToolBranch *physical = g_ptr_array_index(port->children, 0);

        count += 1 + physical->children->len;
    }
    g_assert_cmpuint(count, ==, MANY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tool-branch/order", test_cards_and_ports_are_in_order_and_the_unknown_last);
    g_test_add_func("/tool-branch/virtual", test_virtual_functions_hang_below_the_physical_one);
    g_test_add_func("/tool-branch/circle", test_functions_that_go_in_a_circle_are_all_there);
    g_test_add_func("/tool-branch/users", test_who_uses_a_function_hangs_below_it);
    g_test_add_func("/tool-branch/hosts", test_hosts_have_nothing_to_do_with_each_other);
    g_test_add_func("/tool-branch/many", test_a_large_host_takes_its_time_once);
    return g_test_run();
}
