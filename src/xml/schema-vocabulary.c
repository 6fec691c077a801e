/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "schema-vocabulary.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <string.h>

#include "schema-store.h"
#include "xml-problem.h"

/* The grammar, and the element that it is about. */
#define GRAMMAR "zpci.rng"
#define TOP "zpci"

/* How deep a schema may be nested, with what it refers to. */
#define MAX_DEPTH 64

/* @grammar: our own
 * @user: the schema that includes it
 * @defines: (element-type xmlNode): those of @grammar, by their names */
struct _SchemaVocabulary {
    xmlDoc *grammar;
    xmlDoc *user;
    GHashTable *defines;
};

static xmlDoc *
schema_vocabulary_read(const char *name)
{
    g_autofree char *path = schema_store_get_path(name);

    return xmlReadFile(
        path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS);
}

static gboolean
schema_vocabulary_is(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

/* Returns (transfer full) (nullable). */
static char *
schema_vocabulary_get_name(const xmlNode *node)
{
    xmlChar *name = xmlGetNoNsProp(node, BAD_CAST "name");
    char *copy = g_strdup((const char *)name);

    xmlFree(name);
    return copy;
}

SchemaVocabulary *
schema_vocabulary_new(const char *name)
{
    g_autoptr(SchemaVocabulary) vocabulary = g_new0(SchemaVocabulary, 1);

    vocabulary->defines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    vocabulary->grammar = schema_vocabulary_read(GRAMMAR);
    vocabulary->user = schema_vocabulary_read(name);
    if (vocabulary->grammar == NULL || vocabulary->user == NULL)
        return NULL;
    for (xmlNode *node = xmlFirstElementChild(xmlDocGetRootElement(vocabulary->grammar));
         node != NULL; node = xmlNextElementSibling(node)) {
        char *define =
            schema_vocabulary_is(node, "define") ? schema_vocabulary_get_name(node) : NULL;

        if (define != NULL)
            g_hash_table_insert(vocabulary->defines, define, node);
    }
    return g_steal_pointer(&vocabulary);
}

void
schema_vocabulary_free(SchemaVocabulary *vocabulary)
{
    if (vocabulary == NULL)
        return;
    xmlFreeDoc(vocabulary->grammar);
    xmlFreeDoc(vocabulary->user);
    g_hash_table_unref(vocabulary->defines);
    g_free(vocabulary);
}

/* Adds the patterns of one @kind, "attribute" or "element", that stand in @node or in what it
 * refers to, but not within another of either kind. */
static void
schema_vocabulary_collect(const SchemaVocabulary *vocabulary, xmlNode *node, const char *kind,
                          guint depth, GPtrArray *patterns)
{
    if (node == NULL || depth > MAX_DEPTH)
        return;
    for (xmlNode *child = xmlFirstElementChild(node); child != NULL;
         child = xmlNextElementSibling(child)) {
        g_autofree char *name =
            schema_vocabulary_is(child, "ref") ? schema_vocabulary_get_name(child) : NULL;

        if (schema_vocabulary_is(child, kind))
            g_ptr_array_add(patterns, child);
        else if (name != NULL)
            schema_vocabulary_collect(vocabulary, g_hash_table_lookup(vocabulary->defines, name),
                                      kind, depth + 1, patterns);
        else if (!schema_vocabulary_is(child, "attribute") &&
                 !schema_vocabulary_is(child, "element"))
            schema_vocabulary_collect(vocabulary, child, kind, depth + 1, patterns);
    }
}

/* The same for all of the schema that includes the grammar: wherever it refers to. */
static void
schema_vocabulary_collect_tops(const SchemaVocabulary *vocabulary, xmlNode *node, guint depth,
                               GPtrArray *patterns)
{
    for (xmlNode *child = depth <= MAX_DEPTH ? xmlFirstElementChild(node) : NULL; child != NULL;
         child = xmlNextElementSibling(child)) {
        g_autofree char *name =
            schema_vocabulary_is(child, "ref") ? schema_vocabulary_get_name(child) : NULL;

        if (name != NULL)
            schema_vocabulary_collect(vocabulary, g_hash_table_lookup(vocabulary->defines, name),
                                      "element", depth + 1, patterns);
        else
            schema_vocabulary_collect_tops(vocabulary, child, depth + 1, patterns);
    }
}

/* Returns (transfer full) (element-type xmlNode): the patterns that are about @element: there may
 * be several, of which one has to match. */
static GPtrArray *
schema_vocabulary_find(const SchemaVocabulary *vocabulary, const xmlNode *element, guint depth)
{
    GPtrArray *found = g_ptr_array_new();
    g_autoptr(GPtrArray) candidates = g_ptr_array_new();

    if (strcmp((const char *)element->name, TOP) == 0) {
        schema_vocabulary_collect_tops(vocabulary, xmlDocGetRootElement(vocabulary->user), 0,
                                       candidates);
    } else if (depth < MAX_DEPTH && element->parent != NULL &&
               element->parent->type == XML_ELEMENT_NODE) {
        g_autoptr(GPtrArray) parents =
            schema_vocabulary_find(vocabulary, element->parent, depth + 1);

        for (guint i = 0; i < parents->len; i++)
            schema_vocabulary_collect(vocabulary, g_ptr_array_index(parents, i), "element", 0,
                                      candidates);
    }
    for (guint i = 0; i < candidates->len; i++) {
        g_autofree char *name = schema_vocabulary_get_name(g_ptr_array_index(candidates, i));

        if (g_strcmp0(name, (const char *)element->name) == 0)
            g_ptr_array_add(found, g_ptr_array_index(candidates, i));
    }
    return found;
}

/* Returns (transfer full) (element-type xmlNode): all patterns of one kind for what is in @element.
 */
static GPtrArray *
schema_vocabulary_collect_in(const SchemaVocabulary *vocabulary, const GPtrArray *owners,
                             const char *kind)
{
    GPtrArray *patterns = g_ptr_array_new();

    for (guint i = 0; i < owners->len; i++)
        schema_vocabulary_collect(vocabulary, g_ptr_array_index(owners, i), kind, 0, patterns);
    return patterns;
}

static char **
schema_vocabulary_list(const SchemaVocabulary *vocabulary, const xmlNode *element, const char *kind)
{
    g_autoptr(GPtrArray) owners = schema_vocabulary_find(vocabulary, element, 0);
    g_autoptr(GPtrArray) patterns = schema_vocabulary_collect_in(vocabulary, owners, kind);
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < patterns->len; i++) {
        char *name = schema_vocabulary_get_name(g_ptr_array_index(patterns, i));

        if (name == NULL || g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_free(name);
        else
            g_ptr_array_add(names, name);
    }
    g_ptr_array_add(names, NULL);
    if (owners->len > 0)
        return (char **)g_ptr_array_free(names, FALSE);
    g_ptr_array_free(names, TRUE);
    return NULL;
}

char **
schema_vocabulary_list_attributes(const SchemaVocabulary *vocabulary, const xmlNode *element)
{
    return schema_vocabulary_list(vocabulary, element, "attribute");
}

char **
schema_vocabulary_list_children(const SchemaVocabulary *vocabulary, const xmlNode *element)
{
    return schema_vocabulary_list(vocabulary, element, "element");
}

/* Returns (transfer full): the grammar, about an element with an attribute as @pattern says and
 * nothing else. */
static xmlDoc *
schema_vocabulary_narrow(const SchemaVocabulary *vocabulary, xmlNode *pattern)
{
    xmlDoc *narrow = xmlCopyDoc(vocabulary->grammar, 1);
    xmlNode *root = xmlDocGetRootElement(narrow);
    xmlNode *start = xmlNewChild(root, root->ns, BAD_CAST "start", NULL);
    xmlNode *element = xmlNewChild(start, root->ns, BAD_CAST "element", NULL);

    xmlNewProp(element, BAD_CAST "name", BAD_CAST TOP);
    xmlAddChild(element, xmlDocCopyNode(pattern, narrow, 1));
    return narrow;
}

/* Returns: whether a document that has only @attribute is valid. */
static gboolean
schema_vocabulary_is_valid(xmlRelaxNG *schema, const xmlAttr *attribute)
{
    xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(schema);
    xmlDoc *document = xmlNewDoc(NULL);
    xmlNode *root = xmlNewDocNode(document, NULL, BAD_CAST TOP, NULL);
    xmlChar *value = xmlNodeGetContent((const xmlNode *)attribute);
    gboolean is_valid;

    xmlDocSetRootElement(document, root);
    xmlNewProp(root, attribute->name, value);
    xmlRelaxNGSetValidStructuredErrors(context, xml_problem_ignore, NULL);
    is_valid = xmlRelaxNGValidateDoc(context, document) == 0;
    xmlRelaxNGFreeValidCtxt(context);
    xmlFreeDoc(document);
    xmlFree(value);
    return is_valid;
}

static gboolean
schema_vocabulary_matches(const SchemaVocabulary *vocabulary, xmlNode *pattern,
                          const xmlAttr *attribute)
{
    xmlDoc *narrow = schema_vocabulary_narrow(vocabulary, pattern);
    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewDocParserCtxt(narrow);
    xmlRelaxNG *schema;
    gboolean matches;

    xmlRelaxNGSetParserStructuredErrors(parser, xml_problem_ignore, NULL);
    schema = xmlRelaxNGParse(parser);
    matches = schema != NULL && schema_vocabulary_is_valid(schema, attribute);
    xmlRelaxNGFree(schema);
    xmlRelaxNGFreeParserCtxt(parser);
    xmlFreeDoc(narrow);
    return matches;
}

gboolean
schema_vocabulary_takes(const SchemaVocabulary *vocabulary, const xmlAttr *attribute)
{
    g_autoptr(GPtrArray) owners = schema_vocabulary_find(vocabulary, attribute->parent, 0);
    g_autoptr(GPtrArray) patterns = schema_vocabulary_collect_in(vocabulary, owners, "attribute");
    gboolean has_pattern = FALSE;

    for (guint i = 0; i < patterns->len; i++) {
        xmlNode *pattern = g_ptr_array_index(patterns, i);
        g_autofree char *name = schema_vocabulary_get_name(pattern);

        if (g_strcmp0(name, (const char *)attribute->name) != 0)
            continue;
        if (schema_vocabulary_matches(vocabulary, pattern, attribute))
            return TRUE;
        has_pattern = TRUE;
    }
    return !has_pattern;
}
