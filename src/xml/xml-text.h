/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/**
 * xml_text_format:
 * @node: an element that we built; it holds elements, or text, or nothing
 *
 * Writes a tree the way libvirt writes its documents: no XML declaration, two blanks a level,
 * single quotes. The one place where text is escaped; control characters and others that XML cannot
 * carry are left out.
 *
 * Returns: (transfer full): the text, with a newline at its end.
 */
char *xml_text_format(const xmlNode *node);

/**
 * XmlTextLayout:
 * @indent: what each line begins with
 * @unit: what it begins with besides for each level
 * @newline: how it ends
 *
 * How a tree is laid out, so that it fits where it is put. All empty: without any white space.
 */
typedef struct {
    const char *indent;
    const char *unit;
    const char *newline;
} XmlTextLayout;

/** xml_text_append: appends to @out what xml_text_format() would write, in another layout. */
void xml_text_append(GString *out, const xmlNode *node, const XmlTextLayout *layout);

/** xml_text_append_attribute: appends a blank and an attribute, as it stands in a tag. */
void xml_text_append_attribute(GString *out, const char *name, const char *value);
