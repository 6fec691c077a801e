/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-reply.h"

#include <string.h>

#include "chain-builder.h"
#include "expect.h"
#include "hex-text.h"

/* What stands in front of a list's entries: a reply of @length bytes, entries of @size. */
#define LIST_HEAD(length, size) "2:" #length " 2:0x10 @16 8:0 4:0 2:255 1:0 1:" #size " "
#define ENTRY "2:0x1000 2:0x1af4 4:0x80000000 4:0xc 4:0x80020000 "

typedef gboolean (*ParseFacts)(const guint8 *data, gsize size, ZpciFacts *facts, GError **error);

static gboolean
parse(ParseFacts parse_facts, const char *table, ZpciFacts *facts, GError **error)
{
    g_autoptr(GByteArray) reply = chain_builder_build(table, G_BIG_ENDIAN);

    return parse_facts(reply->data, reply->len, facts, error);
}

static void
expect_fact(const ZpciFacts *facts, ZpciFact fact, guint64 value)
{
    g_assert_cmpint(facts->sources[fact], ==, ZPCI_SOURCE_CLP);
    g_assert_cmphex(facts->values[fact], ==, value);
}

static void
expect_facts(const ZpciFacts *facts, guint count)
{
    guint found = 0;

    for (guint i = 0; i < ZPCI_N_FACTS; i++)
        found += facts->sources[i] != ZPCI_SOURCE_NONE;
    g_assert_cmpuint(found, ==, count);
}

/* Every field has a value of its own, and the bits next to it are set. */
static void
test_all_fields_of_a_function(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_true(parse(clp_reply_parse_function,
                        "2:256 2:0x10 @16 2:0x0102 1:0xfe 1:0x0a 4:0xfedcba98 @30 2:0x01c0 "
                        "@56 x:01020304 2:0xfff2 1:16 1:2 8:0x100000000 8:0x1ffffffffffffff "
                        "@124 4:0x1234 @128 x:c1c2c3 @256",
                        &facts, &error));
    g_assert_no_error(error);
    expect_fact(&facts, ZPCI_FACT_VFN, 0x102);
    expect_fact(&facts, ZPCI_FACT_PFGID, 0xa);
    expect_fact(&facts, ZPCI_FACT_FID, 0xfedcba98);
    expect_fact(&facts, ZPCI_FACT_PCHID, 0x1c0);
    expect_fact(&facts, ZPCI_FACT_PFIP, 0x01020304);
    expect_fact(&facts, ZPCI_FACT_PORT, 2);
    expect_fact(&facts, ZPCI_FACT_FMB_LENGTH, 64);
    expect_fact(&facts, ZPCI_FACT_PFT, 2);
    expect_fact(&facts, ZPCI_FACT_DMA_START, 0x100000000);
    expect_fact(&facts, ZPCI_FACT_DMA_END, 0x1ffffffffffffff);
    expect_fact(&facts, ZPCI_FACT_UID, 0x1234);
    expect_facts(&facts, 11);
    g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_NONE);
}

static void
test_utility_string_if_the_flag_is_set(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;
    guint8 expected[ZPCI_UTIL_SIZE] = { 0xc1, 0xc2, 0xc3, [ZPCI_UTIL_SIZE - 1] = 0xe9 };

    g_assert_true(parse(clp_reply_parse_function,
                        "2:256 2:0x10 @18 1:0x01 @128 x:c1c2c3 @191 x:e9e8 @256", &facts, &error));
    g_assert_no_error(error);
    g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_CLP);
    g_assert_cmpmem(facts.util, sizeof facts.util, expected, sizeof expected);
}

static void
test_all_fields_of_a_group(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_true(parse(clp_reply_parse_group,
                        "2:72 2:0x10 @16 2:0xf123 1:5 1:0xff 2:0xf080 2:4000 1:0x40 "
                        "@32 8:0xfffffffffffff000 8:0xfe00000000000000 @72",
                        &facts, &error));
    g_assert_no_error(error);
    expect_fact(&facts, ZPCI_FACT_NOI, 0x123);
    expect_fact(&facts, ZPCI_FACT_GROUP_VERSION, 5);
    expect_fact(&facts, ZPCI_FACT_REFRESH, 1);
    expect_fact(&facts, ZPCI_FACT_MAXSTBL, 0x1080);
    expect_fact(&facts, ZPCI_FACT_MUI, 4000);
    expect_fact(&facts, ZPCI_FACT_DASM, 0xfffffffffffff000);
    expect_fact(&facts, ZPCI_FACT_MSI_ADDRESS, 0xfe00000000000000);
    expect_facts(&facts, 7);
}

static void
test_group_without_refresh(void)
{
    g_auto(ZpciFacts) facts = { 0 };

    g_assert_true(parse(clp_reply_parse_group, "2:72 2:0x10 @19 1:0xfe @72", &facts, NULL));
    expect_fact(&facts, ZPCI_FACT_REFRESH, 0);
}

static gboolean
parse_list(const char *table, ClpList *list, GError **error)
{
    g_autoptr(GByteArray) reply = chain_builder_build(table, G_BIG_ENDIAN);

    return clp_reply_parse_list(reply->data, reply->len, list, error);
}

static void
expect_entry(const ClpList *list, guint index, const ClpListEntry *expected)
{
    const ClpListEntry *entry = &g_array_index(list->entries, ClpListEntry, index);

    g_assert_cmphex(entry->device, ==, expected->device);
    g_assert_cmphex(entry->vendor, ==, expected->vendor);
    g_assert_cmpint(entry->configured, ==, expected->configured);
    g_assert_cmphex(entry->fid, ==, expected->fid);
    g_assert_cmphex(entry->handle, ==, expected->handle);
}

/* The second reply's entries come behind those of the first one. */
static void
test_list_in_two_replies(void)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    g_autoptr(GError) error = NULL;
    ClpList list = { .entries = entries };

    g_assert_true(parse_list("2:64 2:0x10 @16 8:0x0123456789abcdef 4:0 2:255 1:0xff 1:16 " ENTRY
                             "2:0x1003 2:0x1014 4:0x7fffffff 4:0xffffffff 4:0x00030000 @80",
                             &list, &error));
    g_assert_no_error(error);
    g_assert_cmphex(list.resume, ==, 0x0123456789abcdef);
    g_assert_true(list.uid_checking);

    g_assert_true(parse_list(LIST_HEAD(48, 16) ENTRY, &list, &error));
    g_assert_no_error(error);
    g_assert_cmphex(list.resume, ==, 0);
    g_assert_false(list.uid_checking);
    g_assert_cmpuint(entries->len, ==, 3);
    expect_entry(&list, 0, &(ClpListEntry){ 0x1000, 0x1af4, TRUE, 0xc, 0x80020000 });
    expect_entry(&list, 1, &(ClpListEntry){ 0x1003, 0x1014, FALSE, 0xffffffff, 0x00030000 });
    expect_entry(&list, 2, &(ClpListEntry){ 0x1000, 0x1af4, TRUE, 0xc, 0x80020000 });
}

/* A machine of the future may say more of each function. */
static void
test_longer_entries(void)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    g_autoptr(GError) error = NULL;
    ClpList list = { .entries = entries };

    g_assert_true(parse_list(LIST_HEAD(80, 24) ENTRY "8:99 " ENTRY "8:99", &list, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 2);
    expect_entry(&list, 1, &(ClpListEntry){ 0x1000, 0x1af4, TRUE, 0xc, 0x80020000 });
}

static void
test_list_of_nothing(void)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    g_autoptr(GError) error = NULL;
    ClpList list = { .entries = entries };

    g_assert_true(parse_list(LIST_HEAD(32, 16) ENTRY, &list, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 0);
}

static void
test_faulty_lists(void)
{
    static const struct {
        const char *table;
        const char *says;
    } cases[] = {
        { LIST_HEAD(48, 0) ENTRY, "16 bytes at offset 32 are no whole number of entries of 0" },
        { LIST_HEAD(32, 0), "0 bytes at offset 32 are no whole number of entries of 0" },
        { LIST_HEAD(47, 15) ENTRY, "15 bytes at offset 32 are no whole number of entries of 15" },
        { LIST_HEAD(64, 17) ENTRY ENTRY, "entries of 17 bytes" },
        { LIST_HEAD(47, 16) ENTRY, "15 bytes at offset 32 are no whole number of entries of 16" },
        { LIST_HEAD(64, 16) ENTRY, "length at offset 0 is 64, but it ends at offset 48" },
        { LIST_HEAD(31, 16) ENTRY, "entry_size at offset 31" },
        { LIST_HEAD(0, 16) ENTRY, "resume_token at offset 16" },
        { LIST_HEAD(4112, 16) "@4112", "4080 bytes at offset 32 are no whole number" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
        g_autoptr(GError) error = NULL;
        ClpList list = { .resume = 4711, .uid_checking = TRUE, .entries = entries };

        g_assert_false(parse_list(cases[i].table, &list, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, cases[i].says);
        g_assert_cmpuint(list.resume, ==, 4711);
        g_assert_true(list.uid_checking);
        g_assert_cmpuint(entries->len, ==, 0);
    }
}

/* For each parser, the same refusals; a reason is worth more than a length that is off. */
static void
test_refusals(void)
{
    static const struct {
        guint code;
        ZpciError kind;
        const char *says;
    } cases[] = {
        { 0x0020, ZPCI_ERROR_UNSUPPORTED, "0x0020: the machine does not know this command" },
        { 0x0030, ZPCI_ERROR_NO_PERMISSION, "0x0030: this partition may not" },
        { 0x0040, ZPCI_ERROR_UNREADABLE, "0x0040: the request has a wrong format" },
        { 0x0050, ZPCI_ERROR_UNREADABLE, "0x0050: the request has a wrong length" },
        { 0x0060, ZPCI_ERROR_UNREADABLE, "0x0060: the request does not fit" },
        { 0x0070, ZPCI_ERROR_UNREADABLE, "0x0070: a reserved field" },
        { 0x0080, ZPCI_ERROR_NOT_FOUND, "0x0080: there is no data" },
        { 0x0100, ZPCI_ERROR_UNSUPPORTED, "0x0100: the machine does not know this function code" },
        { 0x0101, ZPCI_ERROR_NOT_FOUND, "0x0101: there is no function with this handle" },
        { 0x0102, ZPCI_ERROR_UNREADABLE, "0x0102: the function's state" },
        { 0x010a, ZPCI_ERROR_UNREADABLE, "0x010a: the resume token" },
        { 0x010b, ZPCI_ERROR_NOT_FOUND, "0x010b: there is no such function group" },
        { 0x0000, ZPCI_ERROR_UNREADABLE, "0x0000: the machine gives a code" },
        { 0x1000, ZPCI_ERROR_UNREADABLE, "0x1000: the machine gives a code" },
        { 0xffff, ZPCI_ERROR_UNREADABLE, "0xffff: the machine gives a code" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *table = g_strdup_printf("2:256 2:%u @16", cases[i].code);
        g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
        g_autoptr(GError) error = NULL;
        g_auto(ZpciFacts) facts = { 0 };
        ClpList list = { .entries = entries };

        g_assert_false(parse_list(table, &list, &error));
        expect_error(&error, cases[i].kind, cases[i].says);
        g_assert_false(parse(clp_reply_parse_function, table, &facts, &error));
        expect_error(&error, cases[i].kind, cases[i].says);
        g_assert_false(parse(clp_reply_parse_group, table, &facts, &error));
        expect_error(&error, cases[i].kind, cases[i].says);
        expect_facts(&facts, 0);
    }
}

/* A reply that says it is @whole bytes long but has fewer, and one that says it is shorter. */
static void
expect_cuts_to_fail(ParseFacts parse_facts, guint needed)
{
    for (guint i = 0; i < needed; i++) {
        g_autofree char *cut = g_strdup_printf("2:%u 2:0x10 @%u", needed, MAX(i, 4));
        g_autofree char *says_less = g_strdup_printf("2:%u 2:0x10 @4064", i);
        g_autoptr(GError) error = NULL;
        g_auto(ZpciFacts) facts = { 0 };

        g_assert_false(parse(parse_facts, cut, &facts, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, "at offset");
        g_assert_false(parse(parse_facts, says_less, &facts, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, "at offset");
        expect_facts(&facts, 0);
        g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_NONE);
    }
}

static void
test_reply_cut_at_every_byte(void)
{
    expect_cuts_to_fail(clp_reply_parse_function, 192);
    expect_cuts_to_fail(clp_reply_parse_group, 48);
}

static void
test_less_than_a_header(void)
{
    static const guint8 bytes[4] = { 1, 0, 0, 0x10 };

    for (gsize size = 0; size < sizeof bytes; size++) {
        g_autofree guint8 *data = g_memdup2(bytes, size);
        g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
        g_autoptr(GError) error = NULL;
        g_auto(ZpciFacts) facts = { 0 };
        ClpList list = { .entries = entries };

        g_assert_false(clp_reply_parse_function(data, size, &facts, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, size < 2 ? "length" : "response");
        g_assert_false(clp_reply_parse_group(data, size, &facts, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, size < 2 ? "length" : "response");
        g_assert_false(clp_reply_parse_list(data, size, &list, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, size < 2 ? "length" : "response");
    }
}

static void
test_list_cut_at_every_byte(void)
{
    g_autoptr(GByteArray) whole = chain_builder_build(LIST_HEAD(64, 16) ENTRY ENTRY, G_BIG_ENDIAN);

    for (guint i = 0; i < whole->len; i++) {
        g_autofree guint8 *cut = g_memdup2(whole->data, i);
        g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
        g_autoptr(GError) error = NULL;
        ClpList list = { .entries = entries };

        g_assert_false(clp_reply_parse_list(cut, i, &list, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, "at offset");
        g_assert_cmpuint(entries->len, ==, 0);
    }
}

static const GByteArray *
find_section(const GPtrArray *sections, const char *name)
{
    for (guint i = 0; i < sections->len; i++) {
        const HexSection *section = g_ptr_array_index(sections, i);

        if (g_strcmp0(section->name, name) == 0)
            return section->bytes;
    }
    g_error("There is no section %s.", name);
}

/* The file has the beginning of the longer replies only; what is not in it reads as zero here. */
static GByteArray *
load_real_reply(const char *name)
{
    g_autofree char *path = g_build_filename(g_getenv("ZPCI_SOURCE_DIR"), "tests", "data",
                                             "clp-linux-6.1-s390x.txt", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) sections = NULL;
    g_autoptr(GError) error = NULL;
    const GByteArray *section;
    GByteArray *page = g_byte_array_new_take(g_malloc0(4064), 4064);
    gsize length;

    g_file_get_contents(path, &text, &length, &error);
    g_assert_no_error(error);
    sections = hex_text_parse(text, length, &error);
    g_assert_no_error(error);
    section = find_section(sections, name);
    memcpy(page->data, section->data, section->len);
    return page;
}

/* The values are those that sysfs and the capability chain show for the same function. */
static void
test_function_of_a_real_machine(void)
{
    g_autoptr(GByteArray) reply = load_real_reply("function");
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_true(clp_reply_parse_function(reply->data, reply->len, &facts, &error));
    g_assert_no_error(error);
    expect_fact(&facts, ZPCI_FACT_FID, 0x0000000c);
    expect_fact(&facts, ZPCI_FACT_PFGID, 0xff);
    expect_fact(&facts, ZPCI_FACT_PCHID, 0);
    expect_fact(&facts, ZPCI_FACT_VFN, 0);
    expect_fact(&facts, ZPCI_FACT_PFT, 0);
    expect_fact(&facts, ZPCI_FACT_PORT, 0);
    expect_fact(&facts, ZPCI_FACT_PFIP, 0);
    expect_fact(&facts, ZPCI_FACT_FMB_LENGTH, 0);
    expect_fact(&facts, ZPCI_FACT_DMA_START, 0x100000000);
    expect_fact(&facts, ZPCI_FACT_DMA_END, 0x1ffffffffffffff);
    g_assert_cmpint(facts.util_source, ==, ZPCI_SOURCE_NONE);
}

static void
test_group_of_a_real_machine(void)
{
    g_autoptr(GByteArray) reply = load_real_reply("group");
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_true(clp_reply_parse_group(reply->data, reply->len, &facts, &error));
    g_assert_no_error(error);
    expect_fact(&facts, ZPCI_FACT_DASM, 0);
    expect_fact(&facts, ZPCI_FACT_MSI_ADDRESS, 0xfe00000000000000);
    expect_fact(&facts, ZPCI_FACT_REFRESH, 1);
    expect_fact(&facts, ZPCI_FACT_MUI, 4000);
    expect_fact(&facts, ZPCI_FACT_NOI, 128);
    expect_fact(&facts, ZPCI_FACT_MAXSTBL, 128);
    expect_fact(&facts, ZPCI_FACT_GROUP_VERSION, 0);
}

static void
test_list_of_a_real_machine(void)
{
    static const struct {
        const char *name;
        ClpListEntry second;
    } cases[] = {
        { "list", { 0x1005, 0x1af4, TRUE, 0x100, 0x80020001 } },
        { "list-standby", { 0x1005, 0x1af4, FALSE, 0x100, 0x00020001 } },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) reply = load_real_reply(cases[i].name);
        g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
        g_autoptr(GError) error = NULL;
        ClpList list = { .resume = 4711, .entries = entries };

        g_assert_true(clp_reply_parse_list(reply->data, reply->len, &list, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(list.resume, ==, 0);
        g_assert_true(list.uid_checking);
        g_assert_cmpuint(entries->len, ==, 2);
        expect_entry(&list, 0, &(ClpListEntry){ 0x1000, 0x1af4, TRUE, 0xc, 0x80020000 });
        expect_entry(&list, 1, &cases[i].second);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clp-reply/all-fields-of-a-function", test_all_fields_of_a_function);
    g_test_add_func("/clp-reply/utility-string-if-the-flag-is-set",
                    test_utility_string_if_the_flag_is_set);
    g_test_add_func("/clp-reply/all-fields-of-a-group", test_all_fields_of_a_group);
    g_test_add_func("/clp-reply/group-without-refresh", test_group_without_refresh);
    g_test_add_func("/clp-reply/list-in-two-replies", test_list_in_two_replies);
    g_test_add_func("/clp-reply/longer-entries", test_longer_entries);
    g_test_add_func("/clp-reply/list-of-nothing", test_list_of_nothing);
    g_test_add_func("/clp-reply/faulty-lists", test_faulty_lists);
    g_test_add_func("/clp-reply/refusals", test_refusals);
    g_test_add_func("/clp-reply/reply-cut-at-every-byte", test_reply_cut_at_every_byte);
    g_test_add_func("/clp-reply/less-than-a-header", test_less_than_a_header);
    g_test_add_func("/clp-reply/list-cut-at-every-byte", test_list_cut_at_every_byte);
    g_test_add_func("/clp-reply/function-of-a-real-machine", test_function_of_a_real_machine);
    g_test_add_func("/clp-reply/group-of-a-real-machine", test_group_of_a_real_machine);
    g_test_add_func("/clp-reply/list-of-a-real-machine", test_list_of_a_real_machine);
    return g_test_run();
}
