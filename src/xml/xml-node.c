/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-node.h"

#include <libxml/dict.h>

/* The longest text that needs no memory of its own. */
#define XML_NODE_SHORT_TEXT 128

xmlDoc *
xml_node_new_document(const char *name)
{
    xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");

    /* The few names that there are are then kept once, and not with each node. */
    document->dict = xmlDictCreate();
    xmlDocSetRootElement(document, xmlNewDocNode(document, NULL, BAD_CAST name, NULL));
    return document;
}

xmlNode *
xml_node_add(xmlNode *parent, const char *name)
{
    return xmlAddChild(parent, xmlNewDocNode(parent->doc, NULL, BAD_CAST name, NULL));
}

/* @whole: (out) (nullable): to be freed, if it is not in @buffer
 *
 * Returns: the text. */
static G_GNUC_PRINTF(3, 0) const
    char *xml_node_print(char buffer[XML_NODE_SHORT_TEXT], char **whole, const char *format,
                         va_list arguments)
{
    va_list again;
    int length;

    va_copy(again, arguments);
    length = g_vsnprintf(buffer, XML_NODE_SHORT_TEXT, format, arguments);
    *whole = length >= 0 && length < XML_NODE_SHORT_TEXT ? NULL : g_strdup_vprintf(format, again);
    va_end(again);
    return *whole != NULL ? *whole : buffer;
}

/* @copy: (out) (nullable): to be freed, if @text had to be changed
 *
 * Returns: @text, or what it becomes. */
static const char *
xml_node_make_valid(const char *text, char **copy)
{
    *copy = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    return *copy != NULL ? *copy : text;
}

xmlNode *
xml_node_add_text(xmlNode *parent, const char *name, const char *text)
{
    g_autofree char *copy = NULL;
    const char *valid = xml_node_make_valid(text, &copy);
    xmlNode *node = xml_node_add(parent, name);

    xmlAddChild(node, xmlNewDocText(parent->doc, BAD_CAST valid));
    return node;
}

xmlNode *
xml_node_add_printf(xmlNode *parent, const char *name, const char *format, ...)
{
    char buffer[XML_NODE_SHORT_TEXT];
    g_autofree char *whole = NULL;
    const char *text;
    va_list arguments;

    va_start(arguments, format);
    text = xml_node_print(buffer, &whole, format, arguments);
    va_end(arguments);
    return xml_node_add_text(parent, name, text);
}

void
xml_node_set_block(xmlNode *node)
{
    if (node->children == NULL)
        xmlAddChild(node, xmlNewDocText(node->doc, BAD_CAST "\n"));
}

void
xml_node_set(xmlNode *node, const char *name, const char *value)
{
    g_autofree char *copy = NULL;

    xmlSetProp(node, BAD_CAST name, BAD_CAST xml_node_make_valid(value, &copy));
}

void
xml_node_set_printf(xmlNode *node, const char *name, const char *format, ...)
{
    char buffer[XML_NODE_SHORT_TEXT];
    g_autofree char *whole = NULL;
    const char *value;
    va_list arguments;

    va_start(arguments, format);
    value = xml_node_print(buffer, &whole, format, arguments);
    va_end(arguments);
    xml_node_set(node, name, value);
}
