/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "capability.h"

#include "chain-builder.h"

/* What the tables of the decoders promise to those who use them. */
static const guint16 known[] = { VFIO_CAP_ZPCI_BASE, VFIO_CAP_ZPCI_GROUP, VFIO_CAP_ZPCI_UTIL,
                                 VFIO_CAP_ZPCI_PFIP, VFIO_CAP_PCI_ATOMIC_COMP };

static void
test_every_known_id_has_its_decoder(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        const CapabilityDecoder *decoder = capability_find_decoder(known[i]);

        g_assert_nonnull(decoder);
        g_assert_cmpuint(decoder->id, ==, known[i]);
        g_assert_cmpuint(decoder->n_fields, <=, CAPABILITY_MAX_FIELDS);
    }
    g_assert_null(capability_find_decoder(0));
    g_assert_null(capability_find_decoder(6));
    g_assert_null(capability_find_decoder(0xffff));
}

/* capability_count_fields() stops at the first field that is too new, and the kernel only appends.
 */
static void
test_fields_are_in_the_order_of_offsets_and_versions(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        const CapabilityDecoder *decoder = capability_find_decoder(known[i]);

        g_assert_cmpuint(decoder->fields[0].offset, ==, 8);
        g_assert_cmpuint(decoder->fields[0].width, !=, CAPABILITY_COUNTED);
        for (guint j = 1; j < decoder->n_fields; j++) {
            const CapabilityField *before = &decoder->fields[j - 1];

            g_assert_cmpuint(decoder->fields[j].offset, >=, before->offset + before->width);
            g_assert_cmpuint(decoder->fields[j].since, >=, before->since);
        }
    }
}

static void
test_versions_bring_fields(void)
{
    g_assert_cmpuint(capability_count_fields(&capability_base, 0), ==, 0);
    g_assert_cmpuint(capability_count_fields(&capability_base, 1), ==, 7);
    g_assert_cmpuint(capability_count_fields(&capability_base, 2), ==, 8);
    g_assert_cmpuint(capability_count_fields(&capability_base, 3), ==, 9);
    g_assert_cmpuint(capability_count_fields(&capability_base, 0xffff), ==, 9);
    g_assert_cmpuint(capability_count_fields(&capability_group, 1), ==, 7);
    g_assert_cmpuint(capability_count_fields(&capability_group, 2), ==, 8);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capability/every-known-id-has-its-decoder",
                    test_every_known_id_has_its_decoder);
    g_test_add_func("/capability/fields-are-in-the-order-of-offsets-and-versions",
                    test_fields_are_in_the_order_of_offsets_and_versions);
    g_test_add_func("/capability/versions-bring-fields", test_versions_bring_fields);
    return g_test_run();
}
