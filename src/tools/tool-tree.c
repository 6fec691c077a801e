/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "tool-branch.h"
#include "tool-columns.h"
#include "tool-graph.h"
#include "tool-hosts.h"
#include "tool-json.h"
#include "tool.h"

/* What is shown of a function besides where it stands. */
#define SHOWN "fid,uid,type,driver,state"

/* The same for a program. */
#define JSON_COLUMNS "name,state,address,fid,uid,vfn,type,driver,iface,iface_state,disk,used_by"

/* What is drawn before a line, below others that go on or have ended. */
typedef struct {
    const char *branch;
    const char *last;
    const char *beside;
    const char *nothing;
} ToolTreeSigns;

/* @columns: what stands beside the name
 * @lines: (element-type GStrv): the cells of each line, which ends where it has no more */
typedef struct {
    const ToolTreeSigns *signs;
    GPtrArray *columns;
    GPtrArray *lines;
} ToolTreeText;

static const ToolTreeSigns ascii_signs = { "|-", "`-", "| ", "  " };
static const ToolTreeSigns utf8_signs = { "├─", "└─", "│ ", "  " };

typedef struct {
    gboolean as_json;
    gboolean as_dot;
    gboolean as_svg;
    ToolHostsOptions hosts;
} ToolTreeOptions;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolTreeOptions, as_json), N_("Print JSON"),
      NULL },
    { "dot", 'd', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolTreeOptions, as_dot),
      N_("Print a graph in the language of Graphviz"), NULL },
    { "svg", 's', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolTreeOptions, as_svg),
      N_("Print a picture in SVG"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* Lines of other letters than ASCII are for who looks at them: a program, or a file, gets the same
 * in every locale. */
static gboolean
tool_tree_wants_ascii(void)
{
    return !isatty(STDOUT_FILENO) || !g_get_charset(NULL);
}

/* Adds what hangs visibly below @branch to @visible: what has no text of its own is left out, and
 * not what hangs below it. */
static void
tool_tree_list_visible(const ToolBranch *branch, GPtrArray *visible)
{
    for (guint i = 0; i < branch->children->len; i++) {
        ToolBranch *child = g_ptr_array_index(branch->children, i);

        if (child->text != NULL)
            g_ptr_array_add(visible, child);
        else
            tool_tree_list_visible(child, visible);
    }
}

/* @name: (transfer full) */
static void
tool_tree_add_line(ToolTreeText *text, char *name, const ZpciRow *row)
{
    char **cells = g_new0(char *, text->columns->len + 2);

    cells[0] = name;
    for (guint i = 0; row != NULL && i < text->columns->len; i++) {
        char *cell = zpci_column_format(g_ptr_array_index(text->columns, i), row);

        if (cell == NULL || cell[0] == '\0') {
            g_free(cell);
            cell = g_strdup("-");
        }
        cells[i + 1] = cell;
    }
    g_ptr_array_add(text->lines, cells);
}

/* @before: (nullable): what stands before the lines below @branch; NULL for what hangs on nothing
 */
static void
tool_tree_add_lines(ToolTreeText *text, const ToolBranch *branch, const char *before)
{
    g_autoptr(GPtrArray) visible = g_ptr_array_new();
    const ToolTreeSigns *signs = text->signs;

    tool_tree_list_visible(branch, visible);
    for (guint i = 0; i < visible->len; i++) {
        const ToolBranch *child = g_ptr_array_index(visible, i);
        gboolean is_last = i + 1 == visible->len;
        const char *own = before == NULL ? "" : is_last ? signs->last : signs->branch;
        const char *next = before == NULL ? "" : is_last ? signs->nothing : signs->beside;
        const char *outer = before != NULL ? before : "";
        g_autofree char *below = g_strconcat(outer, next, NULL);

        tool_tree_add_line(text, g_strconcat(outer, own, child->text, NULL), child->row);
        tool_tree_add_lines(text, child, below);
    }
}

static void
tool_tree_add_headings(ToolTreeText *text)
{
    char **cells = g_new0(char *, text->columns->len + 2);

    cells[0] = g_strdup("NAME");
    for (guint i = 0; i < text->columns->len; i++)
        cells[i + 1] = g_strdup(((const ZpciColumn *)g_ptr_array_index(text->columns, i))->heading);
    g_ptr_array_add(text->lines, cells);
}

/* Nothing stands behind the last cell of a line. */
static void
tool_tree_print_text(const ToolTreeText *text)
{
    g_autofree glong *widths = g_new0(glong, text->columns->len + 1);

    for (guint i = 0; i < text->lines->len; i++) {
        char **cells = g_ptr_array_index(text->lines, i);

        for (guint k = 0; cells[k] != NULL; k++)
            widths[k] = MAX(widths[k], g_utf8_strlen(cells[k], -1));
    }
    for (guint i = 0; i < text->lines->len; i++) {
        char **cells = g_ptr_array_index(text->lines, i);

        for (guint k = 0; cells[k] != NULL; k++)
            printf("%s%*s", cells[k],
                   cells[k + 1] != NULL ? (int)(widths[k] - g_utf8_strlen(cells[k], -1)) + 1 : 0,
                   "");
        putchar('\n');
    }
}

static void
tool_tree_print_lines(const ToolBranch *all)
{
    g_autoptr(GPtrArray) columns = tool_columns_parse(SHOWN, NULL, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    ToolTreeText text = { tool_tree_wants_ascii() ? &ascii_signs : &utf8_signs, columns, lines };

    tool_tree_add_headings(&text);
    tool_tree_add_lines(&text, all, NULL);
    if (lines->len > 1)
        tool_tree_print_text(&text);
}

static void tool_tree_add_functions(JsonBuilder *builder, const char *name,
                                    const ToolBranch *parent, const GPtrArray *columns);

static void
tool_tree_add_function(JsonBuilder *builder, const ToolBranch *branch, const GPtrArray *columns)
{
    json_builder_begin_object(builder);
    tool_json_add_columns(builder, columns, branch->row);
    tool_tree_add_functions(builder, "virtual_functions", branch, columns);
    json_builder_end_object(builder);
}

static void
tool_tree_add_functions(JsonBuilder *builder, const char *name, const ToolBranch *parent,
                        const GPtrArray *columns)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (guint i = 0; i < parent->children->len; i++) {
        const ToolBranch *branch = g_ptr_array_index(parent->children, i);

        if (branch->kind == TOOL_BRANCH_FUNCTION)
            tool_tree_add_function(builder, branch, columns);
    }
    json_builder_end_array(builder);
}

static void
tool_tree_add_port(JsonBuilder *builder, const ToolBranch *port, const GPtrArray *columns)
{
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "port");
    if (port->number == ZPCI_ROW_UNKNOWN)
        json_builder_add_null_value(builder);
    else
        json_builder_add_int_value(builder, port->number);
    tool_tree_add_functions(builder, "functions", port, columns);
    json_builder_end_object(builder);
}

static void
tool_tree_add_card(JsonBuilder *builder, const ToolBranch *host, const ToolBranch *card,
                   const GPtrArray *columns)
{
    g_autofree char *pchid = NULL;

    json_builder_begin_object(builder);
    tool_json_add_text(builder, "host", host->text);
    json_builder_set_member_name(builder, "pchid");
    if (card->number == ZPCI_ROW_UNKNOWN) {
        json_builder_add_null_value(builder);
    } else {
        pchid = zpci_fact_format(ZPCI_FACT_PCHID, (guint64)card->number);
        json_builder_add_string_value(builder, pchid);
    }
    json_builder_set_member_name(builder, "ports");
    json_builder_begin_array(builder);
    for (guint i = 0; i < card->children->len; i++)
        tool_tree_add_port(builder, g_ptr_array_index(card->children, i), columns);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static void
tool_tree_print_json(const ToolBranch *all)
{
    g_autoptr(GPtrArray) columns = tool_columns_parse(JSON_COLUMNS, NULL, NULL);
    g_autoptr(JsonBuilder) builder = json_builder_new();

    tool_json_begin_list(builder, "cards");
    for (guint i = 0; i < all->children->len; i++) {
        const ToolBranch *host = g_ptr_array_index(all->children, i);

        for (guint k = 0; k < host->children->len; k++)
            tool_tree_add_card(builder, host, g_ptr_array_index(host->children, k), columns);
    }
    tool_json_print_list(builder);
}

static ToolStatus
tool_tree_print_picture(const ToolBranch *all, guint n_functions)
{
    g_autofree char *text = tool_graph_format(all);
    g_autofree char *picture = NULL;
    g_autoptr(GError) error = NULL;

    if (n_functions > TOOL_GRAPH_MAX_FUNCTIONS) {
        fprintf(stderr,
                _("virt-zpci: No picture is drawn of more than %d functions; there are %u. "
                  "\"virt-zpci tree --dot\" prints the graph of all.\n"),
                TOOL_GRAPH_MAX_FUNCTIONS, n_functions);
        return TOOL_FAILED;
    }
    picture = tool_graph_draw(text, &error);
    if (picture == NULL)
        return tool_fail(error);
    fputs(picture, stdout);
    return TOOL_OK;
}

static ToolStatus
tool_tree_print(const ZpciTable *table, const ToolTreeOptions *options)
{
    g_autoptr(ToolBranch) all = tool_branch_grow(table);
    g_autofree char *text = NULL;

    if (table->rows->len == 0)
        tool_hosts_explain_none(&options->hosts);
    if (options->as_svg)
        return tool_tree_print_picture(all, table->rows->len);
    if (options->as_json) {
        tool_tree_print_json(all);
    } else if (options->as_dot) {
        text = tool_graph_format(all);
        fputs(text, stdout);
    } else {
        tool_tree_print_lines(all);
    }
    return TOOL_OK;
}

static ToolStatus
tool_tree_run(const char *root, gconstpointer values, char **arguments G_GNUC_UNUSED)
{
    const ToolTreeOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) columns =
        tool_columns_parse(TOOL_BRANCH_COLUMNS "," SHOWN "," JSON_COLUMNS, NULL, NULL);
    g_autoptr(ZpciTable) table = NULL;
    ToolStatus drawn, status;

    if (options->as_json + options->as_dot + options->as_svg > 1) {
        fprintf(stderr, "virt-zpci: %s\n", _("--json, --dot and --svg exclude each other."));
        return TOOL_USAGE;
    }
    if (!tool_hosts_check(&options->hosts, root, &error))
        return tool_refuse(error);
    if (tool_hosts_are_several(&options->hosts))
        tool_columns_add_host(columns);
    table = tool_hosts_read(&options->hosts, root, ZPCI_STATE_ANY, columns, &status, &error);
    if (table == NULL)
        return tool_fail(error);
    drawn = tool_tree_print(table, options);
    return drawn != TOOL_OK ? drawn : status;
}

const ToolCommand tool_tree_command = {
    .name = "tree",
    .arguments = "",
    .summary = N_("Show which functions fail together: cards, ports, functions, who uses them"),
    .description =
        N_("When something fails, everything below it fails too: a card (PCHID) takes its ports "
           "with it,\n"
           "a port its functions, a physical function its virtual functions, and a function\n"
           "its network interfaces, its disks and the guest that has it.\n\n"
           "\"virt-zpci paths\" judges functions that must not fail together."),
    .options = { { entries, 0 }, { tool_hosts_entries, offsetof(ToolTreeOptions, hosts) } },
    .options_size = sizeof(ToolTreeOptions),
    .takes_root = TRUE,
    .minimum = 0,
    .maximum = 0,
    .run = tool_tree_run,
};
