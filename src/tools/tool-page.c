/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>

#include "tool-branch.h"
#include "tool-columns.h"
#include "tool-graph.h"
#include "tool-html.h"
#include "tool-output.h"
#include "tool.h"
#include "zpci-table.h"

/* What the page is called in a directory. */
#define FILE_NAME "virt-zpci-report.html"

/* What tells functions apart, as a table; everything else stands below. */
#define OVERVIEW "name,address,fid,uid,pfgid,pchid,vfn,port,type,driver,iface,disk,state,used_by"

#define GROUP "pfgid"

/* The most functions of a picture that people still look at. */
#define MAX_PICTURE 200

/* What all functions of a function group have in common. */
#define LIMITS GROUP ",simulated,group_version,dasm,msi_address,refresh,mui,noi,maxstbl,imaxstbl"

/* @columns: (element-type ZpciColumn) */
static void
tool_page_add_headings(ToolHtml *page, const GPtrArray *columns)
{
    for (guint i = 0; i < columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(columns, i);

        tool_html_add_element(page, "th", column->heading);
    }
}

static void
tool_page_add_cells(ToolHtml *page, const GPtrArray *columns, guint first, const ZpciRow *row)
{
    for (guint i = first; i < columns->len; i++) {
        g_autofree char *text = zpci_column_format(g_ptr_array_index(columns, i), row);

        tool_html_add_element(page, "td", text);
    }
}

static void
tool_page_add_overview(ToolHtml *page, const ZpciTable *table)
{
    g_autoptr(GPtrArray) columns = tool_columns_parse(OVERVIEW, NULL, NULL);

    tool_html_add_element(page, "h2", _("Functions"));
    if (table->rows->len == 0) {
        tool_html_add_element(page, "p", _("This host has no zPCI functions."));
        return;
    }
    tool_html_begin(page, "table");
    tool_html_begin(page, "tr");
    tool_page_add_headings(page, columns);
    tool_html_end(page);
    for (guint i = 0; i < table->rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(table->rows, i);
        g_autofree char *target = g_strconcat("#", row->name, NULL);

        tool_html_begin(page, "tr");
        tool_html_begin(page, "td");
        tool_html_begin(page, "a");
        tool_html_add_attribute(page, "href", target);
        tool_html_add_text(page, row->name);
        tool_html_end(page);
        tool_html_end(page);
        tool_page_add_cells(page, columns, 1, row);
        tool_html_end(page);
    }
    tool_html_end(page);
}

/* @firsts: (element-type ZpciRow): takes one function of each function group
 * Returns (transfer full): how many functions each group has, by its number as a text. */
static GHashTable *
tool_page_count_groups(const ZpciTable *table, GPtrArray *firsts)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const ZpciColumn *column = zpci_column_find(GROUP);

    for (guint i = 0; i < table->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(table->rows, i);
        char *group = zpci_column_format(column, row);
        guint count;

        if (group == NULL)
            continue;
        count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, group));
        if (count == 0)
            g_ptr_array_add(firsts, row);
        g_hash_table_replace(counts, group, GUINT_TO_POINTER(count + 1));
    }
    return counts;
}

static void
tool_page_add_groups(ToolHtml *page, const ZpciTable *table)
{
    g_autoptr(GPtrArray) columns = tool_columns_parse(LIMITS, NULL, NULL);
    g_autoptr(GPtrArray) firsts = g_ptr_array_new();
    g_autoptr(GHashTable) counts = tool_page_count_groups(table, firsts);

    if (firsts->len == 0)
        return;
    tool_html_add_element(page, "h2", _("Function groups"));
    tool_html_begin(page, "table");
    tool_html_begin(page, "tr");
    tool_page_add_headings(page, columns);
    tool_html_add_element(page, "th", _("FUNCTIONS"));
    tool_html_end(page);
    for (guint i = 0; i < firsts->len; i++) {
        const ZpciRow *row = g_ptr_array_index(firsts, i);
        g_autofree char *group = zpci_column_format(zpci_column_find(GROUP), row);

        g_autofree char *count =
            g_strdup_printf("%u", GPOINTER_TO_UINT(g_hash_table_lookup(counts, group)));

        tool_html_begin(page, "tr");
        tool_page_add_cells(page, columns, 0, row);
        tool_html_add_element(page, "td", count);
        tool_html_end(page);
    }
    tool_html_end(page);
}

static void
tool_page_add_branches(ToolHtml *page, const ToolBranch *parent)
{
    for (guint i = 0; i < parent->children->len; i++) {
        const ToolBranch *branch = g_ptr_array_index(parent->children, i);

        if (branch->text != NULL) {
            tool_html_begin(page, "li");
            tool_html_add_text(page, branch->text);
        }
        if (branch->text != NULL && branch->children->len > 0)
            tool_html_begin(page, "ul");
        tool_page_add_branches(page, branch);
        if (branch->text != NULL && branch->children->len > 0)
            tool_html_end(page);
        if (branch->text != NULL)
            tool_html_end(page);
    }
}

/* Returns (transfer full) (nullable): NULL if Graphviz is not there, or there is too much of it. */
static char *
tool_page_draw(const ToolBranch *all, guint n_functions)
{
    g_autofree char *text = n_functions <= MAX_PICTURE ? tool_graph_format(all) : NULL;

    return text != NULL ? tool_graph_draw(text, NULL) : NULL;
}

/* As a picture, or else as lists within lists. */
static void
tool_page_add_tree(ToolHtml *page, const ZpciTable *table)
{
    g_autoptr(ToolBranch) all = tool_branch_grow(table);
    g_autofree char *picture = NULL;

    if (table->rows->len == 0)
        return;
    tool_html_add_element(page, "h2", _("What fails together"));
    picture = tool_page_draw(all, table->rows->len);
    if (picture != NULL &&
        tool_html_add_picture(page, picture, _("Cards, ports, functions, and who uses them")))
        return;
    tool_html_begin(page, "ul");
    tool_page_add_branches(page, all);
    tool_html_end(page);
}

static void
tool_page_add_warnings(ToolHtml *page, const ZpciTable *table)
{
    guint count = 0;

    tool_html_add_element(page, "h2", _("Warnings"));
    for (guint i = 0; i < table->rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(table->rows, i);
        const char *const *warnings = zpci_function_get_warnings(row->function);

        for (; *warnings != NULL; warnings++, count++) {
            tool_html_begin(page, "p");
            tool_html_add_attribute(page, "class", "warning");
            tool_html_add_text(page, row->name);
            tool_html_add_text(page, ": ");
            tool_html_add_text(page, *warnings);
            tool_html_end(page);
        }
    }
    if (count == 0)
        tool_html_add_element(page, "p", _("There are none."));
}

static void
tool_page_add_fact(ToolHtml *page, const ZpciColumn *column, const ZpciRow *row)
{
    g_autofree char *value = zpci_column_format(column, row);
    g_autofree char *source = zpci_column_get_source(column, row);
    const char *reason = zpci_column_get_reason(column, row);

    tool_html_begin(page, "tr");
    tool_html_add_element(page, "td", column->name);
    tool_html_add_element(page, "td", value);
    tool_html_add_element(page, "td",
                          value != NULL    ? source
                          : reason != NULL ? reason
                                           : _("This host does not tell it."));
    tool_html_end(page);
}

static void
tool_page_add_facts(ToolHtml *page, const ZpciTable *table)
{
    tool_html_add_element(page, "h2", _("All facts, and where each comes from"));
    for (guint i = 0; i < table->rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(table->rows, i);

        tool_html_begin(page, "details");
        tool_html_add_attribute(page, "id", row->name);
        tool_html_add_element(page, "summary", row->name);
        tool_html_begin(page, "table");
        for (guint c = 0; c < table->columns->len; c++)
            tool_page_add_fact(page, g_ptr_array_index(table->columns, c), row);
        tool_html_end(page);
        tool_html_end(page);
    }
}

/* Returns (transfer full): the page with its head. */
static ToolHtml *
tool_page_begin(const char *root)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format(now, "%Y-%m-%d %H:%M:%S UTC");
    g_autofree char *title =
        g_strdup_printf(_("zPCI functions of %s"), root != NULL ? root : g_get_host_name());
    g_autofree char *origin =
        g_strdup_printf(_("Written by virt-zpci %s on %s."), PACKAGE_VERSION, date);
    ToolHtml *page = tool_html_new(title);

    tool_html_add_element(page, "p", origin);
    return page;
}

static gboolean
tool_page_write(const ZpciTable *table, const char *root, const char *path, GError **error)
{
    g_autoptr(ToolHtml) page = tool_page_begin(root);
    const char *text;
    gsize size;

    tool_page_add_overview(page, table);
    tool_page_add_tree(page, table);
    tool_page_add_groups(page, table);
    tool_page_add_warnings(page, table);
    tool_page_add_facts(page, table);
    text = tool_html_finish(page, &size, error);
    return text != NULL && tool_output_write(path, text, size, error);
}

static ToolStatus
tool_page_run(const char *root, gconstpointer options G_GNUC_UNUSED, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, &error);
    g_autoptr(GPtrArray) columns = tool_columns_list();
    g_autoptr(ZpciTable) table =
        inventory != NULL ? zpci_table_read(inventory, NULL, ZPCI_STATE_ANY, columns, &error)
                          : NULL;
    g_autofree char *path = g_file_test(arguments[0], G_FILE_TEST_IS_DIR)
                                ? g_build_filename(arguments[0], FILE_NAME, NULL)
                                : g_strdup(arguments[0]);

    return table != NULL && tool_page_write(table, root, path, &error) ? TOOL_OK : tool_fail(error);
}

const ToolCommand tool_page_command = {
    .name = "report",
    .arguments = N_("FILE|DIR"),
    .summary = N_("Write all that is known of a host as one page for the browser"),
    .description = N_("The page needs nothing from elsewhere. In DIR it is virt-zpci-report.html. "
                      "It is written\nwhole or not at all. Opens no device: see \"virt-zpci "
                      "probe\"."),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = 1,
    .run = tool_page_run,
};
