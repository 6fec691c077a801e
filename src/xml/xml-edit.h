/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "xml-source.h"

/**
 * XmlEdit:
 *
 * Additions to a document that somebody else wrote. They are written into its text, so that all
 * the rest stays byte for byte: order, comments, white space, name spaces, quotes.
 */
typedef struct _XmlEdit XmlEdit;

/**
 * xml_edit_new:
 * @text: (array length=size): lives as long as the result, and so does @tree
 * @tree: what the parser made of @text; it is never changed but for its private data
 *
 * Returns: (transfer full): free with xml_edit_free(); %NULL with @error as xml_source_new() sets
 *   it.
 */
XmlEdit *xml_edit_new(const char *text, gsize size, const xmlDoc *tree, GError **error);

/** xml_edit_free: @edit may be %NULL. */
void xml_edit_free(XmlEdit *edit);

/**
 * xml_edit_add_attribute:
 * @element: has no attribute @name yet
 *
 * Adds an attribute behind those that are there.
 */
void xml_edit_add_attribute(XmlEdit *edit, const xmlNode *element, const char *name,
                            const char *value);

/**
 * xml_edit_append:
 * @parent: an element of the document; only once for each
 * @holder: its child elements are copied to the end of @parent, laid out as their surroundings are
 */
void xml_edit_append(XmlEdit *edit, const xmlNode *parent, const xmlNode *holder);

/** xml_edit_get_text: (transfer full): the lines of @element as its author wrote them. */
char *xml_edit_get_text(const XmlEdit *edit, const xmlNode *element);

/**
 * xml_edit_apply:
 * @size: (out): of the result in bytes
 *
 * Returns: (transfer full): the document with all additions, and a NUL behind it.
 */
char *xml_edit_apply(const XmlEdit *edit, gsize *size);

/**
 * xml_edit_diff:
 * @name: how the document is called in the head of the result
 *
 * Returns: (transfer full): the additions as a unified diff with three lines of context, empty if
 *   there are none.
 */
char *xml_edit_diff(const XmlEdit *edit, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlEdit, xml_edit_free)
