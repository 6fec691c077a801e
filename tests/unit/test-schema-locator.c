/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "schema-locator.h"

#include <libxml/parser.h>
#include <string.h>

#include "xml-node.h"

#define PLENTY 1000

/* A judge of its own kind: nothing may be named "bad", and no element may stand behind <last>. */
static gboolean
element_is_good(const xmlNode *element)
{
    if (strcmp((const char *)element->name, "bad") == 0)
        return FALSE;
    for (const xmlAttr *attribute = element->properties; attribute != NULL;
         attribute = attribute->next) {
        if (strcmp((const char *)attribute->name, "bad") == 0)
            return FALSE;
    }
    for (const xmlNode *child = element->children; child != NULL; child = child->next) {
        if (child->type != XML_ELEMENT_NODE)
            continue;
        if (!element_is_good(child) || (strcmp((const char *)child->name, "last") == 0 &&
                                        xmlNextElementSibling((xmlNode *)child) != NULL))
            return FALSE;
    }
    return TRUE;
}

static gboolean
judge(gpointer document)
{
    return element_is_good(xmlDocGetRootElement(document));
}

static char *
dump(xmlDoc *document)
{
    xmlChar *text = NULL;
    char *copy;
    int size;

    xmlDocDumpMemory(document, &text, &size);
    copy = g_strndup((const char *)text, (gsize)size);
    xmlFree(text);
    return copy;
}

/* "ELEMENT/ATTRIBUTE " for each fault that is found; the document has to be the same afterwards. */
static char *
blame(const char *text, guint budget, guint *left)
{
    g_autoptr(xmlDoc) document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, 0);
    g_autoptr(GArray) faults = g_array_new(FALSE, FALSE, sizeof(SchemaFault));
    SchemaLocator locator = { judge, document, budget, faults };
    g_autofree char *before = dump(document);
    g_autofree char *after = NULL;
    GString *found = g_string_new(NULL);

    g_assert_nonnull(document);
    g_assert_false(judge(document));
    schema_locator_blame(&locator, xmlDocGetRootElement(document));
    after = dump(document);
    g_assert_cmpstr(after, ==, before);
    for (guint i = 0; i < faults->len; i++) {
        const SchemaFault *fault = &g_array_index(faults, SchemaFault, i);

        g_string_append_printf(found, "%s/%s ", (const char *)fault->element->name,
                               fault->attribute != NULL ? (const char *)fault->attribute->name
                                                        : "");
    }
    if (left != NULL)
        *left = locator.budget;
    return g_string_free(found, FALSE);
}

static void
expect(const char *text, const char *expected)
{
    g_autofree char *found = blame(text, PLENTY, NULL);

    g_assert_cmpstr(found, ==, expected);
}

/* Wherever it stands among the others, which are all put back. */
static void
test_attribute_that_is_wrong(void)
{
    expect("<a bad='0'/>", "a/bad ");
    expect("<a bad='0' c='1' d='2'/>", "a/bad ");
    expect("<a b='0' bad='1' d='2'/>", "a/bad ");
    expect("<a b='0' c='1' bad='2'/>", "a/bad ");
    expect("<a><b/><c d='1' bad='2' e='3'/></a>", "c/bad ");
}

static void
test_smallest_element_is_blamed(void)
{
    expect("<bad/>", "bad/ ");
    expect("<a>one <b/> two <c><bad/></c> three</a>", "bad/ ");
    expect("<a><b><c><d bad=''/></c></b><e/></a>", "d/bad ");
}

static void
test_later_one_of_two_in_the_wrong_order(void)
{
    expect("<a><b/><last/><c/></a>", "c/ ");
}

static void
test_each_of_several_faults(void)
{
    expect("<a><b bad=''/><c/><bad/><d><e bad=''/></d></a>", "b/bad bad/ e/bad ");
    /* Together they are the fault of the one above. */
    expect("<a bad=''><bad/></a>", "a/ ");
}

static void
test_faults_have_a_limit(void)
{
    g_autoptr(GString) text = g_string_new("<a>");
    g_autoptr(GString) expected = g_string_new(NULL);

    for (guint i = 0; i < SCHEMA_LOCATOR_MAX_FAULTS + 3; i++)
        g_string_append(text, "<bad/>");
    g_string_append(text, "</a>");
    for (guint i = 0; i < SCHEMA_LOCATOR_MAX_FAULTS; i++)
        g_string_append(expected, "bad/ ");
    expect(text->str, expected->str);
}

/* It costs no more than it may, and the document is whole even if it is not found. */
static void
test_budget_is_kept(void)
{
    static const char text[] = "<a><b/><c><d/><e bad='' f=''/></c><g/></a>";

    for (guint budget = 0; budget < 20; budget++) {
        guint left = PLENTY;
        g_autofree char *found = blame(text, budget, &left);

        g_assert_cmpuint(left, <=, budget);
        g_assert_cmpstr(found, !=, "");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema-locator/attribute-that-is-wrong", test_attribute_that_is_wrong);
    g_test_add_func("/schema-locator/smallest-element-is-blamed", test_smallest_element_is_blamed);
    g_test_add_func("/schema-locator/later-one-of-two-in-the-wrong-order",
                    test_later_one_of_two_in_the_wrong_order);
    g_test_add_func("/schema-locator/each-of-several-faults", test_each_of_several_faults);
    g_test_add_func("/schema-locator/faults-have-a-limit", test_faults_have_a_limit);
    g_test_add_func("/schema-locator/budget-is-kept", test_budget_is_kept);
    return g_test_run();
}
