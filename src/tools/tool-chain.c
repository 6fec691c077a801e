/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-chain.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <stdio.h>

#include "hex-text.h"

/* A capability's id, version and link, in front of its fields. */
#define CAPABILITY_HEADER_SIZE 8

static void
tool_chain_print_bytes(const guint8 *bytes, gsize size)
{
    g_autofree char *hex = hex_text_format(bytes, size);

    puts(hex);
}

static void
tool_chain_print_capability(const ZpciCapability *capability)
{
    printf(_("offset %u: %s, id %u, version %u, %u bytes%s\n"), capability->offset,
           capability->name != NULL ? capability->name : _("unknown capability"), capability->id,
           capability->version, capability->size,
           capability->duplicate ? _(" (duplicate, does not count)") : "");
    for (guint i = 0; i < capability->n_fields; i++) {
        const ZpciField *field = &capability->fields[i];

        printf("  %-16s ", field->name);
        if (field->bytes != NULL)
            tool_chain_print_bytes(field->bytes, field->width);
        else
            printf("0x%0*" PRIx64 "\n", (int)(2 * field->width), field->number);
    }
    if (capability->name == NULL) {
        printf("  %-16s ", "data");
        tool_chain_print_bytes(capability->data + CAPABILITY_HEADER_SIZE,
                               capability->size - CAPABILITY_HEADER_SIZE);
    }
}

void
tool_chain_print(const char *name, const ZpciChain *chain)
{
    const ZpciChainInfo *info = zpci_chain_get_info(chain);
    guint count;
    const ZpciCapability *capabilities = zpci_chain_get_capabilities(chain, &count);

    if (name[0] != '\0')
        printf("[%s]\n", name);
    printf("argsz %u, flags 0x%08x, num_regions %u, num_irqs %u, cap_offset %u\n", info->argsz,
           info->flags, info->num_regions, info->num_irqs, info->cap_offset);
    for (guint i = 0; i < count; i++)
        tool_chain_print_capability(&capabilities[i]);
    if (count == 0)
        puts(_("no capabilities"));
}

static void
tool_chain_add_number(JsonBuilder *builder, const char *name, guint64 value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, (gint64)value);
}

static void
tool_chain_add_bytes(JsonBuilder *builder, const char *name, const guint8 *bytes, gsize size)
{
    g_autofree char *hex = hex_text_format(bytes, size);

    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, hex);
}

static void
tool_chain_add_fields(JsonBuilder *builder, const ZpciCapability *capability)
{
    json_builder_set_member_name(builder, "fields");
    json_builder_begin_object(builder);
    for (guint i = 0; i < capability->n_fields; i++) {
        const ZpciField *field = &capability->fields[i];
        g_autofree char *hex = NULL;

        if (field->bytes != NULL) {
            tool_chain_add_bytes(builder, field->name, field->bytes, field->width);
            continue;
        }
        hex = g_strdup_printf("0x%0*" PRIx64, (int)(2 * field->width), field->number);
        json_builder_set_member_name(builder, field->name);
        json_builder_add_string_value(builder, hex);
    }
    json_builder_end_object(builder);
}

static void
tool_chain_add_capability(JsonBuilder *builder, const ZpciCapability *capability)
{
    json_builder_begin_object(builder);
    tool_chain_add_number(builder, "offset", capability->offset);
    tool_chain_add_number(builder, "id", capability->id);
    tool_chain_add_number(builder, "version", capability->version);
    tool_chain_add_number(builder, "size", capability->size);
    json_builder_set_member_name(builder, "duplicate");
    json_builder_add_boolean_value(builder, capability->duplicate);
    if (capability->name != NULL) {
        json_builder_set_member_name(builder, "name");
        json_builder_add_string_value(builder, capability->name);
        tool_chain_add_fields(builder, capability);
    } else {
        tool_chain_add_bytes(builder, "data", capability->data + CAPABILITY_HEADER_SIZE,
                             capability->size - CAPABILITY_HEADER_SIZE);
    }
    json_builder_end_object(builder);
}

void
tool_chain_add_json(JsonBuilder *builder, const char *name, const ZpciChain *chain)
{
    const ZpciChainInfo *info = zpci_chain_get_info(chain);
    guint count;
    const ZpciCapability *capabilities = zpci_chain_get_capabilities(chain, &count);

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "section");
    json_builder_add_string_value(builder, name);
    tool_chain_add_number(builder, "argsz", info->argsz);
    tool_chain_add_number(builder, "flags", info->flags);
    tool_chain_add_number(builder, "num_regions", info->num_regions);
    tool_chain_add_number(builder, "num_irqs", info->num_irqs);
    tool_chain_add_number(builder, "cap_offset", info->cap_offset);
    json_builder_set_member_name(builder, "capabilities");
    json_builder_begin_array(builder);
    for (guint i = 0; i < count; i++)
        tool_chain_add_capability(builder, &capabilities[i]);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}
