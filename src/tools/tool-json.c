/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-json.h"

static void
tool_json_add_string(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, value);
}

static void
tool_json_add_fact(JsonBuilder *builder, const ZpciFunction *function, ZpciFact fact,
                   const char *name)
{
    const ZpciFactInfo *info = zpci_fact_get_info(fact);
    g_autofree char *text = NULL;
    guint64 value;

    if (!zpci_function_get(function, fact, &value))
        return;
    json_builder_set_member_name(builder, name);
    text = zpci_fact_format(fact, value);
    if (info->format == ZPCI_FORMAT_YES_NO)
        json_builder_add_boolean_value(builder, value != 0);
    else if (info->format == ZPCI_FORMAT_DECIMAL)
        json_builder_add_int_value(builder, (gint64)value);
    else
        json_builder_add_string_value(builder, text);
    if (fact == ZPCI_FACT_PFT && zpci_pft_get_name(value) != NULL)
        tool_json_add_string(builder, "type", zpci_pft_get_name(value));
}

static void
tool_json_add_facts(JsonBuilder *builder, const ZpciFunction *function, const char *element)
{
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    for (guint i = 0; i < n_facts; i++) {
        const ZpciFactInfo *info = zpci_fact_get_info(facts[i]);

        if (g_strcmp0(info->element, element) == 0)
            tool_json_add_fact(builder, function, facts[i],
                               info->name[0] != '\0' ? info->name : info->element);
    }
}

static void
tool_json_add_element(JsonBuilder *builder, const ZpciFunction *function, const char *element)
{
    json_builder_set_member_name(builder, element);
    json_builder_begin_object(builder);
    tool_json_add_facts(builder, function, element);
    json_builder_end_object(builder);
}

/* Whether QEMU made the group is no fact of its own: the group's number tells it. */
static void
tool_json_add_group(JsonBuilder *builder, const ZpciFunction *function)
{
    guint64 pfgid;

    json_builder_set_member_name(builder, "group");
    json_builder_begin_object(builder);
    if (zpci_function_get(function, ZPCI_FACT_PFGID, &pfgid)) {
        json_builder_set_member_name(builder, "simulated");
        json_builder_add_boolean_value(builder, pfgid >= ZPCI_PFGID_SIMULATED);
    }
    tool_json_add_facts(builder, function, "group");
    json_builder_end_object(builder);
}

static void
tool_json_add_util(JsonBuilder *builder, const ZpciFunction *function)
{
    const guint8 *util = zpci_function_get_util(function, NULL);
    g_autofree char *text = zpci_function_get_util_text(function);
    GString *hex;

    if (util == NULL)
        return;
    hex = g_string_new(NULL);
    for (guint i = 0; i < ZPCI_UTIL_SIZE; i++)
        g_string_append_printf(hex, "%02x", util[i]);
    json_builder_set_member_name(builder, "util");
    json_builder_begin_object(builder);
    tool_json_add_string(builder, "text", text);
    tool_json_add_string(builder, "hex", hex->str);
    json_builder_end_object(builder);
    g_string_free(hex, TRUE);
}

char *
tool_json_get_path(ZpciFact fact)
{
    const ZpciFactInfo *info = zpci_fact_get_info(fact);

    if (info->element == NULL || info->element[0] == '\0')
        return g_strdup(info->name);
    return info->name[0] == '\0' ? g_strdup(info->element)
                                 : g_strconcat(info->element, ".", info->name, NULL);
}

const char *
tool_json_get_state(const ZpciFunction *function)
{
    return zpci_function_is_standby(function) ? "standby" : "configured";
}

static void
tool_json_add_provenance(JsonBuilder *builder, const ZpciFunction *function)
{
    ZpciSource util_source;
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    json_builder_set_member_name(builder, "provenance");
    json_builder_begin_object(builder);
    for (guint i = 0; i < n_facts; i++) {
        g_autofree char *path = tool_json_get_path(facts[i]);
        const char *source = zpci_source_get_name(zpci_function_get_source(function, facts[i]));

        if (source != NULL)
            tool_json_add_string(builder, path, source);
    }
    if (zpci_function_get_util(function, &util_source) != NULL)
        tool_json_add_string(builder, "util", zpci_source_get_name(util_source));
    json_builder_end_object(builder);
}

static void
tool_json_add_missing(JsonBuilder *builder, const ZpciFunction *function)
{
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    json_builder_set_member_name(builder, "missing");
    json_builder_begin_object(builder);
    for (guint i = 0; i < n_facts; i++) {
        g_autofree char *path = tool_json_get_path(facts[i]);
        const char *reason = zpci_function_get_reason(function, facts[i]);

        if (reason != NULL)
            tool_json_add_string(builder, path, reason);
    }
    json_builder_end_object(builder);
}

static void
tool_json_add_warnings(JsonBuilder *builder, const ZpciFunction *function)
{
    const char *const *warnings = zpci_function_get_warnings(function);

    json_builder_set_member_name(builder, "warnings");
    json_builder_begin_array(builder);
    for (; *warnings != NULL; warnings++)
        json_builder_add_string_value(builder, *warnings);
    json_builder_end_array(builder);
}

void
tool_json_add_function(JsonBuilder *builder, const char *name, const ZpciFunction *function)
{
    json_builder_begin_object(builder);
    tool_json_add_string(builder, "name", name);
    tool_json_add_string(builder, "state", tool_json_get_state(function));
    tool_json_add_facts(builder, function, "");
    tool_json_add_element(builder, function, "function");
    tool_json_add_element(builder, function, "dma");
    tool_json_add_group(builder, function);
    tool_json_add_util(builder, function);
    tool_json_add_facts(builder, function, "pfip");
    tool_json_add_facts(builder, function, NULL);
    tool_json_add_provenance(builder, function);
    tool_json_add_missing(builder, function);
    tool_json_add_warnings(builder, function);
    json_builder_end_object(builder);
}
