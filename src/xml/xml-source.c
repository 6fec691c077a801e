/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "text-quote.h"
#include "zpci-error.h"

/* Encodings in which the bytes of tags are those of ASCII and mean nothing else. */
static const char *const xml_source_encodings[] = { "UTF-8", "US-ASCII", "ASCII", "ISO-8859-1",
                                                    "ISO-8859-15" };

/* A look at the text from one place on. */
typedef struct {
    XmlSource *source;
    gsize offset;
    GArray *open;
} XmlScan;

/* Goes behind the next @mark; %FALSE if there is none. */
static gboolean
xml_source_skip_past(XmlScan *scan, const char *mark)
{
    const char *rest = scan->source->text + scan->offset;
    const char *found = memmem(rest, scan->source->size - scan->offset, mark, strlen(mark));

    if (found == NULL)
        return FALSE;
    scan->offset += (gsize)(found - rest) + strlen(mark);
    return TRUE;
}

/* A ">" may stand in the value of an attribute. */
static gboolean
xml_source_skip_tag(XmlScan *scan)
{
    char quote = '\0';

    for (; scan->offset < scan->source->size; scan->offset++) {
        char c = scan->source->text[scan->offset];

        if (quote != '\0') {
            if (c == quote)
                quote = '\0';
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '>') {
            scan->offset++;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
xml_source_scan_start_tag(XmlScan *scan)
{
    XmlSpan span = { .start = scan->offset };
    guint index = scan->source->spans->len;

    if (!xml_source_skip_tag(scan))
        return FALSE;
    span.open_end = span.close_start = span.end = scan->offset;
    g_array_append_val(scan->source->spans, span);
    if (!xml_source_is_empty_tag(scan->source, &span))
        g_array_append_val(scan->open, index);
    return TRUE;
}

static gboolean
xml_source_scan_end_tag(XmlScan *scan)
{
    gsize start = scan->offset;
    XmlSpan *span;

    if (scan->open->len == 0 || !xml_source_skip_past(scan, ">"))
        return FALSE;
    span = &g_array_index(scan->source->spans, XmlSpan,
                          g_array_index(scan->open, guint, scan->open->len - 1));
    span->close_start = start;
    span->end = scan->offset;
    g_array_set_size(scan->open, scan->open->len - 1);
    return TRUE;
}

static gboolean
xml_source_starts_with(const XmlScan *scan, const char *mark)
{
    return scan->source->size - scan->offset >= strlen(mark) &&
           memcmp(scan->source->text + scan->offset, mark, strlen(mark)) == 0;
}

static gboolean
xml_source_scan_markup(XmlScan *scan)
{
    if (xml_source_starts_with(scan, "<!--"))
        return xml_source_skip_past(scan, "-->");
    if (xml_source_starts_with(scan, "<![CDATA["))
        return xml_source_skip_past(scan, "]]>");
    if (xml_source_starts_with(scan, "<?"))
        return xml_source_skip_past(scan, "?>");
    if (xml_source_starts_with(scan, "</"))
        return xml_source_scan_end_tag(scan);
    return xml_source_scan_start_tag(scan);
}

static gboolean
xml_source_scan(XmlSource *source)
{
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(guint));
    XmlScan scan = { source, 0, open };

    while (scan.offset < source->size) {
        const char *rest = source->text + scan.offset;
        const char *tag = memchr(rest, '<', source->size - scan.offset);

        if (tag == NULL)
            break;
        scan.offset += (gsize)(tag - rest);
        if (!xml_source_scan_markup(&scan))
            return FALSE;
    }
    return open->len == 0;
}

/* Whether the text at the span has the element's name; this also catches a scan that went astray.
 */
static gboolean
xml_source_is_name_of(const XmlSource *source, const XmlSpan *span, const xmlNode *element)
{
    const char *prefix = element->ns != NULL ? (const char *)element->ns->prefix : NULL;
    g_autofree char *name = g_strconcat(prefix != NULL ? prefix : "", prefix != NULL ? ":" : "",
                                        (const char *)element->name, NULL);

    return span->open_end - span->start > strlen(name) + 1 &&
           memcmp(source->text + span->start + 1, name, strlen(name)) == 0;
}

static xmlNode *
xml_source_get_next(xmlNode *node)
{
    if (node->type == XML_ELEMENT_NODE && node->children != NULL)
        return node->children;
    while (node != NULL && node->next == NULL)
        node = node->parent != NULL && node->parent->type == XML_ELEMENT_NODE ? node->parent : NULL;
    return node != NULL ? node->next : NULL;
}

/* Both list the elements in the order of their start tags. */
static gboolean
xml_source_match(XmlSource *source, const xmlDoc *tree)
{
    guint index = 0;

    for (xmlNode *node = tree->children; node != NULL; node = xml_source_get_next(node)) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (index == source->spans->len ||
            !xml_source_is_name_of(source, &g_array_index(source->spans, XmlSpan, index), node))
            return FALSE;
        node->_private = GUINT_TO_POINTER(index);
        index++;
    }
    return index == source->spans->len;
}

static gboolean
xml_source_is_encoding_known(const xmlDoc *tree)
{
    const char *encoding = (const char *)tree->encoding;

    for (guint i = 0; encoding != NULL && i < G_N_ELEMENTS(xml_source_encodings); i++) {
        if (g_ascii_strcasecmp(encoding, xml_source_encodings[i]) == 0)
            return TRUE;
    }
    return encoding == NULL;
}

static const char *
xml_source_find_newline(const char *text, gsize size)
{
    const char *newline = memchr(text, '\n', size);

    return newline != NULL && newline > text && newline[-1] == '\r' ? "\r\n" : "\n";
}

XmlSource *
xml_source_new(const char *text, gsize size, const xmlDoc *tree, GError **error)
{
    XmlSource *source = g_new0(XmlSource, 1);
    g_autofree char *encoding = NULL;

    source->text = text;
    source->size = size;
    source->newline = xml_source_find_newline(text, size);
    source->spans = g_array_new(FALSE, TRUE, sizeof(XmlSpan));
    if (xml_source_is_encoding_known(tree) && xml_source_scan(source) &&
        xml_source_match(source, tree))
        return source;

    encoding = text_quote(tree->encoding != NULL ? (const char *)tree->encoding : "");
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                _("A document in the encoding %s cannot be changed; convert it to UTF-8 first."),
                encoding);
    xml_source_free(source);
    return NULL;
}

void
xml_source_free(XmlSource *source)
{
    if (source == NULL)
        return;
    g_array_unref(source->spans);
    g_free(source);
}

const XmlSpan *
xml_source_get_span(const XmlSource *source, const xmlNode *element)
{
    return &g_array_index(source->spans, XmlSpan, GPOINTER_TO_UINT(element->_private));
}

gboolean
xml_source_is_empty_tag(const XmlSource *source, const XmlSpan *span)
{
    return source->text[span->open_end - 2] == '/';
}

char *
xml_source_get_indent(const XmlSource *source, gsize offset)
{
    gsize start = offset;

    while (start > 0 && (source->text[start - 1] == ' ' || source->text[start - 1] == '\t'))
        start--;
    if (start > 0 && source->text[start - 1] != '\n')
        return NULL;
    return g_strndup(source->text + start, offset - start);
}
