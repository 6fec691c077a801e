/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-vpd.h"

#include "libvirt-release.h"
#include "vpd-builder.h"
#include "xml-node.h"
#include "xml-text.h"

static void
assert_document(const GByteArray *bytes, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PciVpd) vpd = pci_vpd_parse(bytes->data, bytes->len, &error);
    g_autoptr(xmlDoc) document = xml_node_new_document("capability");
    g_autofree char *text = NULL;

    g_assert_no_error(error);
    node_device_vpd_add(xmlDocGetRootElement(document), vpd);
    text = xml_text_format(xmlDocGetRootElement(document)->children);
    g_assert_cmpstr(text, ==, expected);
}

static void
test_fields_stand_in_the_order_of_libvirt(void)
{
    g_autoptr(GByteArray) bytes =
        vpd_builder_make("Card", "VZ=1|SN=2|V0=3|PN=4|MN=5|EC=6", "YZ=7|V1=8|YA=9|YB=a|V0=b");

    assert_document(bytes, "<capability type='vpd'>\n"
                           "  <name>Card</name>\n"
                           "  <fields access='readonly'>\n"
                           "    <change_level>6</change_level>\n"
                           "    <manufacture_id>5</manufacture_id>\n"
                           "    <part_number>4</part_number>\n"
                           "    <serial_number>2</serial_number>\n"
                           "    <vendor_field index='Z'>1</vendor_field>\n"
                           "    <vendor_field index='0'>3</vendor_field>\n"
                           "  </fields>\n"
                           "  <fields access='readwrite'>\n"
                           "    <asset_tag>9</asset_tag>\n"
                           "    <vendor_field index='1'>8</vendor_field>\n"
                           "    <vendor_field index='0'>b</vendor_field>\n"
                           "    <system_field index='Z'>7</system_field>\n"
                           "    <system_field index='B'>a</system_field>\n"
                           "  </fields>\n"
                           "</capability>\n");
}

/* The release of libvirt decides how a field that has an index looks. */
static void
test_empty_texts_and_lists_are_shown(void)
{
    static const struct {
        gulong release;
        const char *field;
    } cases[] = {
        { 9000000, "<vendor_field index='1'></vendor_field>" },
        { 11003000, "<vendor_field index='1'/>" },
        { 12008000, "<vendor_field index='1'/>" },
    };
    g_autoptr(GByteArray) bytes = vpd_builder_make(" ", "PN=|V1= ", "CP=x");

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expected = g_strconcat("<capability type='vpd'>\n"
                                                "  <name></name>\n"
                                                "  <fields access='readonly'>\n"
                                                "    <part_number></part_number>\n    ",
                                                cases[i].field,
                                                "\n"
                                                "  </fields>\n"
                                                "  <fields access='readwrite'>\n"
                                                "  </fields>\n"
                                                "</capability>\n",
                                                NULL);

        libvirt_release_set_test_number(cases[i].release);
        assert_document(bytes, expected);
    }
    libvirt_release_set_test_number(0);
}

static void
test_nothing_but_a_checksum_is_vpd(void)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    vpd_builder_add_read_only(bytes, "");
    vpd_builder_add_end(bytes);
    assert_document(bytes, "<capability type='vpd'>\n</capability>\n");
}

/* The stock daemon of libvirt 9.0 writes these as they are, and its document does not parse. */
static void
test_odd_characters_cannot_break_the_document(void)
{
    g_autoptr(GByteArray) bytes = vpd_builder_make("<&>", "PN=</fields>|V1=&'\"", NULL);

    assert_document(bytes, "<capability type='vpd'>\n"
                           "  <name>&lt;&amp;&gt;</name>\n"
                           "  <fields access='readonly'>\n"
                           "    <part_number>&lt;/fields&gt;</part_number>\n"
                           "    <vendor_field index='1'>&amp;&apos;&quot;</vendor_field>\n"
                           "  </fields>\n"
                           "</capability>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-vpd/fields-stand-in-the-order-of-libvirt",
                    test_fields_stand_in_the_order_of_libvirt);
    g_test_add_func("/node-device-vpd/empty-texts-and-lists-are-shown",
                    test_empty_texts_and_lists_are_shown);
    g_test_add_func("/node-device-vpd/nothing-but-a-checksum-is-vpd",
                    test_nothing_but_a_checksum_is_vpd);
    g_test_add_func("/node-device-vpd/odd-characters-cannot-break-the-document",
                    test_odd_characters_cannot_break_the_document);
    return g_test_run();
}
