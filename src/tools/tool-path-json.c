/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-path-json.h"

#include "tool-columns.h"
#include "tool-json.h"
#include "tool.h"

/* Adds what the two share to the current object. */
static void
tool_path_json_add_answers(JsonBuilder *builder, const ToolPath *path)
{
    tool_json_add_text(builder, "card", tool_path_get_answer_name(path->card));
    tool_json_add_text(builder, "port", tool_path_get_answer_name(path->port));
    tool_json_add_text(builder, "path", tool_path_get_answer_name(path->path));
    json_builder_set_member_name(builder, "same_segments");
    if (path->path == TOOL_PATH_UNKNOWN) {
        json_builder_add_null_value(builder);
    } else {
        json_builder_begin_array(builder);
        for (guint i = 0; i < TOOL_PATH_SEGMENTS; i++) {
            if (path->segments[i])
                json_builder_add_int_value(builder, i);
        }
        json_builder_end_array(builder);
    }
    tool_json_add_text(builder, "verdict", tool_path_get_answer_name(tool_path_judge(path)));
}

/* Begins an object for @row, with its columns. */
static void
tool_path_json_begin_function(JsonBuilder *builder, const ZpciRow *row)
{
    g_autoptr(GPtrArray) columns = tool_columns_parse(TOOL_PATH_JSON_COLUMNS, NULL, NULL);

    if (row->host != NULL)
        tool_columns_add_host(columns);
    json_builder_begin_object(builder);
    tool_json_add_columns(builder, columns, row);
}

/* @place: "first" or "second" */
static void
tool_path_json_add_function(JsonBuilder *builder, const char *place, const ZpciRow *row)
{
    g_autofree char *member = g_strconcat(place, "_host", NULL);

    tool_json_add_text(builder, place, row->name);
    if (row->host == NULL)
        return;
    json_builder_set_member_name(builder, member);
    tool_json_add_values(builder, zpci_column_find("host"), row);
}

void
tool_path_json_print(const GPtrArray *rows, const GArray *pairs, ToolPathAnswer verdict)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    tool_json_begin_list(builder, "functions");
    for (guint i = 0; i < rows->len; i++) {
        tool_path_json_begin_function(builder, g_ptr_array_index(rows, i));
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_set_member_name(builder, "pairs");
    json_builder_begin_array(builder);
    for (guint i = 0; i < pairs->len; i++) {
        const ToolPath *path = &g_array_index(pairs, ToolPath, i);

        json_builder_begin_object(builder);
        tool_path_json_add_function(builder, "first", path->first);
        tool_path_json_add_function(builder, "second", path->second);
        tool_path_json_add_answers(builder, path);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    tool_json_add_text(builder, "verdict", tool_path_get_answer_name(verdict));
    json_builder_end_object(builder);
    tool_print_json(builder);
}

void
tool_path_json_print_partners(const ZpciRow *row, const GArray *partners)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    tool_json_begin(builder);
    json_builder_set_member_name(builder, "function");
    tool_path_json_begin_function(builder, row);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "partners");
    json_builder_begin_array(builder);
    for (guint i = 0; i < partners->len; i++) {
        const ToolPath *path = &g_array_index(partners, ToolPath, i);

        tool_path_json_begin_function(builder, path->second);
        tool_path_json_add_answers(builder, path);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    tool_print_json(builder);
}
