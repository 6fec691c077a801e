/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-chain.h"

#include <string.h>

#include "chain-builder.h"
#include "hex-text.h"
#include "zpci-chain-private.h"
#include "zpci-error.h"

static const int orders[] = { G_BIG_ENDIAN, G_LITTLE_ENDIAN };

#define INFO_20 "4:$ 4:0x83 4:9 4:5 4:20\n"
#define INFO_24 "4:$ 4:0x83 4:9 4:5 4:24 4:0\n"

/* The bodies behind the headers, each to the end of version 1. */
#define BASE_1 "8:0x100000000 8:0x17fffffff 2:0x01c0 2:0x0003 2:0x40 1:0x02 1:0x0a "
#define GROUP_1 "8:0xffffffff 8:0xfe00000000000000 8:1 2:4000 2:128 2:64 1:3 "

static ZpciChain *
decode(const char *table, int byte_order, GError **error)
{
    g_autoptr(GByteArray) bytes = chain_builder_build(table, byte_order);

    return zpci_chain_decode(bytes->data, bytes->len, byte_order, error);
}

static const ZpciCapability *
get_capability(const ZpciChain *chain, guint index)
{
    const ZpciCapability *capability = zpci_chain_get_capability(chain, index);

    g_assert_nonnull(capability);
    return capability;
}

static gboolean
find_field(const ZpciCapability *capability, const char *name, guint *index)
{
    for (*index = 0; *index < zpci_capability_count_fields(capability); (*index)++) {
        if (strcmp(zpci_capability_get_field_name(capability, *index), name) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
assert_field(const ZpciCapability *capability, const char *name, guint64 value)
{
    guint64 number;
    guint index;

    g_assert_true(find_field(capability, name, &index));
    g_assert_true(zpci_capability_get_field_number(capability, index, &number));
    g_assert_cmphex(number, ==, value);
}

static gboolean
has_field(const ZpciCapability *capability, const char *name)
{
    guint index;

    return find_field(capability, name, &index);
}

static void
assert_fact(const ZpciFacts *facts, ZpciFact fact, guint64 value)
{
    g_assert_cmpuint(facts->sources[fact], ==, ZPCI_SOURCE_VFIO);
    g_assert_cmphex(facts->values[fact], ==, value);
}

static void
test_base_by_version(void)
{
    static const char *const tables[] = {
        INFO_20 "2:1 2:1 4:0 " BASE_1,
        INFO_20 "2:1 2:2 4:0 " BASE_1 "4:0x80020000 4:0x6b6b6b6b",
        INFO_20 "2:1 2:3 4:0 " BASE_1 "4:0x80020000 4:0x200",
        INFO_24 "2:1 2:9 4:0 " BASE_1 "4:0x80020000 4:0x200 8:0x1122334455667788",
    };

    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(orders); j++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(ZpciChain) chain = decode(tables[i], orders[j], &error);
            const ZpciCapability *base;

            g_assert_no_error(error);
            base = get_capability(chain, 0);
            g_assert_cmpstr(zpci_capability_get_name(base), ==, "BASE");
            assert_field(base, "start_dma", 0x100000000);
            assert_field(base, "end_dma", 0x17fffffff);
            assert_field(base, "pchid", 0x01c0);
            assert_field(base, "vfn", 3);
            assert_field(base, "fmb_length", 0x40);
            assert_field(base, "pft", 2);
            assert_field(base, "gid", 0x0a);
            g_assert_cmpint(has_field(base, "fh"), ==, i >= 1);
            g_assert_cmpint(has_field(base, "ccdf_err_length"), ==, i >= 2);
            if (i >= 1)
                assert_field(base, "fh", 0x80020000);
            if (i >= 2)
                assert_field(base, "ccdf_err_length", 0x200);
        }
    }
}

static void
test_group_by_version(void)
{
    for (guint j = 0; j < G_N_ELEMENTS(orders); j++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciChain) first =
            decode(INFO_20 "2:2 2:1 4:0 " GROUP_1 "1:0", orders[j], &error);
        g_autoptr(ZpciChain) second =
            decode(INFO_20 "2:2 2:2 4:0 " GROUP_1 "1:0 2:0x1000 6:0", orders[j], &error);

        g_assert_no_error(error);
        assert_field(get_capability(first, 0), "dasm", 0xffffffff);
        assert_field(get_capability(first, 0), "msi_addr", 0xfe00000000000000);
        assert_field(get_capability(first, 0), "mui", 4000);
        assert_field(get_capability(first, 0), "noi", 128);
        assert_field(get_capability(first, 0), "maxstbl", 64);
        assert_field(get_capability(first, 0), "version", 3);
        g_assert_false(has_field(get_capability(first, 0), "imaxstbl"));
        assert_field(get_capability(second, 0), "imaxstbl", 0x1000);
    }
}

static void
test_order_of_capabilities_does_not_matter(void)
{
    /* PFIP, an unknown one, GROUP, BASE. */
    static const char table[] = INFO_20 "2:4 2:1 4:36 4:4 x:01020304\n"
                                        "2:99 2:7 4:48 x:deadbeef\n"
                                        "2:2 2:1 4:88 " GROUP_1 "1:0\n"
                                        "2:1 2:1 4:0 " BASE_1;

    for (guint j = 0; j < G_N_ELEMENTS(orders); j++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciChain) chain = decode(table, orders[j], &error);
        g_auto(ZpciFacts) facts = { 0 };

        g_assert_no_error(error);
        g_assert_cmpuint(zpci_chain_count_capabilities(chain), ==, 4);
        zpci_chain_collect(chain, &facts);
        assert_fact(&facts, ZPCI_FACT_PFIP, 0x01020304);
        assert_fact(&facts, ZPCI_FACT_PCHID, 0x01c0);
        assert_fact(&facts, ZPCI_FACT_PFGID, 0x0a);
        assert_fact(&facts, ZPCI_FACT_REFRESH, 1);
        assert_fact(&facts, ZPCI_FACT_NOI, 128);
        g_assert_cmpuint(facts.sources[ZPCI_FACT_IMAXSTBL], ==, ZPCI_SOURCE_NONE);
    }
}

static void
test_unknown_capability_keeps_its_bytes(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain =
        decode(INFO_24 "2:6 2:1 4:0 x:0123456789abcdef", G_LITTLE_ENDIAN, &error);
    const ZpciCapability *unknown;
    const guint8 *data;
    gsize size;

    g_assert_no_error(error);
    unknown = get_capability(chain, 0);
    g_assert_null(zpci_capability_get_name(unknown));
    g_assert_cmpuint(zpci_capability_get_id(unknown), ==, 6);
    g_assert_cmpuint(zpci_capability_count_fields(unknown), ==, 0);
    data = zpci_capability_get_data(unknown, &size);
    g_assert_cmpmem(data + 8, size - 8, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
}

static void
test_atomic_completer(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain = decode(INFO_24 "2:5 2:1 4:0 4:7 4:0", G_LITTLE_ENDIAN, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(zpci_capability_get_name(get_capability(chain, 0)), ==, "PCI_ATOMIC_COMP");
    assert_field(get_capability(chain, 0), "flags", 7);
}

static void
test_of_duplicates_the_first_counts(void)
{
    static const char table[] = INFO_20 "2:4 2:1 4:36 4:4 x:01010101\n"
                                        "2:4 2:1 4:0  4:4 x:02020202";
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain = decode(table, G_BIG_ENDIAN, &error);
    g_auto(ZpciFacts) facts = { 0 };

    g_assert_no_error(error);
    g_assert_false(zpci_capability_is_duplicate(get_capability(chain, 0)));
    g_assert_true(zpci_capability_is_duplicate(get_capability(chain, 1)));
    zpci_chain_collect(chain, &facts);
    assert_fact(&facts, ZPCI_FACT_PFIP, 0x01010101);
    g_assert_cmpuint(facts.warnings->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(facts.warnings, 0), "offset 36"));
}

static void
test_utility_string_of_any_size(void)
{
    static const struct {
        guint size;
        gboolean known;
        guint warnings;
    } cases[] = {
        { 0, FALSE, 0 }, { 1, TRUE, 0 }, { 64, TRUE, 0 }, { 65, TRUE, 1 }, { 4000, TRUE, 1 }
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *table = g_string_new(INFO_20 "2:3 2:1 4:0 ");
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciChain) chain = NULL;
        g_auto(ZpciFacts) facts = { 0 };

        g_string_append_printf(table, "4:%u ", cases[i].size);
        for (guint j = 0; j < cases[i].size; j++)
            g_string_append(table, "x:c1 ");
        chain = decode(table->str, G_BIG_ENDIAN, &error);
        g_string_free(table, TRUE);
        g_assert_no_error(error);
        g_assert_cmpuint(zpci_capability_get_field_width(get_capability(chain, 0), 1), ==,
                         cases[i].size);

        zpci_chain_collect(chain, &facts);
        g_assert_cmpint(facts.util_source == ZPCI_SOURCE_VFIO, ==, cases[i].known);
        g_assert_cmpuint(facts.warnings != NULL ? facts.warnings->len : 0, ==, cases[i].warnings);
        g_assert_cmphex(facts.util[0], ==, cases[i].known ? 0xc1 : 0);
    }
}

static void
test_path_of_another_size_is_not_shown(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain = decode(INFO_20 "2:4 2:1 4:0 4:3 x:010203", G_BIG_ENDIAN, &error);
    g_auto(ZpciFacts) facts = { 0 };

    g_assert_no_error(error);
    zpci_chain_collect(chain, &facts);
    g_assert_cmpuint(facts.sources[ZPCI_FACT_PFIP], ==, ZPCI_SOURCE_NONE);
    g_assert_cmpuint(facts.warnings->len, ==, 1);
}

static void
test_faulty_capabilities(void)
{
    static const struct {
        const char *table;
        const char *says;
    } cases[] = {
        { INFO_20 "2:1 2:0 4:0 " BASE_1, "version 0" },
        /* Fields that the version promises and the reply does not have. */
        { INFO_20 "2:1 2:1 4:0 8:0 8:0 2:0 2:0 2:0 1:0", "gid at offset 51 needs 1 bytes" },
        { INFO_20 "2:1 2:2 4:0 " BASE_1 "2:0 1:0", "fh at offset 52 needs 4 bytes" },
        { INFO_20 "2:1 2:3 4:0 " BASE_1 "4:0 2:0", "ccdf_err_length at offset 56" },
        { INFO_20 "2:2 2:2 4:0 " GROUP_1 "1:0", "imaxstbl at offset 60" },
        { INFO_20 "2:5 2:1 4:0", "flags at offset 28" },
        /* They may not reach into the next capability either. */
        { INFO_20 "2:1 2:2 4:52 " BASE_1 "2:9 2:1 4:0", "BASE at offset 20 is cut off" },
        /* Strings that promise more than there is, up to what 32 bits can promise. */
        { INFO_20 "2:3 2:1 4:0", "size at offset 28" },
        { INFO_20 "2:3 2:1 4:0 4:5 x:c1c2c3c4", "util_str at offset 32 needs 5 bytes" },
        { INFO_20 "2:3 2:1 4:0 4:0xffffffff x:c1c2c3c4", "needs 4294967295 bytes" },
        { INFO_20 "2:3 2:1 4:36 4:8 x:c1c2c3c4 2:9 2:1 4:0", "util_str at offset 32" },
        { INFO_20 "2:4 2:1 4:0 4:0xfffffff0 x:01020304", "pfip at offset 32" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(orders); j++) {
            g_autoptr(GError) error = NULL;

            g_assert_null(decode(cases[i].table, orders[j], &error));
            g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
            g_test_message("%s", error->message);
            g_assert_nonnull(strstr(error->message, cases[i].says));
        }
    }
}

/* Whatever is cut off or changed, there is a chain or one error, and no read outside of the bytes.
 */
static void
test_every_cut_and_every_changed_byte(void)
{
    g_autoptr(GByteArray) whole = chain_builder_build(INFO_20 "2:1 2:2 4:60 " BASE_1 "4:0 4:0\n"
                                                              "2:3 2:1 4:76 4:4 x:c1c2c3c4\n"
                                                              "2:4 2:1 4:0 4:4 x:01020304",
                                                      G_BIG_ENDIAN);

    for (guint length = 0; length < whole->len; length++) {
        g_autofree guint8 *cut = g_memdup2(whole->data, length);
        g_autoptr(GError) error = NULL;

        g_assert_null(zpci_chain_decode(cut, length, G_BIG_ENDIAN, &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    }
    for (guint i = 0; i < whole->len * 256; i++) {
        g_autofree guint8 *changed = g_memdup2(whole->data, whole->len);
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciChain) chain = NULL;

        changed[i / 256] = (guint8)i;
        chain = zpci_chain_decode(changed, whole->len, G_BIG_ENDIAN, &error);
        g_assert_true((chain == NULL) == (error != NULL));
    }
}

static void
test_strings_and_numbers_are_not_the_same(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain = decode(INFO_20 "2:4 2:3 4:0 4:4 x:01020304", G_BIG_ENDIAN, &error);
    const ZpciCapability *path;
    const guint8 *bytes;
    guint64 number = 77;
    gsize size;

    g_assert_no_error(error);
    path = get_capability(chain, 0);
    g_assert_cmpuint(zpci_capability_get_version(path), ==, 3);
    g_assert_cmpuint(zpci_capability_count_fields(path), ==, 2);
    g_assert_null(zpci_capability_get_field_bytes(path, 0, &size));
    g_assert_cmpuint(size, ==, 0);
    bytes = zpci_capability_get_field_bytes(path, 1, &size);
    g_assert_cmpmem(bytes, size, "\x01\x02\x03\x04", 4);
    g_assert_true(zpci_capability_get_field_number(path, 0, NULL));
    g_assert_false(zpci_capability_get_field_number(path, 1, &number));
    g_assert_cmpuint(number, ==, 77);
}

static void
test_behind_the_last_is_nothing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain = decode(INFO_20 "2:4 2:1 4:0 4:4 x:01020304", G_BIG_ENDIAN, &error);
    const ZpciCapability *path;
    guint64 number = 77;
    gsize size = 77;

    g_assert_no_error(error);
    g_assert_null(zpci_chain_get_capability(chain, 1));
    path = get_capability(chain, 0);
    g_assert_null(zpci_capability_get_field_name(path, 2));
    g_assert_cmpuint(zpci_capability_get_field_width(path, 2), ==, 0);
    g_assert_false(zpci_capability_get_field_number(path, 2, &number));
    g_assert_cmpuint(number, ==, 77);
    g_assert_null(zpci_capability_get_field_bytes(path, 2, &size));
    g_assert_cmpuint(size, ==, 0);
}

static void
test_a_capability_keeps_its_chain(void)
{
    g_autoptr(GError) error = NULL;
    ZpciChain *chain = decode(INFO_24 "2:5 2:1 4:0 4:7 4:0", G_LITTLE_ENDIAN, &error);
    g_autoptr(ZpciCapability) kept = NULL;

    g_assert_no_error(error);
    g_assert_cmpuint(zpci_chain_get_argsz(chain), ==, 40);
    g_assert_cmphex(zpci_chain_get_flags(chain), ==, 0x83);
    g_assert_cmpuint(zpci_chain_get_num_regions(chain), ==, 9);
    g_assert_cmpuint(zpci_chain_get_num_irqs(chain), ==, 5);
    g_assert_cmpuint(zpci_chain_get_cap_offset(chain), ==, 24);
    kept = g_boxed_copy(ZPCI_TYPE_CAPABILITY, get_capability(chain, 0));
    zpci_chain_unref(chain);
    assert_field(kept, "flags", 7);
}

static GPtrArray *
load_real_replies(const char *name, guint count)
{
    g_autofree char *path =
        g_build_filename(g_getenv("ZPCI_SOURCE_DIR"), "tests", "data", name, NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    GPtrArray *sections;
    gsize length;

    g_file_get_contents(path, &text, &length, &error);
    g_assert_no_error(error);
    sections = hex_text_parse(text, length, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(sections->len, ==, count);
    return sections;
}

/* All functions that QEMU makes are alike but for their handles. */
static void
assert_real_facts(const ZpciChain *chain, guint64 handle)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_chain_collect(chain, &facts);
    assert_fact(&facts, ZPCI_FACT_DMA_START, 0x100000000);
    assert_fact(&facts, ZPCI_FACT_DMA_END, 0x17fffffff);
    assert_fact(&facts, ZPCI_FACT_PFGID, 0xff);
    assert_fact(&facts, ZPCI_FACT_HANDLE, handle);
    assert_fact(&facts, ZPCI_FACT_MSI_ADDRESS, 0xfe00000000000000);
    assert_fact(&facts, ZPCI_FACT_MUI, 4000);
    assert_fact(&facts, ZPCI_FACT_NOI, 128);
    assert_fact(&facts, ZPCI_FACT_IMAXSTBL, 128);
    assert_fact(&facts, ZPCI_FACT_PFIP, 0);
    g_assert_cmpuint(facts.util_source, ==, ZPCI_SOURCE_NONE);
    g_assert_null(facts.warnings);
}

static void
test_bytes_of_a_real_kernel(void)
{
    g_autoptr(GPtrArray) sections = load_real_replies("get-info-linux-6.1-s390x.txt", 2);

    for (guint i = 0; i < sections->len; i++) {
        const HexSection *section = g_ptr_array_index(sections, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(ZpciChain) chain =
            zpci_chain_decode(section->bytes->data, section->bytes->len, G_BIG_ENDIAN, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(zpci_chain_count_capabilities(chain), ==, 3);
        g_assert_cmpuint(zpci_capability_get_offset(get_capability(chain, 0)), ==, 20);
        g_assert_cmpuint(zpci_capability_get_offset(get_capability(chain, 1)), ==, 60);
        g_assert_cmpuint(zpci_capability_get_offset(get_capability(chain, 2)), ==, 108);
        assert_real_facts(chain, 0x80020000 + i);
    }
}

/* Its header has 24 bytes, and BASE has the length of error records. */
static void
test_bytes_of_a_modern_kernel(void)
{
    g_autoptr(GPtrArray) sections = load_real_replies("get-info-linux-7.3-s390x.txt", 1);
    const HexSection *section = g_ptr_array_index(sections, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain =
        zpci_chain_decode(section->bytes->data, section->bytes->len, G_BIG_ENDIAN, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(zpci_chain_count_capabilities(chain), ==, 3);
    g_assert_cmpuint(zpci_capability_get_offset(get_capability(chain, 0)), ==, 24);
    g_assert_cmpuint(zpci_capability_get_version(get_capability(chain, 0)), ==, 3);
    assert_field(get_capability(chain, 0), "ccdf_err_length", 0x20);
    g_assert_cmpuint(zpci_capability_get_offset(get_capability(chain, 1)), ==, 64);
    g_assert_cmpuint(zpci_capability_get_offset(get_capability(chain, 2)), ==, 112);
    assert_real_facts(chain, 0x80020000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-chain/base-by-version", test_base_by_version);
    g_test_add_func("/zpci-chain/group-by-version", test_group_by_version);
    g_test_add_func("/zpci-chain/order-of-capabilities-does-not-matter",
                    test_order_of_capabilities_does_not_matter);
    g_test_add_func("/zpci-chain/unknown-capability-keeps-its-bytes",
                    test_unknown_capability_keeps_its_bytes);
    g_test_add_func("/zpci-chain/atomic-completer", test_atomic_completer);
    g_test_add_func("/zpci-chain/of-duplicates-the-first-counts",
                    test_of_duplicates_the_first_counts);
    g_test_add_func("/zpci-chain/utility-string-of-any-size", test_utility_string_of_any_size);
    g_test_add_func("/zpci-chain/path-of-another-size-is-not-shown",
                    test_path_of_another_size_is_not_shown);
    g_test_add_func("/zpci-chain/faulty-capabilities", test_faulty_capabilities);
    g_test_add_func("/zpci-chain/every-cut-and-every-changed-byte",
                    test_every_cut_and_every_changed_byte);
    g_test_add_func("/zpci-chain/strings-and-numbers-are-not-the-same",
                    test_strings_and_numbers_are_not_the_same);
    g_test_add_func("/zpci-chain/behind-the-last-is-nothing", test_behind_the_last_is_nothing);
    g_test_add_func("/zpci-chain/a-capability-keeps-its-chain", test_a_capability_keeps_its_chain);
    g_test_add_func("/zpci-chain/bytes-of-a-real-kernel", test_bytes_of_a_real_kernel);
    g_test_add_func("/zpci-chain/bytes-of-a-modern-kernel", test_bytes_of_a_modern_kernel);
    return g_test_run();
}
