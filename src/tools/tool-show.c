/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-json.h"
#include "tool.h"

static gboolean as_json;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
};

static char *
tool_show_format(ZpciFact fact, guint64 value)
{
    g_autofree char *text = zpci_fact_format(fact, value);
    const char *type = fact == ZPCI_FACT_PFT ? zpci_pft_get_name(value) : NULL;

    return type != NULL ? g_strdup_printf("%s %s", text, type) : g_steal_pointer(&text);
}

static void
tool_show_print_fact(const ZpciFunction *function, ZpciFact fact)
{
    g_autofree char *path = tool_json_get_path(fact);
    const char *reason = zpci_function_get_reason(function, fact);
    g_autofree char *text = NULL;
    guint64 value;

    if (zpci_function_get(function, fact, &value)) {
        text = tool_show_format(fact, value);
        printf("  %-20s %-20s %s\n", path, text,
               zpci_source_get_name(zpci_function_get_source(function, fact)));
    } else {
        printf("  %-20s %-20s %s\n", path, "-",
               reason != NULL ? reason : _("This host does not tell it."));
    }
}

static void
tool_show_print_util(const ZpciFunction *function)
{
    g_autofree char *text = zpci_function_get_util_text(function);
    ZpciSource source;

    if (zpci_function_get_util(function, &source) != NULL)
        printf("  %-20s %-20s %s\n", "util", text, zpci_source_get_name(source));
}

static void
tool_show_print(const char *name, const ZpciFunction *function)
{
    const char *const *warnings = zpci_function_get_warnings(function);
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    puts(name);
    printf("  %-20s %-20s %s\n", "state", tool_json_get_state(function),
           zpci_source_get_name(ZPCI_SOURCE_SYSFS));
    for (guint i = 0; i < n_facts; i++)
        tool_show_print_fact(function, facts[i]);
    tool_show_print_util(function);
    for (; *warnings != NULL; warnings++)
        printf(_("  warning: %s\n"), *warnings);
}

static ToolStatus
tool_show_fail_no_function(const char *name)
{
    fprintf(stderr,
            _("virt-zpci: %s is not a zPCI function; \"virt-zpci list\" shows those of this "
              "host.\n"),
            name);
    return TOOL_FAILED;
}

static ToolStatus
tool_show_run(const char *root, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, &error);
    g_autoptr(ZpciFunction) function = NULL;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *name = NULL;

    if (inventory != NULL)
        name = zpci_inventory_resolve(inventory, arguments[0], &error);
    if (name == NULL || !zpci_inventory_get_function(inventory, name, &function, &error))
        return tool_fail(error);
    if (function == NULL)
        return tool_show_fail_no_function(name);
    if (as_json) {
        tool_json_add_function(builder, name, function);
        tool_print_json(builder);
    } else {
        tool_show_print(name, function);
    }
    return TOOL_OK;
}

const ToolCommand tool_show_command = {
    .name = "show",
    .arguments = N_("NAME"),
    .summary = N_("Show all facts of a function, where each comes from, or why it is missing"),
    .description =
        N_("NAME is as for \"virt-zpci dumpxml\". Opens no device: see \"virt-zpci probe\"."),
    .entries = entries,
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = 1,
    .run = tool_show_run,
};
