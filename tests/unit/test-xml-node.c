/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-node.h"

#include "xml-text.h"

static void
assert_document(xmlDoc *document, const char *expected)
{
    g_autofree char *text = xml_text_format(xmlDocGetRootElement(document));

    g_assert_cmpstr(text, ==, expected);
}

static void
test_elements_stand_in_the_order_they_came(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *capability;

    xml_node_add_text(root, "name", "pci_0005_00_00_0");
    capability = xml_node_add(root, "capability");
    xml_node_set(capability, "type", "pci");
    xml_node_add_printf(capability, "class", "0x%06x", 0x20000);
    xml_node_add(root, "last");
    assert_document(document, "<device>\n"
                              "  <name>pci_0005_00_00_0</name>\n"
                              "  <capability type='pci'>\n"
                              "    <class>0x020000</class>\n"
                              "  </capability>\n"
                              "  <last/>\n"
                              "</device>\n");
}

static void
test_attributes_stand_in_the_order_they_came(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("address");
    xmlNode *root = xmlDocGetRootElement(document);

    xml_node_set_printf(root, "domain", "0x%04x", 5);
    xml_node_set(root, "bus", "0x00");
    xml_node_set(root, "alias", "");
    assert_document(document, "<address domain='0x0005' bus='0x00' alias=''/>\n");
}

static void
test_attribute_that_is_set_again_changes(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("link");
    xmlNode *root = xmlDocGetRootElement(document);

    xml_node_set(root, "validity", "cap");
    xml_node_set(root, "validity", "sta");
    assert_document(document, "<link validity='sta'/>\n");
}

static void
test_block_takes_two_lines(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("capability");
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *filled = xml_node_add(root, "firmware");

    xml_node_set_block(xml_node_add(root, "hardware"));
    xml_node_add_text(filled, "vendor", "v");
    xml_node_set_block(filled);
    assert_document(document, "<capability>\n"
                              "  <firmware>\n"
                              "    <vendor>v</vendor>\n"
                              "  </firmware>\n"
                              "  <hardware>\n"
                              "  </hardware>\n"
                              "</capability>\n");
}

static void
test_bytes_that_are_not_utf8_are_replaced(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("product");
    xmlNode *root = xmlDocGetRootElement(document);

    xml_node_set(root, "id", "a\xff");
    xml_node_add_text(root, "name", "\xc3(\xe2\x82");
    assert_document(document, "<product id='a\xef\xbf\xbd'>\n"
                              "  <name>\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd</name>\n"
                              "</product>\n");
}

/* The tree holds the text itself, so a reader of the tree sees no entities. */
static void
test_markup_in_a_text_stays_text(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("driver");
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *name = xml_node_add_text(root, "name", "<zpci uid='1'/>&amp;");
    xmlChar *content = xmlNodeGetContent(name);
    xmlChar *attribute;

    xml_node_set(root, "id", "&lt;'");
    attribute = xmlGetProp(root, BAD_CAST "id");
    g_assert_cmpstr((const char *)content, ==, "<zpci uid='1'/>&amp;");
    g_assert_cmpstr((const char *)attribute, ==, "&lt;'");
    xmlFree(content);
    xmlFree(attribute);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml-node/elements-stand-in-the-order-they-came",
                    test_elements_stand_in_the_order_they_came);
    g_test_add_func("/xml-node/attributes-stand-in-the-order-they-came",
                    test_attributes_stand_in_the_order_they_came);
    g_test_add_func("/xml-node/attribute-that-is-set-again-changes",
                    test_attribute_that_is_set_again_changes);
    g_test_add_func("/xml-node/block-takes-two-lines", test_block_takes_two_lines);
    g_test_add_func("/xml-node/bytes-that-are-not-utf8-are-replaced",
                    test_bytes_that_are_not_utf8_are_replaced);
    g_test_add_func("/xml-node/markup-in-a-text-stays-text", test_markup_in_a_text_stays_text);
    return g_test_run();
}
