/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/**
 * SchemaVocabulary:
 *
 * Which attributes, with which values, and which children the grammar in zpci.rng lets `<zpci>` and
 * what is in it have. libxml2 does not tell what it expected instead of what it found.
 */
typedef struct _SchemaVocabulary SchemaVocabulary;

/**
 * schema_vocabulary_new:
 * @name: the file name of the schema that includes zpci.rng: what of it that refers to counts
 *
 * Returns: (transfer full) (nullable): %NULL if the files cannot be read.
 */
SchemaVocabulary *schema_vocabulary_new(const char *name);

/** schema_vocabulary_free: @vocabulary may be %NULL. */
void schema_vocabulary_free(SchemaVocabulary *vocabulary);

/**
 * schema_vocabulary_list_attributes:
 * @element: of a document
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the names that its attributes may
 *   have, in the order of the grammar; %NULL if the grammar does not know the element, or not
 * there.
 */
char **schema_vocabulary_list_attributes(const SchemaVocabulary *vocabulary,
                                         const xmlNode *element);

/**
 * schema_vocabulary_takes:
 * @attribute: of an element of a document
 *
 * Returns: whether its value is right by one of the patterns that the grammar has for it; %TRUE if
 *   it has none.
 */
gboolean schema_vocabulary_takes(const SchemaVocabulary *vocabulary, const xmlAttr *attribute);

/** schema_vocabulary_list_children: the same for the elements in it. */
char **schema_vocabulary_list_children(const SchemaVocabulary *vocabulary, const xmlNode *element);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SchemaVocabulary, schema_vocabulary_free)
