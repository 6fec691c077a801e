/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-node.h"

xmlDoc *
xml_node_new_document(const char *name)
{
    xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");

    xmlDocSetRootElement(document, xmlNewDocNode(document, NULL, BAD_CAST name, NULL));
    return document;
}

xmlNode *
xml_node_add(xmlNode *parent, const char *name)
{
    return xmlAddChild(parent, xmlNewDocNode(parent->doc, NULL, BAD_CAST name, NULL));
}

xmlNode *
xml_node_add_text(xmlNode *parent, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    xmlNode *node = xml_node_add(parent, name);

    xmlAddChild(node, xmlNewDocText(parent->doc, BAD_CAST valid));
    return node;
}

xmlNode *
xml_node_add_printf(xmlNode *parent, const char *name, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
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
    g_autofree char *valid = g_utf8_make_valid(value, -1);

    xmlSetProp(node, BAD_CAST name, BAD_CAST valid);
}

void
xml_node_set_printf(xmlNode *node, const char *name, const char *format, ...)
{
    g_autofree char *value = NULL;
    va_list arguments;

    va_start(arguments, format);
    value = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    xml_node_set(node, name, value);
}
