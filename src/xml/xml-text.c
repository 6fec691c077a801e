/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-text.h"

#include <string.h>

/* XML 1.0, production 2: of the characters that UTF-8 can write, it cannot carry the control
 * characters below a blank, but for three, and U+FFFE and U+FFFF. */
static gboolean
xml_text_carries(gunichar c)
{
    return c >= ' ' ? c != 0xfffe && c != 0xffff : c == '\n' || c == '\t' || c == '\r';
}

/* g_string_append_len(), but for what it does before it comes to that: a document is made of some
 * thousand pieces. */
static void
xml_text_put_bytes(GString *out, const char *bytes, gsize size)
{
    if (size >= out->allocated_len - out->len) {
        g_string_append_len(out, bytes, (gssize)size);
        return;
    }
    memcpy(out->str + out->len, bytes, size);
    out->len += size;
    out->str[out->len] = '\0';
}

static void
xml_text_put(GString *out, const char *text)
{
    xml_text_put_bytes(out, text, strlen(text));
}

/* Returns (nullable): what stands in the place of the character at @p; %NULL if it does itself. */
static const char *
xml_text_replace(const char *p)
{
    switch (*p) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '\'':
        return "&apos;";
    case '"':
        return "&quot;";
    default:
        return xml_text_carries(g_utf8_get_char(p)) ? NULL : "";
    }
}

/* Nearly all text stands as it is, so it is taken in runs. */
static void
xml_text_escape(GString *out, const char *text)
{
    const char *begin = text;
    const char *p = text;

    while (*p != '\0') {
        const char *replacement = xml_text_replace(p);
        const char *next = g_utf8_next_char(p);

        if (replacement != NULL) {
            xml_text_put_bytes(out, begin, (gsize)(p - begin));
            xml_text_put(out, replacement);
            begin = next;
        }
        p = next;
    }
    xml_text_put_bytes(out, begin, (gsize)(p - begin));
}

static void
xml_text_indent(GString *out, const XmlTextLayout *layout, guint level)
{
    xml_text_put(out, layout->indent);
    for (guint i = 0; i < level; i++)
        xml_text_put(out, layout->unit);
}

void
xml_text_append_attribute(GString *out, const char *name, const char *value)
{
    xml_text_put(out, " ");
    xml_text_put(out, name);
    xml_text_put(out, "='");
    xml_text_escape(out, value);
    xml_text_put(out, "'");
}

static void
xml_text_format_attribute(GString *out, const xmlAttr *attribute)
{
    const xmlNode *text = attribute->children;
    xmlChar *joined = NULL;

    /* What we built is one piece. */
    if (text != NULL && (text->next != NULL || text->type != XML_TEXT_NODE))
        joined = xmlNodeListGetString(attribute->doc, text, 1);
    else if (text != NULL)
        joined = text->content;
    xml_text_append_attribute(out, (const char *)attribute->name,
                              joined != NULL ? (const char *)joined : "");
    if (text != NULL && joined != text->content)
        xmlFree(joined);
}

static void
xml_text_format_attributes(GString *out, const xmlNode *node)
{
    for (const xmlAttr *attribute = node->properties; attribute != NULL;
         attribute = attribute->next)
        xml_text_format_attribute(out, attribute);
}

/* What others wrote has white space between its elements. */
static gboolean
xml_text_is_block(const xmlNode *node)
{
    const xmlNode *first = node->children;

    return first->type == XML_ELEMENT_NODE || strcmp((const char *)first->content, "\n") == 0 ||
           (first->next != NULL && xmlIsBlankNode(first));
}

static void
xml_text_append_element(GString *out, const xmlNode *node, const XmlTextLayout *layout, guint level)
{
    const char *name = (const char *)node->name;

    xml_text_indent(out, layout, level);
    xml_text_put(out, "<");
    xml_text_put(out, name);
    xml_text_format_attributes(out, node);
    if (node->children == NULL) {
        xml_text_put(out, "/>");
        xml_text_put(out, layout->newline);
        return;
    }
    xml_text_put(out, ">");
    if (xml_text_is_block(node)) {
        xml_text_put(out, layout->newline);
        for (const xmlNode *child = node->children; child != NULL; child = child->next) {
            if (child->type == XML_ELEMENT_NODE)
                xml_text_append_element(out, child, layout, level + 1);
        }
        xml_text_indent(out, layout, level);
    } else {
        xml_text_escape(out, (const char *)node->children->content);
    }
    xml_text_put(out, "</");
    xml_text_put(out, name);
    xml_text_put(out, ">");
    xml_text_put(out, layout->newline);
}

void
xml_text_append(GString *out, const xmlNode *node, const XmlTextLayout *layout)
{
    xml_text_append_element(out, node, layout, 0);
}

char *
xml_text_format(const xmlNode *node)
{
    static const XmlTextLayout layout = { "", "  ", "\n" };
    GString *out = g_string_sized_new(2048);

    xml_text_append(out, node, &layout);
    return g_string_free(out, FALSE);
}
