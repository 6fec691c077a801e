/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "byte-reader.h"
#include "hex-text.h"
#include "tool.h"

#define CAPABILITY_HEADER_SIZE 8

static gboolean as_json;
static char *byte_order_name;

static const GOptionEntry entries[] = {
    { "byte-order", 'b', 0, G_OPTION_ARG_STRING, &byte_order_name,
      N_("Byte order of the reply; found out if not given"), "big|little|native" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
    G_OPTION_ENTRY_NULL,
};

/* 0 stands for "see for yourself". */
static gboolean
tool_decode_parse_byte_order(int *byte_order)
{
    if (byte_order_name == NULL)
        *byte_order = 0;
    else if (strcmp(byte_order_name, "big") == 0)
        *byte_order = G_BIG_ENDIAN;
    else if (strcmp(byte_order_name, "little") == 0)
        *byte_order = G_LITTLE_ENDIAN;
    else if (strcmp(byte_order_name, "native") == 0)
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
    g_autoptr(GByteArray) input = tool_read_file(path, HEX_TEXT_MAX_SIZE, error);
    GPtrArray *sections;
    HexSection *section;

    if (input == NULL)
        return NULL;
    if (input->len > 0 && memchr(input->data, '\0', input->len) == NULL)
        return hex_text_parse((const char *)input->data, input->len, error);

    sections = g_ptr_array_new_with_free_func(hex_section_free);
    section = g_new0(HexSection, 1);
    section->name = g_strdup("");
    section->bytes = g_steal_pointer(&input);
    g_ptr_array_add(sections, section);
    return sections;
}

static void
tool_decode_print_bytes(const guint8 *bytes, gsize size)
{
    g_autofree char *hex = hex_text_format(bytes, size);

    puts(hex);
}

static void
tool_decode_print_capability(const ZpciCapability *capability)
{
    printf(_("offset %u: %s, id %u, version %u, %u bytes%s\n"), capability->offset,
           capability->name != NULL ? capability->name : _("unknown capability"), capability->id,
           capability->version, capability->size,
           capability->duplicate ? _(" (duplicate, does not count)") : "");
    for (guint i = 0; i < capability->n_fields; i++) {
        const ZpciField *field = &capability->fields[i];

        printf("  %-16s ", field->name);
        if (field->bytes != NULL)
            tool_decode_print_bytes(field->bytes, field->width);
        else
            printf("0x%0*" PRIx64 "\n", (int)(2 * field->width), field->number);
    }
    if (capability->name == NULL) {
        printf("  %-16s ", "data");
        tool_decode_print_bytes(capability->data + CAPABILITY_HEADER_SIZE,
                                capability->size - CAPABILITY_HEADER_SIZE);
    }
}

static void
tool_decode_print_chain(const char *name, const ZpciChain *chain)
{
    const ZpciChainInfo *info = zpci_chain_get_info(chain);
    guint count;
    const ZpciCapability *capabilities = zpci_chain_get_capabilities(chain, &count);

    if (name[0] != '\0')
        printf("[%s]\n", name);
    printf("argsz %u, flags 0x%08x, num_regions %u, num_irqs %u, cap_offset %u\n", info->argsz,
           info->flags, info->num_regions, info->num_irqs, info->cap_offset);
    for (guint i = 0; i < count; i++)
        tool_decode_print_capability(&capabilities[i]);
    if (count == 0)
        puts(_("no capabilities"));
}

static void
tool_decode_add_number(JsonBuilder *builder, const char *name, guint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, (gint64)value);
}

static void
tool_decode_add_bytes(JsonBuilder *builder, const char *name, const guint8 *bytes, gsize size)
{
    g_autofree char *hex = hex_text_format(bytes, size);

    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, hex);
}

static void
tool_decode_add_fields(JsonBuilder *builder, const ZpciCapability *capability)
{
    json_builder_set_member_name(builder, "fields");
    json_builder_begin_object(builder);
    for (guint i = 0; i < capability->n_fields; i++) {
        const ZpciField *field = &capability->fields[i];
        g_autofree char *hex = NULL;

        if (field->bytes != NULL) {
            tool_decode_add_bytes(builder, field->name, field->bytes, field->width);
            continue;
        }
        hex = g_strdup_printf("0x%0*" PRIx64, (int)(2 * field->width), field->number);
        json_builder_set_member_name(builder, field->name);
        json_builder_add_string_value(builder, hex);
    }
    json_builder_end_object(builder);
}

static void
tool_decode_add_capability(JsonBuilder *builder, const ZpciCapability *capability)
{
    json_builder_begin_object(builder);
    tool_decode_add_number(builder, "offset", capability->offset);
    tool_decode_add_number(builder, "id", capability->id);
    tool_decode_add_number(builder, "version", capability->version);
    tool_decode_add_number(builder, "size", capability->size);
    json_builder_set_member_name(builder, "duplicate");
    json_builder_add_boolean_value(builder, capability->duplicate);
    if (capability->name != NULL) {
        json_builder_set_member_name(builder, "name");
        json_builder_add_string_value(builder, capability->name);
        tool_decode_add_fields(builder, capability);
    } else {
        tool_decode_add_bytes(builder, "data", capability->data + CAPABILITY_HEADER_SIZE,
                              capability->size - CAPABILITY_HEADER_SIZE);
    }
    json_builder_end_object(builder);
}

static void
tool_decode_add_chain(JsonBuilder *builder, const char *name, const ZpciChain *chain)
{
    const ZpciChainInfo *info = zpci_chain_get_info(chain);
    guint count;
    const ZpciCapability *capabilities = zpci_chain_get_capabilities(chain, &count);

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "section");
    json_builder_add_string_value(builder, name);
    tool_decode_add_number(builder, "argsz", info->argsz);
    tool_decode_add_number(builder, "flags", info->flags);
    tool_decode_add_number(builder, "num_regions", info->num_regions);
    tool_decode_add_number(builder, "num_irqs", info->num_irqs);
    tool_decode_add_number(builder, "cap_offset", info->cap_offset);
    json_builder_set_member_name(builder, "capabilities");
    json_builder_begin_array(builder);
    for (guint i = 0; i < count; i++)
        tool_decode_add_capability(builder, &capabilities[i]);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static void
tool_decode_free_chain(gpointer chain)
{
    zpci_chain_free(chain);
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
tool_decode_print_all(GPtrArray *sections, GPtrArray *chains)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_array(builder);
    for (guint i = 0; i < chains->len; i++) {
        const HexSection *section = g_ptr_array_index(sections, i);

        if (as_json)
            tool_decode_add_chain(builder, section->name, g_ptr_array_index(chains, i));
        else
            tool_decode_print_chain(section->name, g_ptr_array_index(chains, i));
    }
    json_builder_end_array(builder);
    if (as_json)
        tool_print_json(builder);
}

static ToolStatus
tool_decode_run(const char *root G_GNUC_UNUSED, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sections = NULL;
    g_autoptr(GPtrArray) chains = NULL;
    int byte_order;

    if (!tool_decode_parse_byte_order(&byte_order)) {
        fprintf(stderr, "virt-zpci: %s\n", _("--byte-order must be big, little or native."));
        return TOOL_USAGE;
    }
    sections = tool_decode_read_sections(arguments[0], &error);
    if (sections != NULL)
        chains = tool_decode_sections(sections, byte_order, &error);
    if (chains == NULL)
        return tool_fail(error);
    tool_decode_print_all(sections, chains);
    return TOOL_OK;
}

const ToolCommand tool_decode_command = {
    .name = "decode",
    .arguments = N_("FILE|-"),
    .summary = N_("Decode a reply of VFIO_DEVICE_GET_INFO"),
    .description = N_(
        "FILE holds a reply as the kernel wrote it, or as hexadecimal text with # comments;\n"
        "headings like [0005:00:00.0] part several replies. The byte order is that of the machine\n"
        "that wrote it; without --byte-order it is the one in which the size makes sense. Of a\n"
        "damaged reply nothing is printed but the offset and the reason, on standard error."),
    .entries = entries,
    .minimum = 1,
    .maximum = 1,
    .run = tool_decode_run,
};
