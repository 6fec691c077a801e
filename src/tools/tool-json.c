/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-json.h"

#include "tool.h"

/* The version of what is printed: it grows when a program that reads it has to change. */
#define TOOL_JSON_VERSION 1

static void
tool_json_add_value(JsonBuilder *builder, const ZpciColumn *column, const char *value)
{
    g_autofree char *valid = g_utf8_make_valid(value, -1);

    switch (column->type) {
    case ZPCI_COLUMN_NUMBER:
        json_builder_add_int_value(builder, (gint64)g_ascii_strtoull(value, NULL, 10));
        break;
    case ZPCI_COLUMN_YES_NO:
        json_builder_add_boolean_value(builder, g_str_equal(value, "yes"));
        break;
    case ZPCI_COLUMN_TEXT:
    case ZPCI_COLUMN_TEXTS:
    case ZPCI_COLUMN_HEX:
    default:
        json_builder_add_string_value(builder, valid);
        break;
    }
}

void
tool_json_add_values(JsonBuilder *builder, const ZpciColumn *column, const ZpciRow *row)
{
    g_auto(GStrv) values = zpci_column_get(column, row);

    if (values == NULL || (values[0] == NULL && column->type != ZPCI_COLUMN_TEXTS)) {
        json_builder_add_null_value(builder);
        return;
    }
    if (column->type != ZPCI_COLUMN_TEXTS) {
        tool_json_add_value(builder, column, values[0]);
        return;
    }
    json_builder_begin_array(builder);
    for (guint i = 0; values[i] != NULL; i++)
        tool_json_add_value(builder, column, values[i]);
    json_builder_end_array(builder);
}

void
tool_json_add_column(JsonBuilder *builder, const char *name, const ZpciRow *row)
{
    json_builder_set_member_name(builder, name);
    tool_json_add_values(builder, zpci_column_find(name), row);
}

void
tool_json_add_columns(JsonBuilder *builder, const GPtrArray *columns, const ZpciRow *row)
{
    for (guint i = 0; i < columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(columns, i);

        json_builder_set_member_name(builder, column->name);
        tool_json_add_values(builder, column, row);
    }
}

void
tool_json_add_text(JsonBuilder *builder, const char *name, const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

    if (valid == NULL)
        return;
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, valid);
}

static void
tool_json_add_provenance(JsonBuilder *builder, const ZpciTable *table, const ZpciRow *row)
{
    json_builder_set_member_name(builder, "provenance");
    json_builder_begin_object(builder);
    for (guint i = 0; i < table->columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(table->columns, i);
        g_autofree char *source = zpci_column_get_source(column, row);

        tool_json_add_text(builder, column->name, source);
    }
    json_builder_end_object(builder);
}

static void
tool_json_add_missing(JsonBuilder *builder, const ZpciTable *table, const ZpciRow *row)
{
    json_builder_set_member_name(builder, "missing");
    json_builder_begin_object(builder);
    for (guint i = 0; i < table->columns->len; i++) {
        const ZpciColumn *column = g_ptr_array_index(table->columns, i);

        tool_json_add_text(builder, column->name, zpci_column_get_reason(column, row));
    }
    json_builder_end_object(builder);
}

static void
tool_json_add_warnings(JsonBuilder *builder, const ZpciRow *row)
{
    const char *const *warnings = zpci_function_get_warnings(row->function);

    json_builder_set_member_name(builder, "warnings");
    json_builder_begin_array(builder);
    for (; *warnings != NULL; warnings++)
        json_builder_add_string_value(builder, *warnings);
    json_builder_end_array(builder);
}

void
tool_json_add_row(JsonBuilder *builder, const ZpciTable *table, const ZpciRow *row,
                  gboolean with_sources)
{
    json_builder_begin_object(builder);
    tool_json_add_columns(builder, table->columns, row);
    if (with_sources) {
        tool_json_add_provenance(builder, table, row);
        tool_json_add_missing(builder, table, row);
        tool_json_add_warnings(builder, row);
    }
    json_builder_end_object(builder);
}

void
tool_json_begin(JsonBuilder *builder)
{
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "version");
    json_builder_add_int_value(builder, TOOL_JSON_VERSION);
}

void
tool_json_begin_list(JsonBuilder *builder, const char *name)
{
    tool_json_begin(builder);
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
}

void
tool_json_print_list(JsonBuilder *builder)
{
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    tool_print_json(builder);
}

void
tool_json_print_table(const ZpciTable *table, gboolean with_sources)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    tool_json_begin_list(builder, "functions");
    for (guint i = 0; i < table->rows->len; i++)
        tool_json_add_row(builder, table, g_ptr_array_index(table->rows, i), with_sources);
    tool_json_print_list(builder);
}
