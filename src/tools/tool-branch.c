/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-branch.h"

#include <glib/gi18n.h>
#include <inttypes.h>

#include "text-quote.h"

/* @card, @port: %G_MAXINT64 if not known, so that they stand last */
typedef struct {
    gint64 card;
    gint64 port;
    guint index;
    const ZpciRow *row;
} Place;

/* @rows: (element-type ZpciRow): those that have an address, by it
 * @below: (element-type GPtrArray): the virtual functions of a physical one (ZpciRow), by its row
 */
typedef struct {
    GHashTable *rows;
    GHashTable *below;
} Relations;

static void
tool_branch_clear_relations(Relations *relations)
{
    g_clear_pointer(&relations->rows, g_hash_table_unref);
    g_clear_pointer(&relations->below, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Relations, tool_branch_clear_relations)

void
tool_branch_free(ToolBranch *branch)
{
    if (branch == NULL)
        return;
    g_free(branch->text);
    g_ptr_array_unref(branch->children);
    g_free(branch);
}

/* @text: (transfer full) (nullable)
 * @parent: (nullable): who owns it from then on */
static ToolBranch *
tool_branch_new(ToolBranchKind kind, char *text, ToolBranch *parent)
{
    ToolBranch *branch = g_new0(ToolBranch, 1);

    branch->kind = kind;
    branch->text = text;
    branch->number = ZPCI_ROW_UNKNOWN;
    branch->children = g_ptr_array_new_with_free_func((GDestroyNotify)tool_branch_free);
    if (parent != NULL)
        g_ptr_array_add(parent->children, branch);
    return branch;
}

/* A function that claims to be a virtual function of a virtual one is believed nothing: a damaged
 * host could go in a circle. */
static const ZpciRow *
tool_branch_find_physical(const Relations *relations, const ZpciRow *row)
{
    const ZpciRow *physical =
        row->physical != NULL ? g_hash_table_lookup(relations->rows, row->physical) : NULL;

    return physical != NULL && physical->physical == NULL ? physical : NULL;
}

static void
tool_branch_relate(const GPtrArray *rows, Relations *relations)
{
    relations->rows = g_hash_table_new(g_str_hash, g_str_equal);
    relations->below = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);

        if (row->address != NULL)
            g_hash_table_insert(relations->rows, row->address, row);
    }
    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);
        const ZpciRow *physical = tool_branch_find_physical(relations, row);
        GPtrArray *below;

        if (physical == NULL)
            continue;
        below = g_hash_table_lookup(relations->below, physical);
        if (below == NULL) {
            below = g_ptr_array_new();
            g_hash_table_insert(relations->below, (gpointer)physical, below);
        }
        g_ptr_array_add(below, row);
    }
}

/* @text: with names in it that are not ours */
static void
tool_branch_add_leaf(ToolBranch *parent, ToolBranchKind kind, const char *text)
{
    tool_branch_new(kind, text_quote_escape(text), parent);
}

static void
tool_branch_add_interfaces(ToolBranch *parent, const ZpciRow *row)
{
    for (guint i = 0; row->interfaces != NULL && row->interfaces[i] != NULL; i++) {
        g_autofree char *text =
            g_strdup_printf(_("interface %s (%s)"), row->interfaces[i], row->interface_states[i]);

        tool_branch_add_leaf(parent, TOOL_BRANCH_INTERFACE, text);
    }
}

static void
tool_branch_add_disks(ToolBranch *parent, const ZpciRow *row)
{
    for (guint i = 0; row->disks != NULL && row->disks[i] != NULL; i++) {
        g_autofree char *text = g_strdup_printf(_("disk %s"), row->disks[i]);

        tool_branch_add_leaf(parent, TOOL_BRANCH_DISK, text);
    }
}

/* That an interface is up stands there already. */
static void
tool_branch_add_holder(ToolBranch *parent, const ZpciRow *row)
{
    g_autofree char *text = NULL;

    if (row->holder == NULL || row->holder->kind == ZPCI_HOLDER_NOBODY ||
        row->holder->kind == ZPCI_HOLDER_INTERFACE)
        return;
    text = zpci_column_format(zpci_column_find("used_by"), row);
    tool_branch_new(TOOL_BRANCH_HOLDER, g_steal_pointer(&text), parent);
}

static ToolBranch *
tool_branch_add_function(ToolBranch *parent, const ZpciRow *row)
{
    ToolBranch *branch =
        tool_branch_new(TOOL_BRANCH_FUNCTION, text_quote_escape(row->name), parent);

    branch->row = row;
    tool_branch_add_interfaces(branch, row);
    tool_branch_add_disks(branch, row);
    tool_branch_add_holder(branch, row);
    return branch;
}

static gint64
tool_branch_get_fact(const ZpciRow *row, ZpciFact fact)
{
    guint64 value;

    return zpci_function_get(row->function, fact, &value) ? (gint64)value : G_MAXINT64;
}

static int
tool_branch_compare(gconstpointer a, gconstpointer b)
{
    const Place *first = a, *second = b;

    if (first->card != second->card)
        return first->card < second->card ? -1 : 1;
    if (first->port != second->port)
        return first->port < second->port ? -1 : 1;
    return first->index < second->index ? -1 : first->index > second->index;
}

/* Returns (transfer full) (element-type Place): of the functions that stand below no other. */
static GArray *
tool_branch_place(const GPtrArray *rows, const Relations *relations)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));

    for (guint i = 0; i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);
        Place place = { .card = tool_branch_get_fact(row, ZPCI_FACT_PCHID),
                        .port = tool_branch_get_fact(row, ZPCI_FACT_PORT),
                        .index = i,
                        .row = row };

        if (tool_branch_find_physical(relations, row) == NULL)
            g_array_append_val(places, place);
    }
    g_array_sort(places, tool_branch_compare);
    return places;
}

/* No machine numbers a channel 0: it is what QEMU says of functions that are on none. */
static char *
tool_branch_name_card(gint64 number)
{
    if (number == ZPCI_ROW_UNKNOWN)
        return g_strdup(_("PCHID not known"));
    return number == 0 ? g_strdup(_("no PCHID"))
                       : g_strdup_printf("PCHID 0x%04" G_GINT64_MODIFIER "x", number);
}

static char *
tool_branch_name_port(const ToolBranch *card, gint64 number)
{
    if (number == ZPCI_ROW_UNKNOWN)
        return card->number != ZPCI_ROW_UNKNOWN ? g_strdup(_("port not known")) : NULL;
    return number == 0 ? NULL : g_strdup_printf(_("port %" PRId64), number);
}

/* Returns (transfer none): the last child if it has this number, else a new one. */
static ToolBranch *
tool_branch_reach(ToolBranch *parent, ToolBranchKind kind, gint64 number)
{
    ToolBranch *last = parent->children->len > 0
                           ? g_ptr_array_index(parent->children, parent->children->len - 1)
                           : NULL;

    if (number == G_MAXINT64)
        number = ZPCI_ROW_UNKNOWN;
    if (last != NULL && last->number == number)
        return last;
    last = tool_branch_new(kind,
                           kind == TOOL_BRANCH_CARD ? tool_branch_name_card(number)
                                                    : tool_branch_name_port(parent, number),
                           parent);
    last->number = number;
    return last;
}

/* @rows: (element-type ZpciRow): all of the host */
static void
tool_branch_add_cards(ToolBranch *host, const GPtrArray *rows)
{
    g_auto(Relations) relations = { 0 };
    g_autoptr(GArray) places = NULL;

    tool_branch_relate(rows, &relations);
    places = tool_branch_place(rows, &relations);
    for (guint i = 0; i < places->len; i++) {
        const Place *place = &g_array_index(places, Place, i);
        ToolBranch *card = tool_branch_reach(host, TOOL_BRANCH_CARD, place->card);
        ToolBranch *port = tool_branch_reach(card, TOOL_BRANCH_PORT, place->port);
        ToolBranch *function = tool_branch_add_function(port, place->row);
        const GPtrArray *below = g_hash_table_lookup(relations.below, place->row);

        for (guint k = 0; below != NULL && k < below->len; k++)
            tool_branch_add_function(function, g_ptr_array_index(below, k));
    }
}

/* Returns (transfer full) (element-type ZpciRow): from @first on, those of one host, which stand
 * together. */
static GPtrArray *
tool_branch_list_host(const GPtrArray *rows, guint first)
{
    GPtrArray *own = g_ptr_array_new();
    const char *host = ((const ZpciRow *)g_ptr_array_index(rows, first))->host;

    for (guint i = first; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);

        if (g_strcmp0(row->host, host) != 0)
            break;
        g_ptr_array_add(own, row);
    }
    return own;
}

ToolBranch *
tool_branch_grow(const ZpciTable *table)
{
    ToolBranch *all = tool_branch_new(TOOL_BRANCH_ALL, NULL, NULL);
    gboolean is_named = g_ptr_array_find(table->columns, zpci_column_find("host"), NULL);

    for (guint first = 0; first < table->rows->len;) {
        const ZpciRow *row = g_ptr_array_index(table->rows, first);
        g_autoptr(GPtrArray) own = tool_branch_list_host(table->rows, first);
        char *text = is_named && row->host != NULL ? text_quote_escape(row->host) : NULL;

        tool_branch_add_cards(tool_branch_new(TOOL_BRANCH_HOST, text, all), own);
        first += own->len;
    }
    return all;
}
