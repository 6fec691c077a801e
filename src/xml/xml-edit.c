/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-edit.h"

#include <string.h>

#include "xml-text-diff.h"
#include "xml-text.h"

#define DEFAULT_UNIT "  "

struct _XmlEdit {
    XmlSource *source;
    GArray *changes;
};

static void
xml_edit_clear_change(gpointer data)
{
    XmlTextChange *change = data;

    g_free(change->text);
}

XmlEdit *
xml_edit_new(const char *text, gsize size, const xmlDoc *tree, GError **error)
{
    XmlSource *source = xml_source_new(text, size, tree, error);
    XmlEdit *edit;

    if (source == NULL)
        return NULL;
    edit = g_new0(XmlEdit, 1);
    edit->source = source;
    edit->changes = g_array_new(FALSE, FALSE, sizeof(XmlTextChange));
    g_array_set_clear_func(edit->changes, xml_edit_clear_change);
    return edit;
}

void
xml_edit_free(XmlEdit *edit)
{
    if (edit == NULL)
        return;
    xml_source_free(edit->source);
    g_array_unref(edit->changes);
    g_free(edit);
}

static void
xml_edit_add_change(XmlEdit *edit, gsize offset, gsize removed, char *text)
{
    XmlTextChange change = { offset, removed, text };

    g_array_append_val(edit->changes, change);
}

void
xml_edit_add_attribute(XmlEdit *edit, const xmlNode *element, const char *name, const char *value)
{
    const XmlSpan *span = xml_source_get_span(edit->source, element);
    gsize offset = span->open_end - (xml_source_is_empty_tag(edit->source, span) ? 2 : 1);
    GString *text = g_string_new(NULL);

    while (g_ascii_isspace(edit->source->text[offset - 1]))
        offset--;
    xml_text_append_attribute(text, name, value);
    xml_edit_add_change(edit, offset, 0, g_string_free(text, FALSE));
}

/* By how much an author indents: the difference between an element and its parent. */
static char *
xml_edit_get_unit(const XmlEdit *edit, const xmlNode *element, const char *indent)
{
    g_autofree char *outer = NULL;

    if (element->parent == NULL || element->parent->type != XML_ELEMENT_NODE)
        return g_strdup(DEFAULT_UNIT);
    outer = xml_source_get_indent(edit->source,
                                  xml_source_get_span(edit->source, element->parent)->start);
    if (outer == NULL || !g_str_has_prefix(indent, outer) || strlen(indent) == strlen(outer))
        return g_strdup(DEFAULT_UNIT);
    return g_strdup(indent + strlen(outer));
}

/* Whether there is an element in @parent that begins its line, or there is none at all. */
static gboolean
xml_edit_find_child_indent(const XmlEdit *edit, const xmlNode *parent, char **indent)
{
    const xmlNode *child = xmlFirstElementChild((xmlNode *)parent);

    *indent = NULL;
    if (child == NULL)
        return TRUE;
    for (; child != NULL && *indent == NULL; child = xmlNextElementSibling((xmlNode *)child))
        *indent =
            xml_source_get_indent(edit->source, xml_source_get_span(edit->source, child)->start);
    return *indent != NULL;
}

/* The parts of a layout, owned. */
typedef struct {
    char *outer;
    char *inner;
    char *unit;
    const char *newline;
} XmlEditLayout;

static void
xml_edit_layout_clear(XmlEditLayout *layout)
{
    g_free(layout->outer);
    g_free(layout->inner);
    g_free(layout->unit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(XmlEditLayout, xml_edit_layout_clear)

/* Where the author put no element on a line of its own, nothing is. */
static void
xml_edit_find_layout(const XmlEdit *edit, const xmlNode *parent, XmlEditLayout *layout)
{
    const XmlSpan *span = xml_source_get_span(edit->source, parent);

    layout->outer = xml_source_get_indent(edit->source, span->start);
    if (!xml_edit_find_child_indent(edit, parent, &layout->inner) ||
        (layout->inner == NULL && layout->outer == NULL)) {
        g_free(layout->outer);
        layout->outer = g_strdup("");
        layout->inner = g_strdup("");
        layout->unit = g_strdup("");
        layout->newline = "";
        return;
    }
    if (layout->outer == NULL)
        layout->outer = g_strdup("");
    layout->unit = xml_edit_get_unit(edit, parent, layout->outer);
    if (layout->inner == NULL)
        layout->inner = g_strconcat(layout->outer, layout->unit, NULL);
    layout->newline = edit->source->newline;
}

/* "</" and the name as the author wrote it, which may have a prefix. */
static void
xml_edit_append_end_tag(const XmlEdit *edit, const XmlSpan *span, GString *out)
{
    const char *name = edit->source->text + span->start + 1;

    g_string_append(out, "</");
    g_string_append_len(out, name, (gssize)strcspn(name, " \t\r\n>/"));
    g_string_append_c(out, '>');
}

static void
xml_edit_append_children(GString *out, const xmlNode *holder, const XmlEditLayout *layout)
{
    const XmlTextLayout inner = { layout->inner, layout->unit, layout->newline };

    for (xmlNode *child = xmlFirstElementChild((xmlNode *)holder); child != NULL;
         child = xmlNextElementSibling(child))
        xml_text_append(out, child, &inner);
}

void
xml_edit_append(XmlEdit *edit, const xmlNode *parent, const xmlNode *holder)
{
    const XmlSpan *span = xml_source_get_span(edit->source, parent);
    g_autofree char *close_indent = xml_source_get_indent(edit->source, span->close_start);
    g_auto(XmlEditLayout) layout = { 0 };
    GString *text = g_string_new(NULL);

    xml_edit_find_layout(edit, parent, &layout);
    if (xml_source_is_empty_tag(edit->source, span)) {
        g_string_append_printf(text, ">%s", layout.newline);
        xml_edit_append_children(text, holder, &layout);
        g_string_append(text, layout.outer);
        xml_edit_append_end_tag(edit, span, text);
        xml_edit_add_change(edit, span->open_end - 2, 2, g_string_free(text, FALSE));
    } else if (close_indent != NULL && *layout.newline != '\0') {
        xml_edit_append_children(text, holder, &layout);
        xml_edit_add_change(edit, span->close_start - strlen(close_indent), 0,
                            g_string_free(text, FALSE));
    } else {
        g_string_append(text, layout.newline);
        xml_edit_append_children(text, holder, &layout);
        g_string_append(text, layout.outer);
        xml_edit_add_change(edit, span->close_start, 0, g_string_free(text, FALSE));
    }
}

char *
xml_edit_get_text(const XmlEdit *edit, const xmlNode *element)
{
    const XmlSpan *span = xml_source_get_span(edit->source, element);
    g_autofree char *indent = xml_source_get_indent(edit->source, span->start);
    GString *text = g_string_new(indent);

    g_string_append_len(text, edit->source->text + span->start, (gssize)(span->end - span->start));
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}

static int
xml_edit_compare_changes(gconstpointer first, gconstpointer second)
{
    const XmlTextChange *one = first, *other = second;

    return one->offset < other->offset ? -1 : one->offset > other->offset;
}

char *
xml_edit_apply(const XmlEdit *edit, gsize *size)
{
    GString *out = g_string_sized_new(edit->source->size);
    gsize done = 0;

    g_array_sort(edit->changes, xml_edit_compare_changes);
    for (guint i = 0; i < edit->changes->len; i++) {
        const XmlTextChange *change = &g_array_index(edit->changes, XmlTextChange, i);

        g_string_append_len(out, edit->source->text + done, (gssize)(change->offset - done));
        g_string_append(out, change->text);
        done = change->offset + change->removed;
    }
    g_string_append_len(out, edit->source->text + done, (gssize)(edit->source->size - done));
    *size = out->len;
    return g_string_free(out, FALSE);
}

char *
xml_edit_diff(const XmlEdit *edit, const char *name)
{
    g_array_sort(edit->changes, xml_edit_compare_changes);
    return xml_text_diff(edit->source->text, edit->source->size, edit->changes, name);
}
