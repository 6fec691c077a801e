/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "hex-text.h"
#include "tool-chain.h"
#include "tool-name.h"
#include "tool.h"

#define BYTES_PER_LINE 16

typedef struct {
    gboolean again;
    gboolean as_json;
    gboolean as_raw;
} ToolProbeOptions;

static const GOptionEntry entries[] = {
    { "again", 'a', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolProbeOptions, again),
      N_("Open the function even if its chain has been read since it was bound"), NULL },
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolProbeOptions, as_json), N_("Print JSON"),
      NULL },
    { "raw", 'r', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolProbeOptions, as_raw),
      N_("Print the bytes, for \"virt-zpci decode\" or a report"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* @as_section: with a heading, without which decode would take all for one reply */
static void
tool_probe_print_raw(const char *name, const GByteArray *reply, gboolean as_section)
{
    if (as_section)
        printf("[%s]\n", name);
    printf("# VFIO_DEVICE_GET_INFO of %s\n", name);
    for (guint i = 0; i < reply->len; i += BYTES_PER_LINE) {
        g_autofree char *hex =
            hex_text_format(reply->data + i, MIN(BYTES_PER_LINE, reply->len - i));

        puts(hex);
    }
}

/* Adds what is printed as JSON to @builder, prints all else. */
static gboolean
tool_probe_show(const ToolProbeOptions *options, ZpciInventory *inventory, const char *name,
                JsonBuilder *builder, gboolean are_several, GError **error)
{
    g_autoptr(GByteArray) reply = zpci_inventory_probe(inventory, name, options->again, error);
    g_autoptr(ZpciChain) chain = NULL;

    if (reply == NULL)
        return FALSE;
    if (options->as_raw) {
        tool_probe_print_raw(name, reply, are_several);
        return TRUE;
    }
    chain =
        zpci_chain_decode(reply->data, reply->len, zpci_inventory_get_byte_order(inventory), error);
    if (chain == NULL)
        return FALSE;
    if (options->as_json)
        tool_chain_add_json(builder, name, chain);
    else
        tool_chain_print(name, chain);
    return TRUE;
}

/* One that fails does not keep the others from being asked. */
static ToolStatus
tool_probe_show_each(const ToolProbeOptions *options, ZpciInventory *inventory, char **names)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    gboolean are_several = names[0] != NULL && names[1] != NULL;
    ToolStatus status = TOOL_OK;

    if (are_several)
        json_builder_begin_array(builder);
    for (; *names != NULL; names++) {
        g_autoptr(GError) error = NULL;

        if (!tool_probe_show(options, inventory, *names, builder, are_several, &error))
            status = tool_fail(error);
    }
    if (are_several)
        json_builder_end_array(builder);
    if (options->as_json && (are_several || status == TOOL_OK))
        tool_print_json(builder);
    return status;
}

static ToolStatus
tool_probe_run(const char *root, gconstpointer values, char **arguments)
{
    const ToolProbeOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciInventory) inventory = NULL;
    g_auto(GStrv) names = NULL;

    if (options->as_raw && options->as_json) {
        fprintf(stderr, "virt-zpci: %s\n", _("--raw and --json exclude each other."));
        return TOOL_USAGE;
    }
    inventory = tool_open_inventory(root, &error);
    if (inventory != NULL)
        names = tool_name_resolve_each(inventory, arguments, &error);
    return names != NULL ? tool_probe_show_each(options, inventory, names) : tool_fail(error);
}

const ToolCommand tool_probe_command = {
    .name = "probe",
    .arguments = N_("NAME…"),
    .summary = N_("Print the capability chains of VFIO-bound functions"),
    .description = N_(
        "If the chain has been read since the function was bound, the command prints what was\n"
        "kept and opens nothing. Otherwise it opens the function. Opening a function enables and\n"
        "resets it, closing resets it again, and a guest that starts with it at that moment\n"
        "fails: use this for functions that nobody uses. A function in use is left alone.\n"
        "The chain is kept until the function is unbound; the other commands and virtzpcid show\n"
        "it, too.\n\n"
        "NAME is as for \"virt-zpci dumpxml\". Usually only root may do this."),
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolProbeOptions),
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = -1,
    .run = tool_probe_run,
};
