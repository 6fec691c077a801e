/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "byte-reader.h"
#include "hex-text.h"
#include "tool-chain.h"
#include "tool-file.h"
#include "tool.h"

typedef struct {
    gboolean as_json;
    char *byte_order_name;
} ToolDecodeOptions;

static const GOptionEntry entries[] = {
    { "byte-order", 'b', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolDecodeOptions, byte_order_name),
      N_("Byte order of the reply; detected by default"), "big|little|native" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolDecodeOptions, as_json), N_("Print JSON"),
      NULL },
    G_OPTION_ENTRY_NULL,
};

/* 0 stands for "see for yourself". */
static gboolean
tool_decode_parse_byte_order(const char *name, int *byte_order)
{
    if (name == NULL)
        *byte_order = 0;
    else if (strcmp(name, "big") == 0)
        *byte_order = G_BIG_ENDIAN;
    else if (strcmp(name, "little") == 0)
        *byte_order = G_LITTLE_ENDIAN;
    else if (strcmp(name, "native") == 0)
        *byte_order = G_BYTE_ORDER;
    else
        return FALSE;
    return TRUE;
}

/* A reply begins with its size, which is at most 64 KiB, so only one order makes sense. */
static int
tool_decode_guess_byte_order(const GByteArray *reply)
{
    ByteReader reader = { reply->data, reply->len, G_BIG_ENDIAN };
    guint64 argsz = 0;

    byte_reader_number(&reader, 0, 4, "argsz", &argsz, NULL);
    return argsz <= G_MAXUINT16 ? G_BIG_ENDIAN : G_LITTLE_ENDIAN;
}

/* A reply in binary form always has a zero byte in its size; text never has one. */
static GPtrArray *
tool_decode_read_sections(const char *path, GError **error)
{
    gsize size = 0;
    g_autofree char *input = tool_file_read(path, HEX_TEXT_MAX_SIZE, &size, error);
    GPtrArray *sections;
    HexSection *section;

    if (input == NULL)
        return NULL;
    if (strlen(input) == size)
        return hex_text_parse(input, size, error);

    sections = g_ptr_array_new_with_free_func(hex_section_free);
    section = g_new0(HexSection, 1);
    section->name = g_strdup("");
    section->bytes = g_byte_array_new_take((guint8 *)g_steal_pointer(&input), size);
    g_ptr_array_add(sections, section);
    return sections;
}

static void
tool_decode_free_chain(gpointer chain)
{
    zpci_chain_unref(chain);
}

static GPtrArray *
tool_decode_sections(GPtrArray *sections, int byte_order, GError **error)
{
    g_autoptr(GPtrArray) chains = g_ptr_array_new_with_free_func(tool_decode_free_chain);

    for (guint i = 0; i < sections->len; i++) {
        const HexSection *section = g_ptr_array_index(sections, i);
        int order = byte_order != 0 ? byte_order : tool_decode_guess_byte_order(section->bytes);
        ZpciChain *chain =
            zpci_chain_decode(section->bytes->data, section->bytes->len, order, error);

        if (chain == NULL) {
            if (section->name[0] != '\0')
                g_prefix_error(error, "[%s] ", section->name);
            return NULL;
        }
        g_ptr_array_add(chains, chain);
    }
    return g_steal_pointer(&chains);
}

static void
tool_decode_print_all(GPtrArray *sections, GPtrArray *chains, gboolean as_json)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_array(builder);
    for (guint i = 0; i < chains->len; i++) {
        const HexSection *section = g_ptr_array_index(sections, i);

        if (as_json)
            tool_chain_add_json(builder, section->name, g_ptr_array_index(chains, i));
        else
            tool_chain_print(section->name, g_ptr_array_index(chains, i));
    }
    json_builder_end_array(builder);
    if (as_json)
        tool_print_json(builder);
}

static ToolStatus
tool_decode_run(const char *root G_GNUC_UNUSED, gconstpointer values, char **arguments)
{
    const ToolDecodeOptions *options = values;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sections = NULL;
    g_autoptr(GPtrArray) chains = NULL;
    int byte_order;

    if (!tool_decode_parse_byte_order(options->byte_order_name, &byte_order)) {
        fprintf(stderr, "virt-zpci: %s\n", _("--byte-order must be big, little or native."));
        return TOOL_USAGE;
    }
    sections = tool_decode_read_sections(arguments[0], &error);
    if (sections != NULL)
        chains = tool_decode_sections(sections, byte_order, &error);
    if (chains == NULL)
        return tool_fail(error);
    tool_decode_print_all(sections, chains, options->as_json);
    return TOOL_OK;
}

const ToolCommand tool_decode_command = {
    .name = "decode",
    .arguments = N_("FILE|-"),
    .summary = N_("Decode a reply of VFIO_DEVICE_GET_INFO"),
    .description =
        N_("FILE has a reply as the kernel wrote it, or as hexadecimal text with # comments;\n"
           "headings like [0005:00:00.0] separate several replies. The byte order is that of the\n"
           "machine that wrote it; by default it is the one in which the size makes sense. If a "
           "reply\n"
           "is damaged, only the offset and the reason are printed, on standard error."),
    .options = { { entries, 0 } },
    .options_size = sizeof(ToolDecodeOptions),
    .minimum = 1,
    .maximum = 1,
    .run = tool_decode_run,
};
