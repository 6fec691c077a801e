/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-source.h"

#include <string.h>

#include "expect.h"
#include "xml-document.h"
#include "xml-node.h"

static xmlDoc *
parse(const char *text)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new();
    xmlDoc *tree = xml_document_parse(text, strlen(text), findings);

    g_assert_cmpuint(findings->len, ==, 0);
    return tree;
}

static char *
cut(const char *text, gsize start, gsize end)
{
    g_assert_cmpuint(start, <=, end);
    g_assert_cmpuint(end, <=, strlen(text));
    return g_strndup(text + start, end - start);
}

/* The root and its first child, as they stand in @text: whole, and what is between their tags. */
static void
expect_spans(const char *text, const char *root, const char *child, const char *inside)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) tree = parse(text);
    g_autoptr(XmlSource) source = xml_source_new(text, strlen(text), tree, &error);
    const xmlNode *element = xmlDocGetRootElement(tree);
    const XmlSpan *span;
    g_autofree char *of_root = NULL;
    g_autofree char *of_child = NULL;
    g_autofree char *of_inside = NULL;

    g_assert_no_error(error);
    span = xml_source_get_span(source, element);
    of_root = cut(text, span->start, span->end);
    g_assert_cmpstr(of_root, ==, root);
    span = xml_source_get_span(source, xmlFirstElementChild((xmlNode *)element));
    of_child = cut(text, span->start, span->end);
    g_assert_cmpstr(of_child, ==, child);
    of_inside = cut(text, span->open_end, span->close_start);
    g_assert_cmpstr(of_inside, ==, inside);
    g_assert_cmpint(xml_source_is_empty_tag(source, span), ==, g_str_has_suffix(child, "/>"));
}

static void
test_elements_are_found_where_they_stand(void)
{
    expect_spans("<a><b/></a>", "<a><b/></a>", "<b/>", "");
    expect_spans("<a>x<b>y</b>z</a>\n", "<a>x<b>y</b>z</a>", "<b>y</b>", "y");
    expect_spans("<?xml version='1.0'?>\n<a\n><b  c = '1' ></b ></a>",
                 "<a\n><b  c = '1' ></b ></a>", "<b  c = '1' ></b >", "");
    expect_spans("<q:a xmlns:q='q'><q:b>1</q:b></q:a>", "<q:a xmlns:q='q'><q:b>1</q:b></q:a>",
                 "<q:b>1</q:b>", "1");
    expect_spans("<a><b><b><b/></b></b><c/></a>", "<a><b><b><b/></b></b><c/></a>",
                 "<b><b><b/></b></b>", "<b><b/></b>");
}

/* None of these is a tag, whatever stands in it. */
static void
test_what_looks_like_a_tag(void)
{
    expect_spans("<!-- <a> --><a><!-- <b> > --><b/></a>", "<a><!-- <b> > --><b/></a>", "<b/>", "");
    expect_spans("<a><![CDATA[</a><b>]]><b>1</b></a>", "<a><![CDATA[</a><b>]]><b>1</b></a>",
                 "<b>1</b>", "1");
    expect_spans("<a><?b <b>?><b/></a>", "<a><?b <b>?><b/></a>", "<b/>", "");
    expect_spans("<a c='/>'><b d=\"'>\"/></a>", "<a c='/>'><b d=\"'>\"/></a>", "<b d=\"'>\"/>", "");
}

static void
refuse(const char *text, const char *of_another)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) tree = parse(of_another);

    g_test_message("%s", text);
    g_assert_null(xml_source_new(text, strlen(text), tree, &error));
    expect_error(&error, ZPCI_ERROR_UNSUPPORTED, "cannot be changed");
}

/* A text that is not that of the tree, as by an encoding that was misread, is not touched. */
static void
test_text_and_tree_that_are_not_the_same(void)
{
    refuse("<a/>", "<a><b/></a>");
    refuse("<a><b/></a>", "<a/>");
    refuse("<a><b/></a>", "<a><c/></a>");
    refuse("<a><b></a>", "<a><b/></a>");
    refuse("<a><b/>", "<a><b/></a>");
    refuse("<a></a></a>", "<a/>");
    refuse("<a><!-- </a>", "<a/>");
    refuse("<a><![CDATA[</a>", "<a/>");
    refuse("<a><?b</a>", "<a/>");
    refuse("<a b='></a>", "<a/>");
    refuse("<a", "<a/>");
    refuse("<a><b/></a", "<a><b/></a>");
    refuse("", "<a/>");
}

static void
test_encodings(void)
{
    static const struct {
        const char *name;
        gboolean known;
    } cases[] = {
        { "UTF-8", TRUE },       { "utf-8", TRUE },  { "US-ASCII", TRUE },
        { "ISO-8859-15", TRUE }, { "cp037", FALSE }, { "UTF-7", FALSE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(xmlDoc) tree = parse("<a/>");
        g_autoptr(XmlSource) source = NULL;

        tree->encoding = xmlStrdup((const xmlChar *)cases[i].name);
        source = xml_source_new("<a/>", 4, tree, NULL);
        g_assert_cmpint(source != NULL, ==, cases[i].known);
    }
}

static void
test_line_ends_are_those_of_the_author(void)
{
    static const struct {
        const char *text;
        const char *newline;
    } cases[] = {
        { "<a/>", "\n" },          { "<a>\n</a>", "\n" },  { "<a>\r\n</a>", "\r\n" },
        { "<a>\n</a>\r\n", "\n" }, { "\n<a/>\r\n", "\n" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(xmlDoc) tree = parse(cases[i].text);
        g_autoptr(XmlSource) source =
            xml_source_new(cases[i].text, strlen(cases[i].text), tree, NULL);

        g_assert_cmpstr(source->newline, ==, cases[i].newline);
    }
}

static void
test_indent_is_what_stands_before(void)
{
    static const char text[] = "  <a>\n\t <b/> <c/>\n<d/></a>";
    g_autoptr(xmlDoc) tree = parse(text + 2);
    g_autoptr(XmlSource) source = xml_source_new(text, strlen(text), tree, NULL);
    g_autofree char *of_a = xml_source_get_indent(source, 2);
    g_autofree char *of_b = xml_source_get_indent(source, (gsize)(strstr(text, "<b") - text));
    g_autofree char *of_d = xml_source_get_indent(source, (gsize)(strstr(text, "<d") - text));

    g_assert_cmpstr(of_a, ==, "  ");
    g_assert_cmpstr(of_b, ==, "\t ");
    g_assert_null(xml_source_get_indent(source, (gsize)(strstr(text, "<c") - text)));
    g_assert_cmpstr(of_d, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml-source/elements-are-found-where-they-stand",
                    test_elements_are_found_where_they_stand);
    g_test_add_func("/xml-source/what-looks-like-a-tag", test_what_looks_like_a_tag);
    g_test_add_func("/xml-source/text-and-tree-that-are-not-the-same",
                    test_text_and_tree_that_are_not_the_same);
    g_test_add_func("/xml-source/encodings", test_encodings);
    g_test_add_func("/xml-source/line-ends-are-those-of-the-author",
                    test_line_ends_are_those_of_the_author);
    g_test_add_func("/xml-source/indent-is-what-stands-before", test_indent_is_what_stands_before);
    return g_test_run();
}
