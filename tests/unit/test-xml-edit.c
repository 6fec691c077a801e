/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-edit.h"

#include <string.h>

#include "expect.h"
#include "xml-document.h"
#include "xml-node.h"

static xmlNode *
find(xmlNode *node, const char *name)
{
    for (; node != NULL; node = node->next) {
        xmlNode *below;

        if (node->type == XML_ELEMENT_NODE && g_str_equal((const char *)node->name, name))
            return node;
        below = node->type == XML_ELEMENT_NODE ? find(node->children, name) : NULL;
        if (below != NULL)
            return below;
    }
    return NULL;
}

static xmlDoc *
parse(const char *text)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new();
    xmlDoc *tree = xml_document_parse(text, strlen(text), findings);

    g_assert_cmpuint(findings->len, ==, 0);
    return tree;
}

static xmlDoc *
new_holder(void)
{
    xmlDoc *document = xml_node_new_document("holder");
    xmlNode *rng = xml_node_add(xmlDocGetRootElement(document), "rng");

    xml_node_set(rng, "model", "a<b");
    xml_node_add(rng, "backend");
    return document;
}

/* The document with <rng> at the end of its <devices>. */
static void
assert_appended(const char *before, const char *after)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) tree = parse(before);
    g_autoptr(xmlDoc) holder = new_holder();
    g_autoptr(XmlEdit) edit = xml_edit_new(before, strlen(before), tree, &error);
    g_autofree char *result = NULL;
    gsize size = 0;

    g_assert_no_error(error);
    xml_edit_append(edit, find(tree->children, "devices"), xmlDocGetRootElement(holder));
    result = xml_edit_apply(edit, &size);
    g_assert_cmpstr(result, ==, after);
    g_assert_cmpuint(size, ==, strlen(after));
}

static void
test_children_are_laid_out_as_their_siblings(void)
{
    assert_appended("<domain>\n  <devices>\n    <disk/>\n  </devices>\n</domain>\n",
                    "<domain>\n  <devices>\n    <disk/>\n"
                    "    <rng model='a&lt;b'>\n      <backend/>\n    </rng>\n"
                    "  </devices>\n</domain>\n");
    assert_appended("<domain>\n\t<devices>\n\t\t<disk>\n\t\t</disk> <!-- > -->\n\t</devices>\n"
                    "</domain>",
                    "<domain>\n\t<devices>\n\t\t<disk>\n\t\t</disk> <!-- > -->\n"
                    "\t\t<rng model='a&lt;b'>\n\t\t\t<backend/>\n\t\t</rng>\n\t</devices>\n"
                    "</domain>");
    assert_appended("<domain>\r\n <devices>\r\n  <disk/></devices>\r\n</domain>",
                    "<domain>\r\n <devices>\r\n  <disk/>\r\n"
                    "  <rng model='a&lt;b'>\r\n   <backend/>\r\n  </rng>\r\n </devices>\r\n"
                    "</domain>");
}

static void
test_children_of_an_element_without_any(void)
{
    assert_appended("<domain>\n  <devices/>\n</domain>",
                    "<domain>\n  <devices>\n"
                    "    <rng model='a&lt;b'>\n      <backend/>\n    </rng>\n"
                    "  </devices>\n</domain>");
    assert_appended("<domain>\n  <devices></devices>\n</domain>",
                    "<domain>\n  <devices>\n"
                    "    <rng model='a&lt;b'>\n      <backend/>\n    </rng>\n"
                    "  </devices>\n</domain>");
    assert_appended("<devices  a='>'\n  />",
                    "<devices  a='>'\n  >\n"
                    "  <rng model='a&lt;b'>\n    <backend/>\n  </rng>\n</devices>");
}

static void
test_nothing_is_laid_out_where_nothing_is(void)
{
    assert_appended("<domain><devices><disk/></devices></domain>",
                    "<domain><devices><disk/><rng model='a&lt;b'><backend/></rng></devices>"
                    "</domain>");
    assert_appended("<domain><devices/></domain>",
                    "<domain><devices><rng model='a&lt;b'><backend/></rng></devices></domain>");
}

/* What looks like a tag but is none does not lead astray. */
static void
test_markup_that_is_no_tag(void)
{
    assert_appended("<?xml version='1.0'?>\n<!-- <devices> -->\n<domain a=\"'>\" b='\"/>'>\n"
                    "<![CDATA[</devices>]]><?pi <devices> ?>\n<q:devices xmlns:q='q'/>\n"
                    "<devices>\n</devices></domain>",
                    "<?xml version='1.0'?>\n<!-- <devices> -->\n<domain a=\"'>\" b='\"/>'>\n"
                    "<![CDATA[</devices>]]><?pi <devices> ?>\n<q:devices xmlns:q='q'>\n"
                    "  <rng model='a&lt;b'>\n    <backend/>\n  </rng>\n</q:devices>\n"
                    "<devices>\n</devices></domain>");
}

static void
test_attributes_go_to_the_end_of_the_tag(void)
{
    static const char before[] = "<devices>\n<a  x=\"1\" /><b\n>\n</b ></devices>";
    g_autoptr(xmlDoc) tree = parse(before);
    g_autoptr(XmlEdit) edit = xml_edit_new(before, strlen(before), tree, NULL);
    g_autofree char *result = NULL;
    gsize size = 0;

    xml_edit_add_attribute(edit, find(tree->children, "b"), "y", "2");
    xml_edit_add_attribute(edit, find(tree->children, "a"), "y", "'");
    xml_edit_add_attribute(edit, find(tree->children, "a"), "z", "3");
    result = xml_edit_apply(edit, &size);
    g_assert_cmpstr(result, ==,
                    "<devices>\n<a  x=\"1\" y='&apos;' z='3' /><b y='2'\n>\n</b ></devices>");
}

static void
test_latin_1_is_kept(void)
{
    assert_appended("<?xml version='1.0' encoding='ISO-8859-1'?><devices><t>\xe4\xf6</t></devices>",
                    "<?xml version='1.0' encoding='ISO-8859-1'?><devices><t>\xe4\xf6</t>"
                    "<rng model='a&lt;b'><backend/></rng></devices>");
}

static void
test_encoding_without_plain_tags_is_refused(void)
{
    static const char text[] = "\xff\xfe<\0a\0/\0>\0";
    g_autoptr(GPtrArray) findings = g_ptr_array_new();
    g_autoptr(xmlDoc) tree = xml_document_parse(text, sizeof text - 1, findings);
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(tree);
    g_assert_null(xml_edit_new(text, sizeof text - 1, tree, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "convert it to UTF-8");
}

static char *
diff_of_attributes(const char *before, const char *const *names)
{
    g_autoptr(xmlDoc) tree = parse(before);
    g_autoptr(XmlEdit) edit = xml_edit_new(before, strlen(before), tree, NULL);

    for (; *names != NULL; names++)
        xml_edit_add_attribute(edit, find(tree->children, *names), "x", "1");
    return xml_edit_diff(edit, "a.xml");
}

static void
test_diff_joins_what_is_near(void)
{
    static const char *const near[] = { "a", "i", NULL };
    static const char *const far[] = { "a", "j", NULL };
    static const char before[] =
        "<r>\n<a/>\n<b/>\n<c/>\n<d/>\n<e/>\n<f/>\n<h/>\n<i/>\n<j/>\n<k/></r>";
    g_autofree char *one = diff_of_attributes(before, near);
    g_autofree char *two = diff_of_attributes(before, far);
    g_autofree char *none = diff_of_attributes(before, far + 2);

    g_assert_cmpstr(one, ==,
                    "--- a.xml\n+++ a.xml\n@@ -1,11 +1,11 @@\n <r>\n-<a/>\n+<a x='1'/>\n <b/>\n"
                    " <c/>\n <d/>\n <e/>\n <f/>\n <h/>\n-<i/>\n+<i x='1'/>\n <j/>\n <k/></r>\n"
                    "\\ No newline at end of file\n");
    g_assert_cmpstr(two, ==,
                    "--- a.xml\n+++ a.xml\n@@ -1,5 +1,5 @@\n <r>\n-<a/>\n+<a x='1'/>\n <b/>\n"
                    " <c/>\n <d/>\n@@ -7,5 +7,5 @@\n <f/>\n <h/>\n <i/>\n-<j/>\n+<j x='1'/>\n"
                    " <k/></r>\n\\ No newline at end of file\n");
    g_assert_cmpstr(none, ==, "");
}

static void
test_diff_shows_added_lines(void)
{
    static const char before[] = "<domain>\n  <devices>\n  </devices>\n</domain>\n";
    g_autoptr(xmlDoc) tree = parse(before);
    g_autoptr(xmlDoc) holder = new_holder();
    g_autoptr(XmlEdit) edit = xml_edit_new(before, strlen(before), tree, NULL);
    g_autofree char *diff = NULL;

    xml_edit_append(edit, find(tree->children, "devices"), xmlDocGetRootElement(holder));
    xml_edit_add_attribute(edit, find(tree->children, "devices"), "x", "1");
    diff = xml_edit_diff(edit, "a.xml");
    g_assert_cmpstr(diff, ==,
                    "--- a.xml\n+++ a.xml\n@@ -1,4 +1,7 @@\n <domain>\n-  <devices>\n"
                    "+  <devices x='1'>\n+    <rng model='a&lt;b'>\n+      <backend/>\n"
                    "+    </rng>\n   </devices>\n </domain>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml-edit/children-are-laid-out-as-their-siblings",
                    test_children_are_laid_out_as_their_siblings);
    g_test_add_func("/xml-edit/children-of-an-element-without-any",
                    test_children_of_an_element_without_any);
    g_test_add_func("/xml-edit/nothing-is-laid-out-where-nothing-is",
                    test_nothing_is_laid_out_where_nothing_is);
    g_test_add_func("/xml-edit/markup-that-is-no-tag", test_markup_that_is_no_tag);
    g_test_add_func("/xml-edit/attributes-go-to-the-end-of-the-tag",
                    test_attributes_go_to_the_end_of_the_tag);
    g_test_add_func("/xml-edit/latin-1-is-kept", test_latin_1_is_kept);
    g_test_add_func("/xml-edit/encoding-without-plain-tags-is-refused",
                    test_encoding_without_plain_tags_is_refused);
    g_test_add_func("/xml-edit/diff-joins-what-is-near", test_diff_joins_what_is_near);
    g_test_add_func("/xml-edit/diff-shows-added-lines", test_diff_shows_added_lines);
    return g_test_run();
}
