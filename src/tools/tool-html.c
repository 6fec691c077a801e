/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-html.h"

#include <glib/gi18n.h>
#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <string.h>

#include "text-quote.h"
#include "xml-node.h"
#include "zpci-error.h"

/* Nothing but what stands in the page itself. */
#define POLICY "default-src 'none'; style-src 'unsafe-inline'"

/* What of a long page is not in sight is not laid out, so that it opens at once. */
static const char style[] =
    "body{font:15px sans-serif;margin:2em;color:#222;background:#fff}"
    "table{border-collapse:collapse;margin:.5em 0}"
    "th,td{border:1px solid #ccc;padding:.2em .6em;text-align:left;vertical-align:top}"
    "th{background:#eee}"
    "td{font-family:monospace}"
    "details:target{outline:2px solid #06c}"
    "details{content-visibility:auto;contain-intrinsic-size:auto 1.6em}"
    "svg{max-width:100%;height:auto}"
    "summary{cursor:pointer;font-weight:bold}"
    ".warning{color:#a00}";

/* What a picture is made of, and nothing that could refer to something or run. */
static const char *const picture_elements[] = { "svg",     "g",    "polygon", "polyline",
                                                "ellipse", "path", "text",    NULL };
static const char *const picture_attributes[] = {
    "width",  "height", "viewBox",     "transform",   "fill",      "stroke",
    "points", "d",      "x",           "y",           "cx",        "cy",
    "rx",     "ry",     "text-anchor", "font-family", "font-size", NULL,
};

/* @text: takes what is written; a buffer of libxml2 would grow by what is added, and copy all else
 * each time
 * @failed: whether memory did not suffice */
struct _ToolHtml {
    GString *text;
    xmlTextWriterPtr writer;
    gboolean failed;
};

static void
tool_html_note(ToolHtml *page, int written)
{
    page->failed |= written < 0;
}

static void
tool_html_add_meta(ToolHtml *page, const char *name, const char *value, const char *content)
{
    tool_html_begin(page, "meta");
    tool_html_add_attribute(page, name, value);
    if (content != NULL)
        tool_html_add_attribute(page, "content", content);
    tool_html_end(page);
}

static void
tool_html_add_head(ToolHtml *page, const char *title)
{
    tool_html_note(page, xmlTextWriterWriteDTD(page->writer, BAD_CAST "html", NULL, NULL, NULL));
    tool_html_begin(page, "html");
    tool_html_begin(page, "head");
    tool_html_add_meta(page, "charset", "utf-8", NULL);
    tool_html_add_meta(page, "http-equiv", "Content-Security-Policy", POLICY);
    tool_html_add_element(page, "title", title);
    tool_html_add_element(page, "style", style);
    tool_html_end(page);
    tool_html_begin(page, "body");
    tool_html_add_element(page, "h1", title);
}

/* An xmlOutputWriteCallback. */
static int
tool_html_take(void *context, const char *bytes, int length)
{
    g_string_append_len(context, bytes, length);
    return length;
}

ToolHtml *
tool_html_new(const char *title)
{
    ToolHtml *page = g_new0(ToolHtml, 1);
    xmlOutputBufferPtr output;

    page->text = g_string_new(NULL);
    output = xmlOutputBufferCreateIO(tool_html_take, NULL, page->text, NULL);
    page->writer = output != NULL ? xmlNewTextWriter(output) : NULL;
    if (page->writer == NULL)
        g_error("out of memory");
    /* Each element on a line of its own, so that pages can be compared. */
    xmlTextWriterSetIndent(page->writer, 1);
    xmlTextWriterSetIndentString(page->writer, BAD_CAST "");
    tool_html_add_head(page, title);
    return page;
}

void
tool_html_free(ToolHtml *page)
{
    if (page == NULL)
        return;
    xmlFreeTextWriter(page->writer);
    g_string_free(page->text, TRUE);
    g_free(page);
}

void
tool_html_begin(ToolHtml *page, const char *element)
{
    tool_html_note(page, xmlTextWriterStartElement(page->writer, BAD_CAST element));
}

void
tool_html_end(ToolHtml *page)
{
    tool_html_note(page, xmlTextWriterEndElement(page->writer));
}

void
tool_html_add_attribute(ToolHtml *page, const char *name, const char *value)
{
    g_autofree char *safe = text_quote_escape(value);

    tool_html_note(page, xmlTextWriterWriteAttribute(page->writer, BAD_CAST name, BAD_CAST safe));
}

void
tool_html_add_text(ToolHtml *page, const char *text)
{
    g_autofree char *safe = text_quote_escape(text);

    tool_html_note(page, xmlTextWriterWriteString(page->writer, BAD_CAST safe));
}

void
tool_html_add_element(ToolHtml *page, const char *element, const char *text)
{
    tool_html_begin(page, element);
    tool_html_add_text(page, text != NULL && text[0] != '\0' ? text : "-");
    tool_html_end(page);
}

/* @title: (nullable): for the first element only */
static void
tool_html_add_shape(ToolHtml *page, xmlNode *shape, const char *title)
{
    if (!g_strv_contains(picture_elements, (const char *)shape->name))
        return;
    tool_html_begin(page, (const char *)shape->name);
    for (const xmlAttr *attribute = shape->properties; attribute != NULL;
         attribute = attribute->next) {
        xmlChar *value = NULL;

        if (!g_strv_contains(picture_attributes, (const char *)attribute->name))
            continue;
        value = xmlNodeGetContent((const xmlNode *)attribute);
        tool_html_add_attribute(page, (const char *)attribute->name, (const char *)value);
        xmlFree(value);
    }
    if (title != NULL)
        tool_html_add_element(page, "title", title);
    if (strcmp((const char *)shape->name, "text") == 0) {
        xmlChar *text = xmlNodeGetContent(shape);

        tool_html_add_text(page, (const char *)text);
        xmlFree(text);
    }
    for (xmlNode *child = xmlFirstElementChild(shape); child != NULL;
         child = xmlNextElementSibling(child))
        tool_html_add_shape(page, child, NULL);
    tool_html_end(page);
}

gboolean
tool_html_add_picture(ToolHtml *page, const char *svg, const char *title)
{
    g_autoptr(xmlDoc) picture =
        xmlReadMemory(svg, (int)strlen(svg), NULL, NULL,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = picture != NULL ? xmlDocGetRootElement(picture) : NULL;

    if (root == NULL || strcmp((const char *)root->name, "svg") != 0)
        return FALSE;
    tool_html_add_shape(page, root, title);
    return TRUE;
}

const char *
tool_html_finish(ToolHtml *page, gsize *size, GError **error)
{
    tool_html_note(page, xmlTextWriterEndDocument(page->writer));
    if (page->failed) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                            _("The page is larger than memory can hold."));
        return NULL;
    }
    *size = page->text->len;
    return page->text->str;
}
