/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-vpd.h"

#include <string.h>

#include "expect.h"
#include "vpd-builder.h"

#define CARD "ConnectX-6 Dx"
#define CARD_READ_ONLY "PN=MCX623106AN|EC=A7|SN=MT2113X00000|V3=ba73|VA=MLX:MN=MLNX"
#define CARD_READ_WRITE "YA=rack 7|V1=edge|Y0=slot,1|YB=|RW=\x01\x02"

static PciVpd *
parse(const GByteArray *bytes)
{
    g_autoptr(GError) error = NULL;
    PciVpd *vpd = pci_vpd_parse(bytes->data, bytes->len, &error);

    g_assert_no_error(error);
    g_assert_nonnull(vpd);
    return vpd;
}

static void
assert_refused(const GByteArray *bytes, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(pci_vpd_parse(bytes->data, bytes->len, &error));
    expect_error(&error, ZPCI_ERROR_MALFORMED, part);
}

static void
assert_fields(const GPtrArray *fields, const char *expected)
{
    g_autoptr(GString) joined = g_string_new(NULL);

    g_assert_nonnull(fields);
    for (guint i = 0; i < fields->len; i++) {
        const PciVpdField *field = g_ptr_array_index(fields, i);

        g_string_append_printf(joined, "%s%s=%s", i > 0 ? "|" : "", field->keyword, field->value);
    }
    g_assert_cmpstr(joined->str, ==, expected);
}

static void
test_card_has_a_name_and_fields_of_both_kinds(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(CARD, CARD_READ_ONLY, CARD_READ_WRITE);
    g_autoptr(PciVpd) vpd = parse(bytes);

    g_assert_cmpstr(vpd->name, ==, CARD);
    assert_fields(vpd->readonly, CARD_READ_ONLY);
    assert_fields(vpd->readwrite, "YA=rack 7|V1=edge|Y0=slot,1|YB=");
    g_assert_cmpstr(pci_vpd_find(vpd->readonly, "SN"), ==, "MT2113X00000");
    g_assert_cmpstr(pci_vpd_find(vpd->readwrite, "YB"), ==, "");
    g_assert_null(pci_vpd_find(vpd->readwrite, "SN"));
    g_assert_null(pci_vpd_find(NULL, "SN"));
}

/* Bytes as a person would write them down. */
static void
test_smallest_card_byte_by_byte(void)
{
    static const guint8 bytes[] = {
        0x90, 0x04, 0x00, 'R', 'V', 0x01, 0xc3, /* 0x90 + 4 + 'R' + 'V' + 1 + 0xc3 = 0x200 */
        0x78,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(PciVpd) vpd = pci_vpd_parse(bytes, sizeof bytes, &error);

    g_assert_no_error(error);
    g_assert_null(vpd->name);
    g_assert_null(vpd->readonly);
    g_assert_null(vpd->readwrite);
}

static void
test_cut_anywhere_is_refused(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(CARD, CARD_READ_ONLY, CARD_READ_WRITE);

    for (gsize size = 0; size < bytes->len; size++) {
        g_autoptr(GError) error = NULL;
        g_autofree guint8 *cut = g_memdup2(bytes->data, size);

        g_assert_null(pci_vpd_parse(cut, size, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, "VPD");
    }
}

static void
test_any_changed_byte_up_to_the_checksum_is_noticed(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(CARD, CARD_READ_ONLY, NULL);

    for (guint i = 0; i + 1 < bytes->len; i++) {
        g_autoptr(GError) error = NULL;

        bytes->data[i]++;
        g_test_message("byte %u", i);
        g_assert_null(pci_vpd_parse(bytes->data, bytes->len, &error));
        expect_error(&error, ZPCI_ERROR_MALFORMED, "VPD");
        bytes->data[i]--;
    }
}

static void
test_wrong_checksum_says_where_it_stands(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make("Card", "PN=1", NULL);

    bytes->data[bytes->len - 2]++;
    assert_refused(bytes, "The checksum at offset 17 of the VPD is wrong.");
}

static void
test_end_is_where_the_tag_is(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(CARD, "PN=1", NULL);
    g_autoptr(GByteArray) endless = g_byte_array_new();
    g_autoptr(PciVpd) vpd = NULL;

    g_byte_array_append(bytes, (const guint8 *)"\xff\xff\xff", 3);
    vpd = parse(bytes);
    assert_fields(vpd->readonly, "PN=1");
    vpd_builder_add_read_only(endless, "PN=1");
    assert_refused(endless, "VPD at offset 11 needs 1 bytes, but the data ends at offset 11.");
}

static void
test_only_printable_values_count(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(
        "  Blank\t", "PN=1\x7f|EC=\xc3\xa9|SN=<&'\">|VA=a\x01|VB= b \n|VC= ", "YA=\x80");
    g_autoptr(PciVpd) vpd = parse(bytes);

    g_assert_cmpstr(vpd->name, ==, "Blank");
    assert_fields(vpd->readonly, "SN=<&'\">|VB=b|VC=");
    g_assert_null(vpd->readwrite);
}

static void
test_name_that_is_not_printable_is_refused(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make("Caf\xc3\xa9", "PN=1", NULL);

    assert_refused(bytes, "The name at offset 3 of the VPD is not printable.");
}

static void
test_text_ends_at_a_nul(void)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(PciVpd) vpd = NULL;

    vpd_builder_add_resource(bytes, 0x82, "Card\0\xff", 6);
    vpd_builder_add_read_only(bytes, "PN=1");
    vpd_builder_add_end(bytes);
    vpd = parse(bytes);
    g_assert_cmpstr(vpd->name, ==, "Card");
}

static GByteArray *
make_with_unknown_resources(const char *small)
{
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_append(bytes, (const guint8 *)small, 3);
    vpd_builder_add_read_only(bytes, "FG=1|ZZ=2|pn=3|V_=4|PN=5");
    vpd_builder_add_resource(bytes, 0x85, "other", 5);
    vpd_builder_add_read_write(bytes, "LC=6|PG=7|V1=8");
    vpd_builder_add_end(bytes);
    return bytes;
}

/* The contents of resources that are passed over have no part in the checksum: so libvirt counts.
 */
static void
test_what_is_not_known_is_passed_over(void)
{
    g_autoptr(GByteArray) bytes = make_with_unknown_resources("\x0a\0\0");
    g_autoptr(GByteArray) counted = make_with_unknown_resources("\x0a\0\x01");
    g_autoptr(PciVpd) vpd = parse(bytes);

    assert_fields(vpd->readonly, "PN=5");
    assert_fields(vpd->readwrite, "V1=8");
    assert_refused(counted, "checksum");
}

static void
test_unknown_keywords_make_no_section(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(CARD, "FG=1|ZZ=2|pn=3|V_=4", "LC=6|RW=");
    g_autoptr(PciVpd) vpd = parse(bytes);

    g_assert_null(vpd->readonly);
    g_assert_null(vpd->readwrite);
}

/* So libvirt has it: an empty list of fields tells that there were some. */
static void
test_fields_of_the_other_section_make_an_empty_one(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(CARD, "YA=1|Y0=2", "PN=3");
    g_autoptr(GByteArray) binary = vpd_builder_make(CARD, "CP=\xff", NULL);
    g_autoptr(PciVpd) vpd = parse(bytes);
    g_autoptr(PciVpd) capability = parse(binary);

    assert_fields(vpd->readonly, "");
    assert_fields(vpd->readwrite, "");
    assert_fields(capability->readonly, "");
    g_assert_null(capability->readwrite);
}

static void
test_last_of_a_keyword_counts(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make(CARD, "V1=a|PN=1|V1=b|PN=2", NULL);
    g_autoptr(PciVpd) vpd = parse(bytes);

    assert_fields(vpd->readonly, "V1=b|PN=2");
}

static void
test_checksum_and_free_space_have_their_places(void)
{
    g_autoptr(GByteArray) space = vpd_builder_make("", "RW=", NULL);
    g_autoptr(GByteArray) checksum = vpd_builder_make("", "", "RV=\x01");
    g_autoptr(GByteArray) early = vpd_builder_make("", "PN=1", "RW=|V1=2");
    g_autoptr(GByteArray) none = g_byte_array_new();

    assert_refused(space, "The field before offset 9 of the VPD does not belong there.");
    assert_refused(checksum, "The field before offset 16 of the VPD does not belong there.");
    assert_refused(early, "do not end at offset");
    vpd_builder_add_resource(none, 0x90, "PN\0011", 4);
    vpd_builder_add_end(none);
    assert_refused(none, "The fields of the VPD from offset 3 do not end at offset");
}

static void
test_read_only_fields_have_to_be_there(void)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    vpd_builder_add_name(bytes, CARD);
    vpd_builder_add_read_write(bytes, "YA=1");
    vpd_builder_add_end(bytes);
    assert_refused(bytes, "The VPD has no read-only fields.");
}

static void
test_field_does_not_leave_its_section(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make("", "PN=1", "V1=2");
    g_autoptr(GByteArray) rest = vpd_builder_make("", "PN=1", "V1=2");

    bytes->data[bytes->len - 3]++;
    assert_refused(bytes, "does not belong there");
    /* Two bytes that are no field are left. */
    rest->data[rest->len - 7] += 2;
    g_byte_array_append(rest, (const guint8 *)"\x78", 1);
    assert_refused(rest, "do not end at offset");
}

static void
test_resource_fits_into_32_kib(void)
{
    g_autoptr(GByteArray) largest = g_byte_array_new();
    g_autoptr(GByteArray) longer = g_byte_array_new();
    g_autofree guint8 *space = g_malloc0(PCI_VPD_MAX_SIZE);
    g_autoptr(PciVpd) vpd = NULL;

    vpd_builder_add_read_only(largest, "PN=1");
    vpd_builder_add_resource(largest, 0x85, space, PCI_VPD_MAX_SIZE - largest->len - 4);
    vpd_builder_add_end(largest);
    g_assert_cmpuint(largest->len, ==, PCI_VPD_MAX_SIZE);
    vpd = parse(largest);
    assert_fields(vpd->readonly, "PN=1");

    vpd_builder_add_read_only(longer, "PN=1");
    vpd_builder_add_resource(longer, 0x85, space, PCI_VPD_MAX_SIZE - longer->len - 3);
    vpd_builder_add_end(longer);
    assert_refused(longer, "VPD at offset 32768 needs 1 bytes");
    longer->data[13] = 0xff;
    assert_refused(longer, "The resource before offset 14 of the VPD is too long.");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pci-vpd/card-has-a-name-and-fields-of-both-kinds",
                    test_card_has_a_name_and_fields_of_both_kinds);
    g_test_add_func("/pci-vpd/smallest-card-byte-by-byte", test_smallest_card_byte_by_byte);
    g_test_add_func("/pci-vpd/cut-anywhere-is-refused", test_cut_anywhere_is_refused);
    g_test_add_func("/pci-vpd/any-changed-byte-up-to-the-checksum-is-noticed",
                    test_any_changed_byte_up_to_the_checksum_is_noticed);
    g_test_add_func("/pci-vpd/wrong-checksum-says-where-it-stands",
                    test_wrong_checksum_says_where_it_stands);
    g_test_add_func("/pci-vpd/end-is-where-the-tag-is", test_end_is_where_the_tag_is);
    g_test_add_func("/pci-vpd/only-printable-values-count", test_only_printable_values_count);
    g_test_add_func("/pci-vpd/name-that-is-not-printable-is-refused",
                    test_name_that_is_not_printable_is_refused);
    g_test_add_func("/pci-vpd/text-ends-at-a-nul", test_text_ends_at_a_nul);
    g_test_add_func("/pci-vpd/what-is-not-known-is-passed-over",
                    test_what_is_not_known_is_passed_over);
    g_test_add_func("/pci-vpd/unknown-keywords-make-no-section",
                    test_unknown_keywords_make_no_section);
    g_test_add_func("/pci-vpd/fields-of-the-other-section-make-an-empty-one",
                    test_fields_of_the_other_section_make_an_empty_one);
    g_test_add_func("/pci-vpd/last-of-a-keyword-counts", test_last_of_a_keyword_counts);
    g_test_add_func("/pci-vpd/checksum-and-free-space-have-their-places",
                    test_checksum_and_free_space_have_their_places);
    g_test_add_func("/pci-vpd/read-only-fields-have-to-be-there",
                    test_read_only_fields_have_to_be_there);
    g_test_add_func("/pci-vpd/field-does-not-leave-its-section",
                    test_field_does_not_leave_its_section);
    g_test_add_func("/pci-vpd/resource-fits-into-32-kib", test_resource_fits_into_32_kib);
    return g_test_run();
}
