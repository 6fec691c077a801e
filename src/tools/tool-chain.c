/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-chain.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <stdio.h>

#include "hex-text.h"
#include "tool-json.h"

/* A capability's id, version and link, in front of its fields. */
#define CAPABILITY_HEADER_SIZE 8

/* The bytes of a field that is a string, else what its number looks like. */
static char *
tool_chain_format_field(const ZpciCapability *capability, guint index)
{
    guint width = zpci_capability_get_field_width(capability, index);
    guint64 number;
    const guint8 *bytes;
    gsize size;

    if (zpci_capability_get_field_number(capability, index, &number))
        return g_strdup_printf("0x%0*" PRIx64, (int)(2 * width), number);
    bytes = zpci_capability_get_field_bytes(capability, index, &size);
    return hex_text_format(bytes, size);
}

static char *
tool_chain_format_data(const ZpciCapability *capability)
{
    gsize size;
    const guint8 *data = zpci_capability_get_data(capability, &size);

    return hex_text_format(data + CAPABILITY_HEADER_SIZE, size - CAPABILITY_HEADER_SIZE);
}

static guint
tool_chain_get_size(const ZpciCapability *capability)
{
    gsize size;

    zpci_capability_get_data(capability, &size);
    return (guint)size;
}

static void
tool_chain_print_capability(const ZpciCapability *capability)
{
    const char *name = zpci_capability_get_name(capability);

    printf(_("offset %u: %s, id %u, version %u, %u bytes%s\n"),
           zpci_capability_get_offset(capability), name != NULL ? name : _("unknown capability"),
           zpci_capability_get_id(capability), zpci_capability_get_version(capability),
           tool_chain_get_size(capability),
           zpci_capability_is_duplicate(capability) ? _(" (duplicate, does not count)") : "");
    for (guint i = 0; i < zpci_capability_count_fields(capability); i++) {
        g_autofree char *text = tool_chain_format_field(capability, i);

        printf("  %-16s %s\n", zpci_capability_get_field_name(capability, i), text);
    }
    if (name == NULL) {
        g_autofree char *data = tool_chain_format_data(capability);

        printf("  %-16s %s\n", "data", data);
    }
}

void
tool_chain_print(const char *name, const ZpciChain *chain)
{
    guint count = zpci_chain_count_capabilities(chain);

    if (name[0] != '\0')
        printf("[%s]\n", name);
    printf("argsz %u, flags 0x%08x, num_regions %u, num_irqs %u, cap_offset %u\n",
           zpci_chain_get_argsz(chain), zpci_chain_get_flags(chain),
           zpci_chain_get_num_regions(chain), zpci_chain_get_num_irqs(chain),
           zpci_chain_get_cap_offset(chain));
    for (guint i = 0; i < count; i++)
        tool_chain_print_capability(zpci_chain_get_capability(chain, i));
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
tool_chain_add_fields(JsonBuilder *builder, const ZpciCapability *capability)
{
    json_builder_set_member_name(builder, "fields");
    json_builder_begin_object(builder);
    for (guint i = 0; i < zpci_capability_count_fields(capability); i++) {
        g_autofree char *text = tool_chain_format_field(capability, i);

        tool_json_add_text(builder, zpci_capability_get_field_name(capability, i), text);
    }
    json_builder_end_object(builder);
}

static void
tool_chain_add_capability(JsonBuilder *builder, const ZpciCapability *capability)
{
    const char *name = zpci_capability_get_name(capability);

    json_builder_begin_object(builder);
    tool_chain_add_number(builder, "offset", zpci_capability_get_offset(capability));
    tool_chain_add_number(builder, "id", zpci_capability_get_id(capability));
    tool_chain_add_number(builder, "version", zpci_capability_get_version(capability));
    tool_chain_add_number(builder, "size", tool_chain_get_size(capability));
    json_builder_set_member_name(builder, "duplicate");
    json_builder_add_boolean_value(builder, zpci_capability_is_duplicate(capability));
    if (name != NULL) {
        tool_json_add_text(builder, "name", name);
        tool_chain_add_fields(builder, capability);
    } else {
        g_autofree char *data = tool_chain_format_data(capability);

        tool_json_add_text(builder, "data", data);
    }
    json_builder_end_object(builder);
}

void
tool_chain_add_json(JsonBuilder *builder, const char *name, const ZpciChain *chain)
{
    json_builder_begin_object(builder);
    tool_json_add_text(builder, "section", name);
    tool_chain_add_number(builder, "argsz", zpci_chain_get_argsz(chain));
    tool_chain_add_number(builder, "flags", zpci_chain_get_flags(chain));
    tool_chain_add_number(builder, "num_regions", zpci_chain_get_num_regions(chain));
    tool_chain_add_number(builder, "num_irqs", zpci_chain_get_num_irqs(chain));
    tool_chain_add_number(builder, "cap_offset", zpci_chain_get_cap_offset(chain));
    json_builder_set_member_name(builder, "capabilities");
    json_builder_begin_array(builder);
    for (guint i = 0; i < zpci_chain_count_capabilities(chain); i++)
        tool_chain_add_capability(builder, zpci_chain_get_capability(chain, i));
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}
