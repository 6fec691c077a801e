/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "schema-vocabulary.h"

#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <string.h>

#include "names.h"
#include "xml-node.h"

#define DEVICE "<device><capability><zpci><function/><util>a</util></zpci></capability></device>"
#define GUEST "<domain><zpci/></domain>"

static char *
join(char **names)
{
    g_auto(GStrv) owned = names;

    return owned != NULL ? g_strjoinv(" ", owned) : g_strdup("(unknown)");
}

/* @path: the way to the element from the root: "capability/zpci" */
static xmlNode *
find_element(const xmlDoc *document, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path, "/", -1);
    xmlNode *element = xmlDocGetRootElement(document);

    for (guint i = 0; steps[i] != NULL; i++) {
        element = xmlFirstElementChild(element);
        while (strcmp((const char *)element->name, steps[i]) != 0)
            element = xmlNextElementSibling(element);
    }
    return element;
}

static void
assert_names(const char *schema, const char *text, const char *path, const char *attributes,
             const char *children)
{
    g_autoptr(SchemaVocabulary) vocabulary = schema_vocabulary_new(schema);
    g_autoptr(xmlDoc) document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, 0);
    xmlNode *element = find_element(document, path);
    g_autofree char *own = NULL;
    g_autofree char *below = NULL;

    g_assert_nonnull(vocabulary);
    own = join(schema_vocabulary_list_attributes(vocabulary, element));
    below = join(schema_vocabulary_list_children(vocabulary, element));
    g_assert_cmpstr(own, ==, attributes);
    g_assert_cmpstr(below, ==, children);
}

static void
test_names_are_those_of_the_grammar(void)
{
    assert_names("nodedev.rng", DEVICE, "capability/zpci", "uid fid pfgid",
                 "function dma group util pfip source");
    assert_names("nodedev.rng", DEVICE, "capability/zpci/function",
                 "pchid vfn pft type port uidUnique", "");
    assert_names("nodedev.rng", DEVICE, "capability/zpci/util", "hex", "");
    assert_names("nodedev.rng", DEVICE, "capability", "(unknown)", "(unknown)");
    assert_names("zpciaddress.rng", GUEST, "zpci", "uid fid", "");
}

/* Returns: the names of the attributes of the element at @path whose values are wrong. */
static char *
list_wrong(const char *schema, const char *text, const char *path)
{
    g_autoptr(SchemaVocabulary) vocabulary = schema_vocabulary_new(schema);
    g_autoptr(xmlDoc) document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, 0);
    GString *wrong = g_string_new(NULL);

    for (const xmlAttr *attribute = find_element(document, path)->properties; attribute != NULL;
         attribute = attribute->next) {
        if (!schema_vocabulary_takes(vocabulary, attribute))
            g_string_append_printf(wrong, "%s ", (const char *)attribute->name);
    }
    return g_string_free(wrong, FALSE);
}

static void
assert_wrong(const char *schema, const char *text, const char *path, const char *names)
{
    g_autofree char *wrong = list_wrong(schema, text, path);

    g_assert_cmpstr(wrong, ==, names);
}

/* Each value alone, whatever else is wrong with the document. */
static void
test_values(void)
{
    assert_wrong("nodedev.rng", "<d><zpci uid='0x0005' fid='c' pfgid='0x6'/></d>", "zpci",
                 "fid pfgid ");
    assert_wrong("nodedev.rng",
                 "<device><capability><zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'>"
                 "<function vfn='0x0001' port='x' hue='1'/></zpci></capability></device>",
                 "capability/zpci/function", "port ");
    assert_wrong("nodedev.rng",
                 "<device><capability><zpci uid='5' fid='0x0000000c' pfgid='0xff '/></capability>"
                 "</device>",
                 "capability/zpci", "uid pfgid ");
    assert_wrong("zpciaddress.rng", "<domain><zpci uid='0x0' fid='0x1'/></domain>", "zpci", "uid ");
    assert_wrong("zpciaddress.rng", "<domain><zpci uid='0x5' fid='&#x1F40D;&amp;'/></domain>",
                 "zpci", "fid ");
}

static void
test_without_the_files_there_is_none(void)
{
    g_assert_null(schema_vocabulary_new("nosuch.rng"));
}

static void
write_schema(const char *directory, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
remove_schema(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);

    g_assert_cmpint(g_unlink(path), ==, 0);
}

/* Nothing is known but what the files say, and a grammar that goes in a circle ends. */
static void
test_it_is_read_and_not_known(void)
{
    g_autofree char *old = g_strdup(g_getenv(NAME_ENV_SCHEMA_DIR));
    g_autofree char *directory = g_dir_make_tmp("vocabulary-XXXXXX", NULL);

    write_schema(directory, "zpci.rng",
                 "<grammar><define name='a'><choice><ref name='a'/><element name='zpci'>"
                 "<optional><attribute name='colour'/></optional><element name='tree'>"
                 "<attribute name='leaf'/></element></element></choice></define></grammar>");
    write_schema(directory, "user.rng", "<grammar><start><ref name='a'/></start></grammar>");
    g_setenv(NAME_ENV_SCHEMA_DIR, directory, TRUE);
    assert_names("user.rng", "<x><zpci><tree/></zpci></x>", "zpci", "colour", "tree");
    assert_names("user.rng", "<x><zpci><tree/></zpci></x>", "zpci/tree", "leaf", "");
    g_setenv(NAME_ENV_SCHEMA_DIR, old, TRUE);
    remove_schema(directory, "zpci.rng");
    remove_schema(directory, "user.rng");
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schema-vocabulary/names", test_names_are_those_of_the_grammar);
    g_test_add_func("/schema-vocabulary/values", test_values);
    g_test_add_func("/schema-vocabulary/none", test_without_the_files_there_is_none);
    g_test_add_func("/schema-vocabulary/read", test_it_is_read_and_not_known);
    return g_test_run();
}
