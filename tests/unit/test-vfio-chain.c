/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-chain.h"

#include <string.h>

#include "chain-builder.h"
#include "zpci-error.h"

#define INFO_20 "4:$ 4:0x83 4:9 4:5 4:20\n"
#define INFO_24 "4:$ 4:0x83 4:9 4:5 4:24 4:0\n"

static const int orders[] = { G_BIG_ENDIAN, G_LITTLE_ENDIAN };

static gboolean
walk(const char *table, int byte_order, VfioChain *chain, GError **error)
{
    g_autoptr(GByteArray) bytes = chain_builder_build(table, byte_order);
    ByteReader reader = { bytes->data, bytes->len, byte_order };

    return vfio_chain_walk(&reader, chain, error);
}

static void
assert_capability(const VfioChain *chain, guint index, guint id, guint version, guint offset,
                  guint size)
{
    const VfioCapability *capability = &chain->capabilities[index];

    g_assert_cmpuint(index, <, chain->count);
    g_assert_cmpuint(capability->id, ==, id);
    g_assert_cmpuint(capability->version, ==, version);
    g_assert_cmpuint(capability->offset, ==, offset);
    g_assert_cmpuint(capability->size, ==, size);
}

static void
test_both_header_sizes_in_both_orders(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autoptr(GError) error = NULL;
        VfioChain chain;

        g_assert_true(
            walk(INFO_20 "2:7 2:1 4:32 x:aabbccdd  2:9 2:3 4:0 4:0", orders[i], &chain, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(chain.count, ==, 2);
        assert_capability(&chain, 0, 7, 1, 20, 12);
        assert_capability(&chain, 1, 9, 3, 32, 12);

        g_assert_true(walk(INFO_24 "2:7 2:1 4:40 @40 2:9 2:3 4:0", orders[i], &chain, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(chain.count, ==, 2);
        assert_capability(&chain, 0, 7, 1, 24, 16);
        assert_capability(&chain, 1, 9, 3, 40, 8);
    }
}

static void
test_no_flag_no_chain(void)
{
    g_autoptr(GError) error = NULL;
    VfioChain chain;

    g_assert_true(walk("4:$ 4:0x03 4:9 4:5 4:20 2:7 2:1 4:0", G_BIG_ENDIAN, &chain, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(chain.count, ==, 0);
}

static void
test_bytes_behind_argsz_do_not_count(void)
{
    g_autoptr(GError) error = NULL;
    VfioChain chain;

    g_assert_false(walk("4:24 4:0x83 4:9 4:5 4:20 2:7 2:1 4:0", G_BIG_ENDIAN, &chain, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    g_clear_error(&error);

    g_assert_true(walk("4:28 4:0x83 4:9 4:5 4:20 2:7 2:1 4:0 8:0", G_BIG_ENDIAN, &chain, &error));
    g_assert_no_error(error);
    assert_capability(&chain, 0, 7, 1, 20, 8);
}

static void
test_faulty_chains(void)
{
    static const struct {
        const char *table;
        const char *says;
    } cases[] = {
        /* The first link. */
        { "4:$ 4:0x83 4:9 4:5 4:16 8:0",
          "The link at offset 16 leads to a capability at offset 16" },
        { "4:$ 4:0x83 4:9 4:5 4:22 2:0 8:0", "headers stand at multiples of 4" },
        { "4:$ 4:0x83 4:9 4:5 4:0xfffffffc 8:0", "offset 4294967292" },
        /* A header that is cut, at each of its bytes. */
        { INFO_20, "the reply ends before or within this header" },
        { INFO_20 "2:7 2:1 2:0 1:0", "the reply ends before or within this header" },
        /* A link that stays, goes back, overlaps, or leaves. */
        { INFO_20 "2:7 2:1 4:20 8:0", "The link at offset 24 leads to a capability at offset 20" },
        { INFO_20 "2:7 2:1 4:32 4:0 2:8 2:1 4:20", "The link at offset 36 leads to" },
        { INFO_20 "2:7 2:1 4:32 4:0 2:8 2:1 4:4", "The link at offset 36 leads to" },
        { INFO_20 "2:7 2:1 4:24 8:0", "a chain only goes forward" },
        { INFO_20 "2:7 2:1 4:28", "the reply ends before or within this header" },
        { INFO_20 "2:7 2:1 4:0xfffffff8 8:0", "the reply ends before or within this header" },
        { INFO_20 "2:7 2:1 4:30 8:0", "headers stand at multiples of 4" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (guint j = 0; j < G_N_ELEMENTS(orders); j++) {
            g_autoptr(GError) error = NULL;
            VfioChain chain = { .count = 4711 };

            g_assert_false(walk(cases[i].table, orders[j], &chain, &error));
            g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
            g_test_message("%s", error->message);
            g_assert_nonnull(strstr(error->message, cases[i].says));
            g_assert_cmpuint(chain.count, ==, 4711);
        }
    }
}

static char *
table_of(guint capabilities)
{
    GString *table = g_string_new(INFO_20);

    for (guint i = 0; i < capabilities; i++)
        g_string_append_printf(table, "2:%u 2:1 4:%u ", 100 + i,
                               i + 1 < capabilities ? 20 + 8 * (i + 1) : 0);
    return g_string_free(table, FALSE);
}

static void
test_64_capabilities_and_not_one_more(void)
{
    g_autofree char *most = table_of(64);
    g_autofree char *too_many = table_of(65);
    g_autoptr(GError) error = NULL;
    VfioChain chain;

    g_assert_true(walk(most, G_LITTLE_ENDIAN, &chain, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(chain.count, ==, 64);
    assert_capability(&chain, 63, 163, 1, 20 + 8 * 63, 8);

    g_assert_false(walk(too_many, G_LITTLE_ENDIAN, &chain, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    g_assert_nonnull(strstr(error->message, "at most 64"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vfio-chain/both-header-sizes-in-both-orders",
                    test_both_header_sizes_in_both_orders);
    g_test_add_func("/vfio-chain/no-flag-no-chain", test_no_flag_no_chain);
    g_test_add_func("/vfio-chain/bytes-behind-argsz-do-not-count",
                    test_bytes_behind_argsz_do_not_count);
    g_test_add_func("/vfio-chain/faulty-chains", test_faulty_chains);
    g_test_add_func("/vfio-chain/64-capabilities-and-not-one-more",
                    test_64_capabilities_and_not_one_more);
    return g_test_run();
}
