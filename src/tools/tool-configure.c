/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#include "tool-columns.h"
#include "tool-json.h"
#include "tool-name.h"
#include "tool.h"

#define COLUMNS "name,state,fid,used_by"

typedef struct {
    gboolean as_json;
    gboolean dry_run;
} ToolConfigureOptions;

static const GOptionEntry entries[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolConfigureOptions, as_json),
      N_("Print JSON"), NULL },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolConfigureOptions, dry_run),
      N_("Tell what would be done, and who uses the functions; change nothing"), NULL },
    G_OPTION_ENTRY_NULL,
};

/**
 * ToolConfigureResult:
 * @TOOL_CONFIGURE_DONE: it was done
 * @TOOL_CONFIGURE_ALREADY: there was nothing to do
 * @TOOL_CONFIGURE_WOULD: nothing speaks against doing it
 * @TOOL_CONFIGURE_REFUSED: something does
 *
 * What became of a function.
 */
typedef enum {
    TOOL_CONFIGURE_DONE,
    TOOL_CONFIGURE_ALREADY,
    TOOL_CONFIGURE_WOULD,
    TOOL_CONFIGURE_REFUSED,
} ToolConfigureResult;

/* What differs between the two commands. */
typedef struct {
    gboolean to_standby;
    gboolean (*change)(ZpciInventory *inventory, const char *name, GError **error);
    const char *name;
    const char *words[4];
} ToolConfigureKind;

/* Words of the output format, the same in every language, as are those of JSON. */
static const char *const result_names[] = { "done", "already", "would", "refused" };

static const ToolConfigureKind configuring = {
    .to_standby = FALSE,
    .change = zpci_inventory_start,
    .name = "configure",
    .words = { "configured", "configured already", "would be configured", "would be refused" },
};

static const ToolConfigureKind deconfiguring = {
    .to_standby = TRUE,
    .change = zpci_inventory_destroy,
    .name = "deconfigure",
    .words = { "deconfigured", "deconfigured already", "would be deconfigured",
               "would be refused" },
};

/* @builder: (nullable): without it the lines are printed */
typedef struct {
    const ToolConfigureKind *kind;
    const ToolConfigureOptions *options;
    ZpciInventory *inventory;
    JsonBuilder *builder;
} ToolConfigure;

static gboolean
tool_configure_has_to(const ToolConfigure *configure, const ZpciRow *row)
{
    return zpci_function_is_standby(row->function) != configure->kind->to_standby;
}

/* The same question that is asked again, under the function's lock, before it is switched. */
static gboolean
tool_configure_may(const ToolConfigure *configure, const ZpciRow *row, GError **error)
{
    return !configure->kind->to_standby || !tool_configure_has_to(configure, row) ||
           zpci_binding_is_free(configure->inventory, row->name,
                                ZPCI_BINDING_USE_HOST | ZPCI_BINDING_USE_GUEST, error);
}

/* Returns (transfer full): its node device has another name in the other state. */
static char *
tool_configure_find_again(const ToolConfigure *configure, const ZpciRow *row)
{
    g_auto(GStrv) fid = zpci_column_get(zpci_column_find("fid"), row);
    g_autofree char *wanted =
        fid != NULL && fid[0] != NULL ? g_strconcat("fid=", fid[0], NULL) : NULL;
    char *name = wanted != NULL ? zpci_inventory_resolve(configure->inventory, wanted, NULL) : NULL;

    return name != NULL ? name : g_strdup(row->name);
}

static void
tool_configure_add_json(const ToolConfigure *configure, const char *name, const ZpciRow *row,
                        ToolConfigureResult result, const GError *problem)
{
    JsonBuilder *builder = configure->builder;

    json_builder_begin_object(builder);
    tool_json_add_column(builder, "fid", row);
    tool_json_add_text(builder, "name", name);
    tool_json_add_text(builder, "result", result_names[result]);
    tool_json_add_column(builder, "used_by", row);
    tool_json_add_text(builder, "reason", problem != NULL ? problem->message : NULL);
    json_builder_end_object(builder);
}

/* @problem: (nullable): why it would be refused */
static void
tool_configure_tell(const ToolConfigure *configure, const ZpciRow *row, ToolConfigureResult result,
                    const GError *problem)
{
    g_autofree char *name = result == TOOL_CONFIGURE_DONE
                                ? tool_configure_find_again(configure, row)
                                : g_strdup(row->name);
    g_autofree char *fid = zpci_column_format(zpci_column_find("fid"), row);
    g_autofree char *holder = zpci_column_format(zpci_column_find("used_by"), row);

    if (configure->builder != NULL) {
        tool_configure_add_json(configure, name, row, result, problem);
        return;
    }
    printf("%s %s %s", fid != NULL ? fid : "-", name, configure->kind->words[result]);
    if (problem != NULL)
        printf(": %s", problem->message);
    else if (result == TOOL_CONFIGURE_WOULD)
        printf("; used by: %s", holder != NULL ? holder : "-");
    puts("");
}

/* Returns: FALSE, as what calls it does. */
static gboolean
tool_configure_explain(const ToolConfigure *configure, const GError *problem, GError **error)
{
    if (problem->code == ZPCI_ERROR_NO_PERMISSION && geteuid() != 0)
        g_set_error(
            error, ZPCI_ERROR, problem->code,
            _("Only root may do this: run \"virt-zpci %s\" as root, or ask a virtzpcid that "
              "runs as root, by \"virsh %s\"."),
            configure->kind->name,
            configure->kind->to_standby ? "nodedev-destroy" : "nodedev-start");
    else
        g_propagate_error(error, g_error_copy(problem));
    return FALSE;
}

static gboolean
tool_configure_pretend_each(const ToolConfigure *configure, const GPtrArray *rows)
{
    gboolean good = TRUE;

    for (guint i = 0; i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);
        g_autoptr(GError) problem = NULL;
        ToolConfigureResult result =
            tool_configure_has_to(configure, row) ? TOOL_CONFIGURE_WOULD : TOOL_CONFIGURE_ALREADY;

        if (!tool_configure_may(configure, row, &problem)) {
            result = TOOL_CONFIGURE_REFUSED;
            good = FALSE;
        }
        tool_configure_tell(configure, row, result, problem);
    }
    return good;
}

/* None is touched if any cannot be. */
static gboolean
tool_configure_do_each(const ToolConfigure *configure, const GPtrArray *rows, GError **error)
{
    g_autoptr(GError) problem = NULL;

    for (guint i = 0; problem == NULL && i < rows->len; i++)
        tool_configure_may(configure, g_ptr_array_index(rows, i), &problem);
    for (guint i = 0; problem == NULL && i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);

        if (!tool_configure_has_to(configure, row))
            tool_configure_tell(configure, row, TOOL_CONFIGURE_ALREADY, NULL);
        else if (configure->kind->change(configure->inventory, row->name, &problem))
            tool_configure_tell(configure, row, TOOL_CONFIGURE_DONE, NULL);
    }
    return problem == NULL || tool_configure_explain(configure, problem, error);
}

/* Also what was done before something failed is told. */
static ToolStatus
tool_configure_each(const ToolConfigure *configure, const GPtrArray *rows)
{
    g_autoptr(GError) error = NULL;
    gboolean good;

    if (configure->builder != NULL)
        tool_json_begin_list(configure->builder, "functions");
    good = configure->options->dry_run ? tool_configure_pretend_each(configure, rows)
                                       : tool_configure_do_each(configure, rows, &error);
    if (configure->builder != NULL)
        tool_json_print_list(configure->builder);
    if (error != NULL)
        return tool_fail(error);
    return good ? TOOL_OK : TOOL_FAILED;
}

/* Returns (transfer full): the functions, or NULL with @error set. */
static ZpciTable *
tool_configure_read(ZpciInventory *inventory, char **arguments, GError **error)
{
    g_auto(GStrv) names = tool_name_resolve_each(inventory, arguments, error);
    g_autoptr(GPtrArray) columns = NULL;
    g_autoptr(ZpciTable) table = NULL;

    if (names == NULL)
        return NULL;
    columns = tool_columns_parse(COLUMNS, NULL, error);
    table = zpci_table_read(inventory, names, ZPCI_STATE_ANY, columns, error);
    if (table == NULL || table->rows->len == g_strv_length(names))
        return g_steal_pointer(&table);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                _("%u of the devices that you named are not zPCI functions; \"virt-zpci list "
                  "--all\" shows those of this host."),
                g_strv_length(names) - table->rows->len);
    return NULL;
}

static ToolStatus
tool_configure_run_kind(const ToolConfigureKind *kind, const char *root,
                        const ToolConfigureOptions *options, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, &error);
    g_autoptr(JsonBuilder) builder = options->as_json ? json_builder_new() : NULL;
    const ToolConfigure configure = { kind, options, inventory, builder };
    g_autoptr(ZpciTable) table = NULL;

    if (inventory != NULL)
        table = tool_configure_read(inventory, arguments, &error);
    return table != NULL ? tool_configure_each(&configure, table->rows) : tool_fail(error);
}

static ToolStatus
tool_configure_run(const char *root, gconstpointer options, char **arguments)
{
    return tool_configure_run_kind(&configuring, root, options, arguments);
}

static ToolStatus
tool_configure_run_to_standby(const char *root, gconstpointer options, char **arguments)
{
    return tool_configure_run_kind(&deconfiguring, root, options, arguments);
}

const ToolCommand tool_configure_command = {
    .name = "configure",
    .arguments = N_("NAME…"),
    .summary = N_("Configure functions that are in standby"),
    .description = N_(
        "Switches on the slots of functions that this host has been given, so that Linux has them\n"
        "as PCI functions, and prints their new names. It needs root, and does what\n"
        "\"virsh nodedev-start\" does. \"virt-zpci list --inactive\" shows which are in standby."),
    .describe = tool_name_describe,
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolConfigureOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_configure_run,
};

const ToolCommand tool_deconfigure_command = {
    .name = "deconfigure",
    .arguments = N_("NAME…"),
    .summary = N_("Put functions into standby, unless somebody uses them"),
    .description = N_(
        "Switches off the slots of functions, as \"virsh nodedev-destroy\" does. Linux would not "
        "check\n"
        "who uses them, so this command does: it refuses a function that a guest or a process "
        "has,\n"
        "or that has a mounted file system or a network interface that is up. If it refuses one,\n"
        "it touches none. It needs root. \"virt-zpci configure\" takes them back."),
    .describe = tool_name_describe,
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolConfigureOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_configure_run_to_standby,
};
