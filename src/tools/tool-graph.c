/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-graph.h"

#include <dlfcn.h>
#include <glib/gi18n.h>
#ifdef GRAPHVIZ_LIBRARY
#include <graphviz/gvc.h>
#endif

#include "zpci-error.h"

/* What stands below the name of a function, if it is known, and the word before it. */
static const struct {
    const char *column;
    const char *word;
} details[] = { { "fid", "FID " }, { "uid", "UID " }, { "type", "" }, { "driver", N_("driver ") } };

/* Texts of others are in quotes: a backslash would begin an escape of Graphviz's own, and an
 * ampersand an entity. */
static void
tool_graph_append_text(GString *output, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&') {
            g_string_append(output, "&amp;");
            continue;
        }
        if (*text == '"' || *text == '\\')
            g_string_append_c(output, '\\');
        g_string_append_c(output, *text);
    }
}

static const char *
tool_graph_get_style(ToolBranchKind kind)
{
    switch (kind) {
    case TOOL_BRANCH_HOST:
        return "shape=folder,fillcolor=\"#e6e6e6\"";
    case TOOL_BRANCH_CARD:
        return "shape=box3d,fillcolor=\"#c9d9f0\"";
    case TOOL_BRANCH_PORT:
        return "shape=cds,fillcolor=\"#dfe9f7\"";
    case TOOL_BRANCH_FUNCTION:
        return "shape=box,fillcolor=\"#ffffff\"";
    case TOOL_BRANCH_HOLDER:
        return "shape=ellipse,fillcolor=\"#fbe5c8\"";
    case TOOL_BRANCH_INTERFACE:
    case TOOL_BRANCH_DISK:
    case TOOL_BRANCH_ALL:
    default:
        return "shape=ellipse,fillcolor=\"#e3f1dc\"";
    }
}

static void
tool_graph_append_details(GString *output, const ZpciRow *row)
{
    for (guint i = 0; i < G_N_ELEMENTS(details); i++) {
        g_autofree char *text = zpci_column_format(zpci_column_find(details[i].column), row);

        if (text == NULL || text[0] == '\0')
            continue;
        g_string_append(output, "\\n");
        if (details[i].word[0] != '\0')
            g_string_append(output, _(details[i].word));
        tool_graph_append_text(output, text);
    }
    if (zpci_function_is_standby(row->function))
        g_string_append_printf(output, "\\n%s", _("in standby"));
}

/* @parent: the number of the node from which it grows, 0 if it is none
 * @count: (inout): how many nodes there are */
static void
tool_graph_append(GString *output, const ToolBranch *branch, guint parent, guint *count)
{
    guint own = parent;

    if (branch->text != NULL) {
        own = ++*count;
        g_string_append_printf(output, "  n%u [%s,label=\"", own,
                               tool_graph_get_style(branch->kind));
        tool_graph_append_text(output, branch->text);
        if (branch->row != NULL)
            tool_graph_append_details(output, branch->row);
        g_string_append(output, "\"];\n");
        if (parent != 0)
            g_string_append_printf(output, "  n%u -> n%u;\n", parent, own);
    }
    for (guint i = 0; i < branch->children->len; i++)
        tool_graph_append(output, g_ptr_array_index(branch->children, i), own, count);
}

char *
tool_graph_format(const ToolBranch *all)
{
    GString *output = g_string_new("digraph zpci {\n  rankdir=LR;\n"
                                   "  node [fontname=\"sans-serif\",fontsize=10,style=filled];\n"
                                   "  edge [arrowhead=none];\n");
    guint count = 0;

    tool_graph_append(output, all, 0, &count);
    g_string_append(output, "}\n");
    return g_string_free(output, FALSE);
}

#ifdef GRAPHVIZ_LIBRARY

/* All that we call of Graphviz, and its libraries. */
typedef struct {
    __typeof__(agseterr) *agseterr;
    __typeof__(agmemread) *agmemread;
    __typeof__(agclose) *agclose;
    __typeof__(gvContext) *gvContext;
    __typeof__(gvFreeContext) *gvFreeContext;
    __typeof__(gvLayout) *gvLayout;
    __typeof__(gvFreeLayout) *gvFreeLayout;
    __typeof__(gvRenderData) *gvRenderData;
    __typeof__(gvFreeRenderData) *gvFreeRenderData;
} Library;

#define MEMBER(name) #name, G_STRUCT_OFFSET(Library, name)

static const struct {
    const char *name;
    gsize offset;
} symbols[] = {
    { MEMBER(agseterr) },     { MEMBER(agmemread) },     { MEMBER(agclose) },
    { MEMBER(gvContext) },    { MEMBER(gvFreeContext) }, { MEMBER(gvLayout) },
    { MEMBER(gvFreeLayout) }, { MEMBER(gvRenderData) },  { MEMBER(gvFreeRenderData) },
};

/* Nothing is linked to it: it brings a graphical system with it, which no other command needs. It
 * stays loaded, as its plug-ins do. */
static gboolean
tool_graph_load(Library *library, GError **error)
{
    void *handle = dlopen(GRAPHVIZ_LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

    if (handle == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                    _("Graphviz, which draws the picture, cannot be loaded; install it. %s"),
                    dlerror());
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
        void *address = dlsym(handle, symbols[i].name);

        if (address == NULL) {
            g_set_error(
                error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                _("%s has no %s; install the release of Graphviz with which this was built."),
                GRAPHVIZ_LIBRARY, symbols[i].name);
            return FALSE;
        }
        G_STRUCT_MEMBER(void *, library, symbols[i].offset) = address;
    }
    return TRUE;
}

/* Returns (transfer full) (nullable): the picture. Its size is of another type in later releases;
 * they end it with a zero byte, all of them. */
static char *
tool_graph_render(const Library *library, GVC_t *context, Agraph_t *graph)
{
    char *data = NULL, *copy = NULL;
    guint64 size = 0;
    gpointer place = &size;

    if (library->gvLayout(context, graph, "dot") != 0)
        return NULL;
    if (library->gvRenderData(context, graph, "svg", &data, place) == 0 && data != NULL)
        copy = g_strdup(data);
    if (data != NULL)
        library->gvFreeRenderData(data);
    library->gvFreeLayout(context, graph);
    return copy;
}

char *
tool_graph_draw(const char *text, GError **error)
{
    Library library;
    GVC_t *context;
    Agraph_t *graph;
    char *picture = NULL;

    if (!tool_graph_load(&library, error))
        return NULL;
    /* What it has to say is not for whoever sees one sentence of ours. */
    library.agseterr(AGMAX);
    context = library.gvContext();
    graph = library.agmemread(text);
    if (graph != NULL) {
        picture = tool_graph_render(&library, context, graph);
        library.agclose(graph);
    }
    library.gvFreeContext(context);
    if (picture == NULL)
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                            _("Graphviz does not draw the picture; \"virt-zpci tree --dot\" prints "
                              "what it was given."));
    return picture;
}

#else

char *
tool_graph_draw(const char *text G_GNUC_UNUSED, GError **error)
{
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE,
                        _("This virt-zpci was built without Graphviz; \"virt-zpci tree --dot | dot "
                          "-Tsvg\" draws the picture."));
    return NULL;
}

#endif
