/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-text.h"

#include <libxml/parser.h>
#include <string.h>

#include "xml-node.h"

/* Writes @text as an element's text and as an attribute, as libvirt's clients would get it. */
static char *
format(const char *text)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("product");
    xmlNode *root = xmlDocGetRootElement(document);

    xml_node_set(root, "name", text);
    xml_node_add_text(root, "vendor", text);
    return xml_text_format(root);
}

static void
assert_written(const char *text, const char *expected)
{
    g_autofree char *written = format(text);
    g_autofree char *document = g_strdup_printf(
        "<product name='%s'>\n  <vendor>%s</vendor>\n</product>\n", expected, expected);

    g_assert_cmpstr(written, ==, document);
}

/* What a client's parser makes of the element's text. */
static char *
parse_back(const char *text)
{
    g_autofree char *written = format(text);
    g_autoptr(xmlDoc) document =
        xmlReadMemory(written, (int)strlen(written), "test.xml", NULL, XML_PARSE_NOBLANKS);
    xmlChar *content;
    char *result;

    g_assert_nonnull(document);
    content = xmlNodeGetContent(xmlDocGetRootElement(document)->children);
    result = g_strdup((const char *)content);
    xmlFree(content);
    return result;
}

static void
test_five_characters_are_escaped(void)
{
    assert_written("<>&'\"", "&lt;&gt;&amp;&apos;&quot;");
    assert_written("a&lt;b", "a&amp;lt;b");
    assert_written("]]>", "]]&gt;");
}

static void
test_other_languages_stand_as_they_are(void)
{
    assert_written("Größe €", "Größe €");
    assert_written("\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7");
}

static void
test_control_characters_are_left_out(void)
{
    assert_written("a\x01\x08\x0b\x0c\x0e\x1f\x62", "ab");
    assert_written("a\tb\nc\rd", "a\tb\nc\rd");
    assert_written("\x1b[31m", "[31m");
}

static void
test_characters_that_xml_forbids_are_left_out(void)
{
    assert_written("a\xef\xbf\xbe\xef\xbf\xbf\x62", "ab");
    assert_written("a\xef\xbf\xbd\x62", "a\xef\xbf\xbd\x62");
}

/* Whatever a device says, the document stays one that a parser takes. */
static void
test_every_byte_makes_a_well_formed_document(void)
{
    for (guint byte = 1; byte < 256; byte++) {
        const char text[] = { 'a', (char)byte, 'b', '\0' };
        g_autofree char *again = parse_back(text);

        g_assert_true(g_str_has_prefix(again, "a"));
        g_assert_true(g_str_has_suffix(again, "b"));
    }
}

static void
test_parser_gives_the_text_back(void)
{
    g_autofree char *markup = parse_back("<zpci uid='0x1'/> & \"more\"");

    g_assert_cmpstr(markup, ==, "<zpci uid='0x1'/> & \"more\"");
}

static void
test_empty_element_is_closed_at_once(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    g_autofree char *empty = xml_text_format(xmlDocGetRootElement(document));
    g_autofree char *block = NULL;

    g_assert_cmpstr(empty, ==, "<device/>\n");
    xml_node_set_block(xmlDocGetRootElement(document));
    block = xml_text_format(xmlDocGetRootElement(document));
    g_assert_cmpstr(block, ==, "<device>\n</device>\n");
}

static void
test_empty_text_is_no_empty_element(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    g_autofree char *text = NULL;

    xml_node_add_text(xmlDocGetRootElement(document), "vendor", "");
    text = xml_text_format(xmlDocGetRootElement(document));
    g_assert_cmpstr(text, ==, "<device>\n  <vendor></vendor>\n</device>\n");
}

static void
test_each_level_is_two_blanks(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("a");
    xmlNode *node = xmlDocGetRootElement(document);
    g_autofree char *text = NULL;

    node = xml_node_add(xml_node_add(node, "b"), "c");
    xml_node_add_text(node, "d", "deep");
    text = xml_text_format(xmlDocGetRootElement(document));
    g_assert_cmpstr(text, ==, "<a>\n  <b>\n    <c>\n      <d>deep</d>\n    </c>\n  </b>\n</a>\n");
}

static void
test_part_of_a_tree_can_be_written(void)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("device");
    xmlNode *capability = xml_node_add(xmlDocGetRootElement(document), "capability");
    g_autofree char *text = NULL;

    xml_node_add(capability, "zpci");
    text = xml_text_format(capability);
    g_assert_cmpstr(text, ==, "<capability>\n  <zpci/>\n</capability>\n");
}

static void
test_white_space_between_elements_is_no_text(void)
{
    const char *written = "<a>\n\t<b> x </b>  <c/>\n</a>";
    g_autoptr(xmlDoc) document = xmlReadMemory(written, (int)strlen(written), NULL, NULL, 0);
    g_autofree char *text = xml_text_format(xmlDocGetRootElement(document));

    g_assert_cmpstr(text, ==, "<a>\n  <b> x </b>\n  <c/>\n</a>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml-text/five-characters-are-escaped", test_five_characters_are_escaped);
    g_test_add_func("/xml-text/other-languages-stand-as-they-are",
                    test_other_languages_stand_as_they_are);
    g_test_add_func("/xml-text/control-characters-are-left-out",
                    test_control_characters_are_left_out);
    g_test_add_func("/xml-text/characters-that-xml-forbids-are-left-out",
                    test_characters_that_xml_forbids_are_left_out);
    g_test_add_func("/xml-text/every-byte-makes-a-well-formed-document",
                    test_every_byte_makes_a_well_formed_document);
    g_test_add_func("/xml-text/parser-gives-the-text-back", test_parser_gives_the_text_back);
    g_test_add_func("/xml-text/empty-element-is-closed-at-once",
                    test_empty_element_is_closed_at_once);
    g_test_add_func("/xml-text/empty-text-is-no-empty-element",
                    test_empty_text_is_no_empty_element);
    g_test_add_func("/xml-text/each-level-is-two-blanks", test_each_level_is_two_blanks);
    g_test_add_func("/xml-text/part-of-a-tree-can-be-written", test_part_of_a_tree_can_be_written);
    g_test_add_func("/xml-text/white-space-between-elements-is-no-text",
                    test_white_space_between_elements_is_no_text);
    return g_test_run();
}
