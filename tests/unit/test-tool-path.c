/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-path.h"

#include "zpci-function-private.h"

#define ROCE 0x02
#define ISM 0x05
#define ROCE2 0x0a
#define NVME 0x0b

/* What is negative is not known. */
static ZpciRow *
make_row(int card, int port, gint64 path, int type)
{
    g_auto(ZpciFacts) facts = { 0 };

    if (card >= 0)
        zpci_facts_set(&facts, ZPCI_FACT_PCHID, ZPCI_SOURCE_SYSFS, (guint64)card);
    if (port >= 0)
        zpci_facts_set(&facts, ZPCI_FACT_PORT, ZPCI_SOURCE_SYSFS, (guint64)port);
    if (path >= 0)
        zpci_facts_set(&facts, ZPCI_FACT_PFIP, ZPCI_SOURCE_SYSFS, (guint64)path);
    if (type >= 0)
        zpci_facts_set(&facts, ZPCI_FACT_PFT, ZPCI_SOURCE_SYSFS, (guint64)type);
    return zpci_row_new("a", zpci_function_new(&facts));
}

static void
assert_answers(int a_card, int a_port, gint64 a_path, int b_card, int b_port, gint64 b_path,
               const char *expected)
{
    g_autoptr(ZpciRow) a = make_row(a_card, a_port, a_path, ROCE);
    g_autoptr(ZpciRow) b = make_row(b_card, b_port, b_path, ROCE);
    ToolPath path = tool_path_compare(a, b), turned = tool_path_compare(b, a);
    g_autofree char *text = g_strdup_printf(
        "%s %s %s %u %s", tool_path_get_answer_name(path.card),
        tool_path_get_answer_name(path.port), tool_path_get_answer_name(path.path),
        tool_path_count_segments(&path), tool_path_get_answer_name(tool_path_judge(&path)));

    g_assert_cmpstr(text, ==, expected);
    g_assert_true(turned.card == path.card && turned.port == path.port && turned.path == path.path);
}

static void
test_what_is_shared_is_told(void)
{
    assert_answers(0x1c0, 1, 0x12000000, 0x1c0, 1, 0x12000000, "shared shared shared 4 shared");
    assert_answers(0x1c0, 1, 0x12000000, 0x1c0, 2, 0x12000001, "shared separate partly 3 shared");
    assert_answers(0x1c0, 0, 0x12000000, 0x1c0, 0, 0x12000001, "shared none partly 3 shared");
    assert_answers(0x1c0, 1, 0x12345678, 0x1c4, 1, 0x21436587,
                   "separate separate separate 0 separate");
    assert_answers(0x1c0, 1, 0x12345678, 0x1c4, 1, 0x12345679,
                   "separate separate partly 3 separate");
    assert_answers(0x1c0, 1, 0x12345678, 0x1c4, 1, 0x12345678, "separate separate shared 4 shared");
}

static void
test_what_is_not_known_is_neither_shared_nor_separate(void)
{
    assert_answers(-1, 1, 0x12000000, 0x1c0, 1, 0x21000000, "unknown unknown partly 3 unknown");
    assert_answers(-1, 1, 0x12345678, 0x1c0, 2, 0x21436587, "unknown separate separate 0 unknown");
    assert_answers(0x1c0, 1, -1, 0x1c4, 1, 0x12000000, "separate separate unknown 0 unknown");
    assert_answers(0x1c0, -1, 0x12345678, 0x1c0, 1, 0x21436587, "shared unknown separate 0 shared");
    assert_answers(-1, 0, 0x12345678, -1, 0, 0x21436587, "unknown unknown separate 0 unknown");
    assert_answers(-1, -1, -1, -1, -1, -1, "unknown unknown unknown 0 unknown");
    /* QEMU's functions. */
    assert_answers(0, 0, 0, 0, 0, 0, "unknown unknown unknown 0 unknown");
}

/* Partitions of one machine number cards alike, and so do two machines. */
static void
test_the_same_number_on_two_hosts_proves_nothing(void)
{
    static const struct {
        int card;
        gint64 path;
        const char *expected;
    } cases[] = {
        { 0x1c0, 0x12345678, "unknown unknown unknown 0" },
        { 0x1c0, 0x12345679, "unknown unknown unknown 0" },
        { 0x1c4, 0x21436587, "separate separate separate 0" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ZpciRow) a = make_row(0x1c0, 1, 0x12345678, ROCE);
        g_autoptr(ZpciRow) b = make_row(cases[i].card, 1, cases[i].path, ROCE);
        g_autofree char *text = NULL;
        ToolPath path;

        a->host = g_strdup("one");
        b->host = g_strdup("other");
        path = tool_path_compare(a, b);
        text =
            g_strdup_printf("%s %s %s %u", tool_path_get_answer_name(path.card),
                            tool_path_get_answer_name(path.port),
                            tool_path_get_answer_name(path.path), tool_path_count_segments(&path));
        g_assert_cmpstr(text, ==, cases[i].expected);
    }
}

static void
assert_class(int class_code, int type, ToolPathClass expected)
{
    g_autoptr(ZpciRow) row = make_row(-1, -1, -1, type);

    if (class_code >= 0)
        row->class_code = class_code;
    g_assert_cmpint(tool_path_get_class(row), ==, expected);
}

static void
test_a_class_is_what_one_can_stand_in_for(void)
{
    assert_class(0x020000, -1, TOOL_PATH_CLASS_NETWORK);
    assert_class(0x010802, -1, TOOL_PATH_CLASS_DISK);
    assert_class(-1, ROCE, TOOL_PATH_CLASS_NETWORK);
    assert_class(-1, ROCE2, TOOL_PATH_CLASS_NETWORK);
    assert_class(-1, NVME, TOOL_PATH_CLASS_DISK);
    assert_class(0x00ff00, 0, TOOL_PATH_CLASS_NONE);
    assert_class(-1, ISM, TOOL_PATH_CLASS_NONE);
    assert_class(-1, -1, TOOL_PATH_CLASS_UNKNOWN);
    assert_class(-1, 0, TOOL_PATH_CLASS_UNKNOWN);
}

/* Each of these is a better partner than the next. */
static void
test_partners_are_ranked(void)
{
    static const struct {
        int card;
        int port;
        gint64 path;
        int type;
    } partners[] = {
        { 0x1c4, 1, 0x21436587, ROCE },  { 0x1c4, 1, 0x21436587, ROCE2 },
        { 0x1c4, 1, 0x12436587, ROCE },  { 0x1c4, 1, -1, ROCE },
        { -1, 2, 0x21436587, ROCE },     { -1, 1, 0x21436587, ROCE },
        { 0x1c0, 2, 0x21436587, ROCE },  { 0x1c0, 2, 0x12345679, ROCE },
        { 0x1c0, -1, 0x21436587, ROCE }, { 0x1c0, 1, 0x12345678, ROCE },
    };
    g_autoptr(ZpciRow) row = make_row(0x1c0, 1, 0x12345678, ROCE);

    for (guint i = 0; i + 1 < G_N_ELEMENTS(partners); i++) {
        g_autoptr(ZpciRow) better =
            make_row(partners[i].card, partners[i].port, partners[i].path, partners[i].type);
        g_autoptr(ZpciRow) worse = make_row(partners[i + 1].card, partners[i + 1].port,
                                            partners[i + 1].path, partners[i + 1].type);
        ToolPath a = tool_path_compare(row, better), b = tool_path_compare(row, worse);

        g_assert_cmpint(tool_path_rank(&a, &b), <, 0);
        g_assert_cmpint(tool_path_rank(&b, &a), >, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tool-path/shared", test_what_is_shared_is_told);
    g_test_add_func("/tool-path/unknown", test_what_is_not_known_is_neither_shared_nor_separate);
    g_test_add_func("/tool-path/two-hosts", test_the_same_number_on_two_hosts_proves_nothing);
    g_test_add_func("/tool-path/class", test_a_class_is_what_one_can_stand_in_for);
    g_test_add_func("/tool-path/rank", test_partners_are_ranked);
    return g_test_run();
}
