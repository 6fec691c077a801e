/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * ToolHtml:
 *
 * A page for browsers that needs nothing from elsewhere, and forbids them to load anything. What is
 * added may be foreign: it becomes text and never markup.
 */
typedef struct _ToolHtml ToolHtml;

/** tool_html_new: (transfer full): a page with this title, as its heading too. */
ToolHtml *tool_html_new(const char *title);

/** tool_html_free: @page may be %NULL. */
void tool_html_free(ToolHtml *page);

/** tool_html_begin: begins an element, "table"; there must be something in it. */
void tool_html_begin(ToolHtml *page, const char *element);

/** tool_html_end: ends the element that was begun last. */
void tool_html_end(ToolHtml *page);

/** tool_html_add_attribute: to the element that was just begun. */
void tool_html_add_attribute(ToolHtml *page, const char *name, const char *value);

/** tool_html_add_text: into the element that was begun last. */
void tool_html_add_text(ToolHtml *page, const char *text);

/**
 * tool_html_add_element:
 * @element: "td"
 * @text: (nullable): what is in it; "-" stands for nothing
 */
void tool_html_add_element(ToolHtml *page, const char *element, const char *text);

/**
 * tool_html_add_picture:
 * @svg: a picture in SVG, as Graphviz draws it
 * @title: what it shows, for those who do not see it
 *
 * Adds shapes and texts of it; what could refer to something or run is left out.
 *
 * Returns: whether it is a picture; if not, nothing is added.
 */
gboolean tool_html_add_picture(ToolHtml *page, const char *svg, const char *title);

/**
 * tool_html_finish:
 *
 * Returns: (transfer none) (nullable) (array length=size): the page as text, good as long as @page;
 *   %NULL with @error set if it does not fit into memory.
 */
const char *tool_html_finish(ToolHtml *page, gsize *size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ToolHtml, tool_html_free)
