/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "tool-json.h"
#include "tool.h"

static gboolean as_json;
static gboolean as_names;
static gboolean with_all;
static gboolean with_inactive;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON, with every fact and its source"),
      NULL },
    { "names", 'n', 0, G_OPTION_ARG_NONE, &as_names, N_("Print the names only, one a line"), NULL },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &with_all,
      N_("List the functions in standby too, and the state of each"), NULL },
    { "inactive", 'i', 0, G_OPTION_ARG_NONE, &with_inactive,
      N_("List the functions in standby only"), NULL },
    G_OPTION_ENTRY_NULL,
};

static const char *const zpci_only[] = { "zpci", NULL };

/* The columns, and how wide the values of each are. */
static const struct {
    ZpciFact fact;
    const char *title;
    int width;
} columns[] = {
    { ZPCI_FACT_FID, "FID", 10 },    { ZPCI_FACT_UID, "UID", 6 }, { ZPCI_FACT_PFGID, "PFGID", 5 },
    { ZPCI_FACT_PCHID, "PCHID", 6 }, { ZPCI_FACT_VFN, "VFN", 6 }, { ZPCI_FACT_PORT, "PORT", 4 },
};

/* Without the options for it, all are configured. */
static void
tool_list_print_state(const char *state)
{
    if (with_all || with_inactive)
        printf(" %-10s", state);
}

static void
tool_list_print_header(void)
{
    printf("%-18s", "NAME");
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
        printf(" %-*s", columns[i].width, columns[i].title);
    tool_list_print_state("STATE");
    printf(" %s\n", "TYPE");
}

static void
tool_list_print_row(const char *name, const ZpciFunction *function)
{
    guint64 value;

    printf("%-18s", name);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        g_autofree char *text = zpci_function_get(function, columns[i].fact, &value)
                                    ? zpci_fact_format(columns[i].fact, value)
                                    : g_strdup("-");

        printf(" %-*s", columns[i].width, text);
    }
    tool_list_print_state(tool_json_get_state(function));
    if (zpci_function_get(function, ZPCI_FACT_PFT, &value) && zpci_pft_get_name(value) != NULL)
        printf(" %s\n", zpci_pft_get_name(value));
    else
        printf(" -\n");
}

/* A function that left since the list was made is passed over: the list is of what is there. */
static gboolean
tool_list_read(ZpciInventory *inventory, const char *name, ZpciFunction **function, GError **error)
{
    g_autoptr(GError) problem = NULL;
    gboolean read;

    *function = NULL;
    read = as_json ? zpci_inventory_get_function(inventory, name, function, &problem)
                   : zpci_inventory_get_outline(inventory, name, function, &problem);
    if (read || g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

static ToolStatus
tool_list_print_table(ZpciInventory *inventory, char **names)
{
    g_autoptr(GError) error = NULL;

    if (names[0] == NULL && isatty(STDERR_FILENO))
        fprintf(stderr, "%s\n",
                with_inactive ? _("This host has no zPCI functions in standby.")
                              : _("This host has no zPCI functions."));
    tool_list_print_header();
    for (; *names != NULL; names++) {
        g_autoptr(ZpciFunction) function = NULL;

        if (!tool_list_read(inventory, *names, &function, &error))
            return tool_fail(error);
        if (function != NULL)
            tool_list_print_row(*names, function);
    }
    return TOOL_OK;
}

static ToolStatus
tool_list_print_json(ZpciInventory *inventory, char **names)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_array(builder);
    for (; *names != NULL; names++) {
        g_autoptr(ZpciFunction) function = NULL;

        if (!tool_list_read(inventory, *names, &function, &error))
            return tool_fail(error);
        if (function != NULL)
            tool_json_add_function(builder, *names, function);
    }
    json_builder_end_array(builder);
    tool_print_json(builder);
    return TOOL_OK;
}

static ToolStatus
tool_list_print_names(char **names)
{
    for (; *names != NULL; names++)
        puts(*names);
    return TOOL_OK;
}

static ZpciStates
tool_list_get_states(void)
{
    if (with_all)
        return ZPCI_STATE_ANY;
    return with_inactive ? ZPCI_STATE_INACTIVE : ZPCI_STATE_ACTIVE;
}

static gboolean
tool_list_check_options(void)
{
    const char *problem = NULL;

    if (as_json && as_names)
        problem = _("--json and --names exclude each other.");
    else if (with_all && with_inactive)
        problem = _("--all and --inactive exclude each other.");
    if (problem != NULL)
        fprintf(stderr, "virt-zpci: %s\n", problem);
    return problem == NULL;
}

static ToolStatus
tool_list_run(const char *root, char **arguments G_GNUC_UNUSED)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = NULL;
    g_auto(GStrv) names = NULL;

    if (!tool_list_check_options())
        return TOOL_USAGE;
    inventory = tool_open_inventory(root, &error);
    if (inventory != NULL)
        names = zpci_inventory_list(inventory, zpci_only, tool_list_get_states(), &error);
    if (names == NULL)
        return tool_fail(error);
    if (as_names)
        return tool_list_print_names(names);
    return as_json ? tool_list_print_json(inventory, names)
                   : tool_list_print_table(inventory, names);
}

const ToolCommand tool_list_command = {
    .name = "list",
    .arguments = "",
    .summary = N_("List the zPCI functions"),
    .description = N_("A fact that this host does not tell is shown as \"-\"."),
    .entries = entries,
    .takes_root = TRUE,
    .minimum = 0,
    .maximum = 0,
    .run = tool_list_run,
};
