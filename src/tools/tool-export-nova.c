/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tool-export.h"
#include "zpci-error.h"

/* Nova refuses to start with a larger PCI domain: MAX_DOMAIN in its pci/devspec.py. */
#define DOMAIN_DIGITS 4

/* How Placement calls what is nobody's standard. */
#define CUSTOM "CUSTOM_ZPCI_"

/* @traits: what is told to Placement of the virtual functions of one physical function, by its
 * address: they are one resource provider, and Nova does not start if they differ
 * @aliases: (element-type char): those that have been written */
typedef struct {
    const ToolExport *wish;
    GString *text;
    GHashTable *rows;
    GHashTable *chosen;
    GHashTable *traits;
    GHashTable *aliases;
} ToolNova;

static void
tool_export_nova_clear(ToolNova *nova)
{
    g_clear_pointer(&nova->rows, g_hash_table_unref);
    g_clear_pointer(&nova->chosen, g_hash_table_unref);
    g_clear_pointer(&nova->traits, g_hash_table_unref);
    g_clear_pointer(&nova->aliases, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ToolNova, tool_export_nova_clear)

static gboolean
tool_export_nova_has_virtual(const ZpciRow *row)
{
    return row->virtual_functions != NULL && row->virtual_functions[0] != NULL;
}

/* What Nova calls it, which goes by what libvirt says of it. */
static const char *
tool_export_nova_get_type(const ZpciRow *row)
{
    if (row->physical != NULL)
        return "type-VF";
    return tool_export_nova_has_virtual(row) || row->max_virtual_functions > 0 ? "type-PF"
                                                                               : "type-PCI";
}

/* Returns (transfer full): NAME_VALUE as Placement takes it. */
static char *
tool_export_nova_format_word(const char *name, const char *value)
{
    const char *digits = g_str_has_prefix(value, "0x") ? value + 2 : value;
    g_autofree char *word = g_strconcat(CUSTOM, name, digits, NULL);

    g_strcanon(word, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS, '_');
    return g_ascii_strup(word, -1);
}

/* Returns (transfer full): "CUSTOM_ZPCI_ROCE". */
static char *
tool_export_nova_get_class(const ZpciRow *row)
{
    g_autofree char *type = tool_export_get(row, "type");

    return tool_export_nova_format_word("", type != NULL ? type : "function");
}

static void
tool_export_nova_add_trait(const ZpciRow *row, const char *column, GStrvBuilder *traits)
{
    g_autofree char *value = tool_export_get(row, column);
    g_autofree char *upper = g_ascii_strup(column, -1);
    g_autofree char *name = g_strconcat(upper, "_", NULL);
    g_autofree char *word = value != NULL ? tool_export_nova_format_word(name, value) : NULL;

    /* Port 0 means that there is none. */
    if (word != NULL && strcmp(value, "0") != 0)
        g_strv_builder_add(traits, word);
}

/* Returns (transfer full): joined by commas; of a virtual function what it shares with others. */
static char *
tool_export_nova_make_traits(const ZpciRow *row)
{
    g_autoptr(GStrvBuilder) traits = g_strv_builder_new();
    g_autofree char *unique = tool_export_get(row, "uid_unique");
    g_auto(GStrv) words = NULL;

    if (row->physical == NULL)
        tool_export_nova_add_trait(row, "fid", traits);
    if (row->physical == NULL && g_strcmp0(unique, "yes") == 0)
        tool_export_nova_add_trait(row, "uid", traits);
    tool_export_nova_add_trait(row, "pchid", traits);
    tool_export_nova_add_trait(row, "port", traits);
    words = g_strv_builder_end(traits);
    return g_strjoinv(",", words);
}

/* Returns (transfer full): the same for all virtual functions of one physical function. */
static char *
tool_export_nova_get_traits(const ToolNova *nova, const ZpciRow *row)
{
    return row->physical != NULL ? g_strdup(g_hash_table_lookup(nova->traits, row->physical))
                                 : tool_export_nova_make_traits(row);
}

static void
tool_export_nova_agree(ToolNova *nova, const ZpciRow *row)
{
    g_autofree char *traits = tool_export_nova_make_traits(row);
    const char *agreed = g_hash_table_lookup(nova->traits, row->physical);

    if (agreed == NULL)
        g_hash_table_insert(nova->traits, g_strdup(row->physical), g_steal_pointer(&traits));
    else if (strcmp(agreed, traits) != 0)
        g_hash_table_insert(nova->traits, g_strdup(row->physical), g_strdup(""));
}

/* To Nova, a line with the address of a physical function is one for its virtual functions too, as
 * far as vendor and product agree; and who has one of them cannot be given the physical one. */
static gboolean
tool_export_nova_check_virtual(const ToolNova *nova, const ZpciRow *row, GError **error)
{
    for (guint i = 0; tool_export_nova_has_virtual(row) && row->virtual_functions[i] != NULL; i++) {
        const char *address = row->virtual_functions[i];
        const ZpciRow *virtual = g_hash_table_lookup(nova->rows, address);

        if (g_hash_table_contains(nova->chosen, address)) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("Nova cannot hand out both %s and its virtual function %s; name only one "
                          "of them."),
                        row->name, address);
            return FALSE;
        }
        if (virtual == NULL || virtual->vendor < 0 ||
            (virtual->vendor == row->vendor && virtual->product == row->product)) {
            g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("A line for %s would hand out its virtual function %s too; name its "
                          "virtual functions in place of it."),
                        row->name, address);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
tool_export_nova_check(const ToolNova *nova, const ZpciRow *row, GError **error)
{
    if (row->vendor < 0 || row->product < 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("This host does not tell vendor and product of %s, and an alias without "
                      "them would match every function."),
                    row->name);
        return FALSE;
    }
    if (strchr(row->address, ':') - row->address != DOMAIN_DIGITS) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("Nova knows no PCI domain above 0xffff, which %s has."), row->name);
        return FALSE;
    }
    return tool_export_nova_check_virtual(nova, row, error);
}

static void
tool_export_nova_describe(GString *text, const ZpciRow *row)
{
    static const char *const columns[] = { "fid", "uid", "pchid", "port", "type" };

    g_string_append_printf(text, "# %s:", row->name);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        const ZpciColumn *column = zpci_column_find(columns[i]);
        g_autofree char *value = zpci_column_format(column, row);

        if (value != NULL)
            g_string_append_printf(text, " %s=%s", columns[i], value);
    }
    g_string_append_c(text, '\n');
}

static void
tool_export_nova_add_spec(const ToolNova *nova, const ZpciRow *row)
{
    g_autofree char *traits = tool_export_nova_get_traits(nova, row);
    g_autofree char *class = tool_export_nova_get_class(row);

    tool_export_nova_describe(nova->text, row);
    g_string_append_printf(nova->text,
                           "device_spec = { \"address\": \"%s\", \"vendor_id\": \"%04x\", "
                           "\"product_id\": \"%04x\", \"resource_class\": \"%s\"",
                           row->address, (guint)row->vendor, (guint)row->product, class);
    if (traits[0] != '\0')
        g_string_append_printf(nova->text, ", \"traits\": \"%s\"", traits);
    g_string_append(nova->text, " }\n");
}

/* @trait: (nullable): what narrows the alias to one function */
static void
tool_export_nova_add_alias(ToolNova *nova, const ZpciRow *row, const char *trait)
{
    const char *type = tool_export_nova_get_type(row);
    g_autofree char *class = tool_export_nova_get_class(row);
    g_autofree char *lower = g_ascii_strdown(trait != NULL ? trait : class, -1);
    g_autofree char *name =
        g_strdup_printf("%s-%04x-%04x-%s", lower + strlen("custom_"), (guint)row->vendor,
                        (guint)row->product, type + strlen("type-"));
    g_autofree char *alias = g_strdelimit(g_ascii_strdown(name, -1), "_", '-');

    if (!g_hash_table_add(nova->aliases, g_strdup(alias)))
        return;
    g_string_append_printf(nova->text,
                           "alias = { \"name\": \"%s\", \"vendor_id\": \"%04x\", \"product_id\": "
                           "\"%04x\", \"device_type\": \"%s\"",
                           alias, (guint)row->vendor, (guint)row->product, type);
    if (nova->wish->with_placement)
        g_string_append_printf(nova->text, ", \"resource_class\": \"%s\"", class);
    if (trait != NULL)
        g_string_append_printf(nova->text, ", \"traits\": \"%s\"", trait);
    g_string_append(nova->text, " }\n");
}

static void
tool_export_nova_add_aliases(ToolNova *nova, GPtrArray *rows)
{
    g_string_append(nova->text, "\n# For nova-api too. Each takes any of the functions above that "
                                "are so.\n");
    for (guint i = 0; i < rows->len; i++)
        tool_export_nova_add_alias(nova, g_ptr_array_index(rows, i), NULL);
    if (!nova->wish->with_placement || !nova->wish->is_named)
        return;
    for (guint i = 0; i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);
        g_autofree char *fid = row->physical == NULL ? tool_export_get(row, "fid") : NULL;
        g_autofree char *trait = fid != NULL ? tool_export_nova_format_word("FID_", fid) : NULL;

        if (trait != NULL)
            tool_export_nova_add_alias(nova, row, trait);
    }
}

/* Returns (transfer full): of all functions, a physical one that has virtual functions is not
 * meant. */
static GPtrArray *
tool_export_nova_list(const ToolNova *nova)
{
    GPtrArray *rows = g_ptr_array_new();

    for (guint i = 0; i < nova->wish->chosen->len; i++) {
        ZpciRow *row = g_ptr_array_index(nova->wish->chosen, i);

        if (nova->wish->is_named || !tool_export_nova_has_virtual(row)) {
            g_ptr_array_add(rows, row);
            continue;
        }
        tool_export_nova_describe(nova->text, row);
        g_string_append(nova->text, "# is left out, as it has virtual functions.\n");
    }
    return rows;
}

static void
tool_export_nova_begin(ToolNova *nova)
{
    const ToolExport *wish = nova->wish;

    g_string_append(nova->text, "# For nova.conf of this compute node, by virt-zpci export nova.\n"
                                "[pci]\n");
    if (wish->with_placement)
        g_string_append(nova->text, "report_in_placement = true\n");
    for (guint i = 0; i < wish->chosen->len; i++) {
        g_autofree char *unique = tool_export_get(g_ptr_array_index(wish->chosen, i), "uid_unique");

        if (g_strcmp0(unique, "yes") == 0)
            continue;
        g_string_append(nova->text,
                        "# This host does not guarantee that UIDs are unique. So PCI addresses can "
                        "be others\n# after a restart: write these lines again then.\n");
        return;
    }
}

static void
tool_export_nova_index(ToolNova *nova, const ToolExport *wish, GString *text)
{
    nova->wish = wish;
    nova->text = text;
    nova->rows = g_hash_table_new(g_str_hash, g_str_equal);
    nova->chosen = g_hash_table_new(g_str_hash, g_str_equal);
    nova->traits = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    nova->aliases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < wish->host->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(wish->host->rows, i);

        if (row->address != NULL)
            g_hash_table_insert(nova->rows, row->address, row);
    }
}

static gboolean
tool_export_nova_write(const ToolExport *wish, GString *text, GError **error)
{
    g_auto(ToolNova) nova = { 0 };
    g_autoptr(GPtrArray) rows = NULL;

    tool_export_nova_index(&nova, wish, text);
    tool_export_nova_begin(&nova);
    rows = tool_export_nova_list(&nova);
    for (guint i = 0; i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);

        g_hash_table_add(nova.chosen, row->address);
        if (row->physical != NULL)
            tool_export_nova_agree(&nova, row);
    }
    for (guint i = 0; i < rows->len; i++) {
        if (!tool_export_nova_check(&nova, g_ptr_array_index(rows, i), error))
            return FALSE;
        tool_export_nova_add_spec(&nova, g_ptr_array_index(rows, i));
    }
    if (rows->len > 0)
        tool_export_nova_add_aliases(&nova, rows);
    return TRUE;
}

const ToolExportFormat tool_export_nova_format = {
    .name = "nova",
    .summary = N_("[pci] of OpenStack's nova.conf: device_spec by PCI address, and aliases"),
    .columns = "fid,uid,pchid,port,type,uid_unique,vendor",
    .write = tool_export_nova_write,
};
