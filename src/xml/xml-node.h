/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* Building a tree. Names are ours and therefore plain; texts may be foreign: bytes that are not
 * UTF-8 become U+FFFD, and escaping is left to xml-text.c. */

/** xml_node_new_document: (transfer full): a document with the empty root element @name. */
xmlDoc *xml_node_new_document(const char *name);

/** xml_node_add: (transfer none): a new empty element at the end of @parent. */
xmlNode *xml_node_add(xmlNode *parent, const char *name);

/** xml_node_add_text: (transfer none): a new element with @text in it. */
xmlNode *xml_node_add_text(xmlNode *parent, const char *name, const char *text);

/** xml_node_add_printf: (transfer none): a new element with a formatted text in it. */
xmlNode *xml_node_add_printf(xmlNode *parent, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/**
 * xml_node_set_block:
 *
 * Makes @node one that takes two lines even when it has no children, as libvirt writes some.
 */
void xml_node_set_block(xmlNode *node);

/** xml_node_set: sets an attribute. */
void xml_node_set(xmlNode *node, const char *name, const char *value);

/** xml_node_set_printf: sets an attribute to a formatted text. */
void xml_node_set_printf(xmlNode *node, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)
