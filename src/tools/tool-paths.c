/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-columns.h"
#include "tool-hosts.h"
#include "tool-match.h"
#include "tool-name.h"
#include "tool-path-json.h"
#include "tool-path-text.h"
#include "tool-path.h"
#include "tool.h"
#include "zpci-error.h"

/* The most functions that are judged together: pairs grow with their square. */
#define MAX_FUNCTIONS 64

typedef struct {
    gboolean as_json;
    gboolean suggests;
    ToolHostsOptions hosts;
} ToolPathsOptions;

/* @table: the functions that are named, or all
 * @rows: (element-type ZpciRow): those that are named, which the table owns
 * @status: what the hosts have come to */
typedef struct {
    ZpciTable *table;
    GPtrArray *rows;
    ToolStatus status;
} ToolPathsChoice;

static void
tool_paths_clear_choice(ToolPathsChoice *choice)
{
    g_clear_pointer(&choice->rows, g_ptr_array_unref);
    g_clear_pointer(&choice->table, zpci_table_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ToolPathsChoice, tool_paths_clear_choice)

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolPathsOptions, as_json), N_("Print JSON"),
      NULL },
    { "suggest", 's', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolPathsOptions, suggests),
      N_("Name partners for one function, the best first"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* What is shared between two is worse than what is not known of two others. */
static ToolPathAnswer
tool_paths_judge(const GArray *pairs)
{
    ToolPathAnswer verdict = TOOL_PATH_SEPARATE;

    for (guint i = 0; i < pairs->len; i++)
        verdict = MAX(verdict, tool_path_judge(&g_array_index(pairs, ToolPath, i)));
    return verdict;
}

static ToolStatus
tool_paths_compare(const GPtrArray *rows, const ToolPathsOptions *options)
{
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(ToolPath));
    ToolPathAnswer verdict;

    for (guint i = 0; i < rows->len; i++) {
        for (guint k = i + 1; k < rows->len; k++) {
            ToolPath path =
                tool_path_compare(g_ptr_array_index(rows, i), g_ptr_array_index(rows, k));

            g_array_append_val(pairs, path);
        }
    }
    verdict = tool_paths_judge(pairs);
    if (options->as_json) {
        tool_path_json_print(rows, pairs, verdict);
    } else {
        for (guint i = 0; i < pairs->len; i++)
            tool_path_text_print(&g_array_index(pairs, ToolPath, i));
        tool_path_text_print_verdict(verdict);
    }
    if (verdict == TOOL_PATH_SEPARATE)
        return TOOL_OK;
    return verdict == TOOL_PATH_SHARED ? TOOL_FAILED : TOOL_USAGE;
}

static int
tool_paths_rank(gconstpointer a, gconstpointer b)
{
    return tool_path_rank(a, b);
}

/* Returns (transfer full) (element-type ToolPath): with all of its host that can stand in for @row.
 */
static GArray *
tool_paths_find_partners(const ZpciTable *table, const ZpciRow *row)
{
    GArray *partners = g_array_new(FALSE, FALSE, sizeof(ToolPath));

    for (guint i = 0; i < table->rows->len; i++) {
        const ZpciRow *other = g_ptr_array_index(table->rows, i);
        ToolPath path = tool_path_compare(row, other);

        if (other != row && g_strcmp0(other->host, row->host) == 0 &&
            tool_path_get_class(other) == tool_path_get_class(row))
            g_array_append_val(partners, path);
    }
    g_array_sort(partners, tool_paths_rank);
    return partners;
}

static ToolStatus
tool_paths_suggest(const ZpciTable *table, const ZpciRow *row, const ToolPathsOptions *options)
{
    ToolPathClass kind = tool_path_get_class(row);
    g_autofree char *name = tool_hosts_format_name(row);
    g_autoptr(GArray) partners = NULL;

    if (kind == TOOL_PATH_CLASS_NONE || kind == TOOL_PATH_CLASS_UNKNOWN) {
        fprintf(stderr,
                _("virt-zpci: %s is not known to be a network interface or a disk, so nothing is "
                  "known to stand in for it.\n"),
                name);
        return TOOL_USAGE;
    }
    partners = tool_paths_find_partners(table, row);
    if (options->as_json) {
        tool_path_json_print_partners(row, partners);
    } else {
        for (guint i = 0; i < partners->len; i++)
            tool_path_text_print_partner(&g_array_index(partners, ToolPath, i));
    }
    if (partners->len > 0)
        return TOOL_OK;
    fprintf(stderr, _("virt-zpci: This host has nothing that could stand in for %s.\n"), name);
    return TOOL_FAILED;
}

/* Returns (transfer full): the one function, or all that are named, each once; NULL with @error. */
static char **
tool_paths_resolve(ZpciInventory *inventory, char **arguments, GError **error)
{
    g_autoptr(GStrvBuilder) different = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(GStrv) names = tool_name_resolve_each(inventory, arguments, error);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        if (g_hash_table_add(seen, names[i]))
            g_strv_builder_add(different, names[i]);
    }
    return names != NULL ? g_strv_builder_end(different) : NULL;
}

/* Returns: FALSE with @error set to what is wrong with so many functions. */
static gboolean
tool_paths_check_count(guint count, const ToolPathsOptions *options, GError **error)
{
    g_autofree char *problem = NULL;

    if (options->suggests && count != 1)
        problem = g_strdup(_("--suggest takes one function."));
    else if (!options->suggests && count < 2)
        problem = g_strdup(_("Nothing is compared: name two functions, or use --suggest."));
    else if (count > MAX_FUNCTIONS)
        problem = g_strdup_printf(_("No more than %d functions are compared."), MAX_FUNCTIONS);
    if (problem != NULL)
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, problem);
    return problem == NULL;
}

/* Returns: FALSE with @error set if one of @names is no zPCI function. */
static gboolean
tool_paths_pick(ToolPathsChoice *choice, char **names, GError **error)
{
    g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);

    choice->rows = g_ptr_array_new();
    for (guint i = 0; i < choice->table->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(choice->table->rows, i);

        if (!g_strv_contains((const char *const *)names, row->name))
            continue;
        g_ptr_array_add(choice->rows, row);
        g_hash_table_add(found, row->name);
    }
    for (; *names != NULL; names++) {
        if (g_hash_table_contains(found, *names))
            continue;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is not a zPCI function; \"virt-zpci list\" shows those of this host."),
                    *names);
        return FALSE;
    }
    return TRUE;
}

static gboolean
tool_paths_choose(ToolPathsChoice *choice, const ToolPathsOptions *options, const char *root,
                  char **arguments, GError **error)
{
    g_autoptr(GPtrArray) columns =
        tool_columns_parse(TOOL_PATH_COLUMNS "," TOOL_PATH_JSON_COLUMNS, NULL, NULL);
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, error);
    g_auto(GStrv) names =
        inventory != NULL ? tool_paths_resolve(inventory, arguments, error) : NULL;

    if (names == NULL || !tool_paths_check_count(g_strv_length(names), options, error))
        return FALSE;
    choice->table = zpci_table_read(inventory, options->suggests ? NULL : names, ZPCI_STATE_ANY,
                                    columns, error);
    return choice->table != NULL && tool_paths_pick(choice, names, error);
}

/* The same with other hosts. */
static gboolean
tool_paths_choose_named(ToolPathsChoice *choice, const ToolPathsOptions *options, char **arguments,
                        GError **error)
{
    g_autoptr(GPtrArray) columns =
        tool_columns_parse(TOOL_PATH_COLUMNS "," TOOL_PATH_JSON_COLUMNS, NULL, NULL);

    choice->table =
        tool_hosts_read(&options->hosts, NULL, ZPCI_STATE_ANY, columns, &choice->status, error);
    choice->rows =
        choice->table != NULL ? tool_match_list(choice->table->rows, arguments, error) : NULL;
    return choice->rows != NULL && tool_paths_check_count(choice->rows->len, options, error);
}

/* Hosts that do not tell cannot undo what is shared. */
static ToolStatus
tool_paths_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolPathsOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_auto(ToolPathsChoice) choice = { 0 };
    ToolStatus status;

    if (!tool_hosts_check(&options->hosts, root, &error) ||
        !(options->hosts.uris != NULL
              ? tool_paths_choose_named(&choice, options, arguments, &error)
              : tool_paths_choose(&choice, options, root, arguments, &error)))
        return tool_refuse(error);
    status = options->suggests
                 ? tool_paths_suggest(choice.table, g_ptr_array_index(choice.rows, 0), options)
                 : tool_paths_compare(choice.rows, options);
    return status == TOOL_OK ? choice.status : status;
}

const ToolCommand tool_paths_command = {
    .name = "paths",
    .arguments = N_("NAME…"),
    .summary = N_("Tell whether functions share a card, a port or a path, or suggest partners"),
    .description = N_(
        "A bond of two functions on one card fails with the card, and one on a single port fails\n"
        "with its link. The internal path has four segments: the more of them differ, the better.\n"
        "What this host does not tell is shown as unknown, and never guessed.\n\n"
        "Exit status: 0 if they share nothing, 1 if they do, 2 if that is not known.\n"
        "NAME is as for \"virt-zpci dumpxml\"; \"virt-zpci tree\" shows all functions by card."),
    .options = { { entries, 0 }, { tool_hosts_entries, offsetof(ToolPathsOptions, hosts) } },
    .options_size = sizeof(ToolPathsOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_paths_run,
};
