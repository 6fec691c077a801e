/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/**
 * XmlSpan:
 * @start: of the "<" of its start tag
 * @open_end: behind the ">" of its start tag
 * @close_start: of the "<" of its end tag; @open_end if it has none
 * @end: behind the whole element
 *
 * Where an element stands in the text, as offsets in bytes.
 */
typedef struct {
    gsize start;
    gsize open_end;
    gsize close_start;
    gsize end;
} XmlSpan;

/**
 * XmlSource:
 * @text: (array length=size): the document as its author wrote it; borrowed
 * @size: in bytes
 * @newline: how the author ends lines: "\n" or "\r\n"
 *
 * The text of a document and where the elements of its tree stand in it, so that parts can be
 * changed while every other byte stays.
 */
typedef struct {
    const char *text;
    gsize size;
    const char *newline;
    GArray *spans;
} XmlSource;

/**
 * xml_source_new:
 * @text: (array length=size): lives as long as the result
 * @tree: what the parser made of @text; the private data of its elements is used from now on
 *
 * Returns: (transfer full): free with xml_source_free(); %NULL with %ZPCI_ERROR_UNSUPPORTED if
 *   the document is written in an encoding in which tags cannot be found by their bytes.
 */
XmlSource *xml_source_new(const char *text, gsize size, const xmlDoc *tree, GError **error);

/** xml_source_free: @source may be %NULL. */
void xml_source_free(XmlSource *source);

/** xml_source_get_span: (transfer none): where @element stands. */
const XmlSpan *xml_source_get_span(const XmlSource *source, const xmlNode *element);

/** xml_source_is_empty_tag: whether an element is written as one tag that ends with a slash. */
gboolean xml_source_is_empty_tag(const XmlSource *source, const XmlSpan *span);

/**
 * xml_source_get_indent:
 *
 * Returns: (transfer full) (nullable): the blanks and tabs before @offset if nothing else stands
 *   before it on its line; %NULL if something does.
 */
char *xml_source_get_indent(const XmlSource *source, gsize offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlSource, xml_source_free)
