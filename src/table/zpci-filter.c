/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-filter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "number.h"
#include "text-quote.h"
#include "zpci-error.h"

/* Digits of a hexadecimal value that is no fact. */
#define HEX_DIGITS 4

typedef enum {
    FILTER_AND,
    FILTER_OR,
    FILTER_NOT,
    FILTER_IS_SET,
    FILTER_EQUAL,
    FILTER_UNEQUAL,
    FILTER_LESS,
    FILTER_LESS_EQUAL,
    FILTER_GREATER,
    FILTER_GREATER_EQUAL,
    FILTER_LIKE,
    FILTER_UNLIKE,
} FilterKind;

/* @left, @right: of and, or, not; the others have @column, and all of these but is-set a @value,
 * which is also a @number if the column has numbers, or an @expression. */
typedef struct _FilterNode FilterNode;
struct _FilterNode {
    FilterKind kind;
    FilterNode *left;
    FilterNode *right;
    const ZpciColumn *column;
    char *value;
    guint64 number;
    GRegex *expression;
};

struct _ZpciFilter {
    FilterNode *root;
    GPtrArray *columns;
};

/* Words and signs mean the same, as in util-linux. */
static const struct {
    const char *word;
    FilterKind kind;
} operators[] = {
    { "==", FILTER_EQUAL },      { "=~", FILTER_LIKE },       { "!=", FILTER_UNEQUAL },
    { "!~", FILTER_UNLIKE },     { "<=", FILTER_LESS_EQUAL }, { ">=", FILTER_GREATER_EQUAL },
    { "=", FILTER_EQUAL },       { "<", FILTER_LESS },        { ">", FILTER_GREATER },
    { "eq", FILTER_EQUAL },      { "ne", FILTER_UNEQUAL },    { "lt", FILTER_LESS },
    { "le", FILTER_LESS_EQUAL }, { "gt", FILTER_GREATER },    { "ge", FILTER_GREATER_EQUAL },
};

/* @text: what is left of it; @depth: how deep we are in it */
typedef struct {
    const char *text;
    GPtrArray *columns;
    guint depth;
    GError **error;
} FilterParser;

static void
zpci_filter_free_node(FilterNode *node)
{
    if (node == NULL)
        return;
    zpci_filter_free_node(node->left);
    zpci_filter_free_node(node->right);
    g_free(node->value);
    g_clear_pointer(&node->expression, g_regex_unref);
    g_free(node);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FilterNode, zpci_filter_free_node)

static FilterNode *
zpci_filter_make_node(FilterKind kind, FilterNode *left, FilterNode *right)
{
    FilterNode *node = g_new0(FilterNode, 1);

    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

/* Returns: NULL, as what calls it does. */
static FilterNode *
zpci_filter_complain(const FilterParser *parser, const char *expected)
{
    g_autofree char *quoted = text_quote(parser->text);

    if (parser->text[0] == '\0')
        g_set_error(parser->error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The filter ends where %s is expected."), expected);
    else
        g_set_error(parser->error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The filter has %s where %s is expected."), quoted, expected);
    return NULL;
}

static void
zpci_filter_skip_blanks(FilterParser *parser)
{
    while (g_ascii_isspace(*parser->text))
        parser->text++;
}

static gboolean
zpci_filter_is_of_word(char c)
{
    return c != '\0' && !g_ascii_isspace(c) && strchr("()=!<>&|\"'", c) == NULL;
}

/* Whether @word stands next; if so it is behind us. A word of letters ends where letters end. */
static gboolean
zpci_filter_take(FilterParser *parser, const char *word)
{
    gsize length = strlen(word);

    zpci_filter_skip_blanks(parser);
    if (g_ascii_strncasecmp(parser->text, word, length) != 0 ||
        (g_ascii_isalpha(word[0]) && zpci_filter_is_of_word(parser->text[length])))
        return FALSE;
    parser->text += length;
    return TRUE;
}

/* Returns (transfer full) (nullable): a word, or what stands in quotes. */
static char *
zpci_filter_take_word(FilterParser *parser)
{
    const char *begin, *end;

    zpci_filter_skip_blanks(parser);
    begin = end = parser->text;
    if (*begin == '"' || *begin == '\'') {
        end = strchr(begin + 1, *begin);
        if (end == NULL)
            return NULL;
        parser->text = end + 1;
        return g_strndup(begin + 1, (gsize)(end - begin - 1));
    }
    while (zpci_filter_is_of_word(*end))
        end++;
    parser->text = end;
    return end > begin ? g_strndup(begin, (gsize)(end - begin)) : NULL;
}

static const ZpciColumn *
zpci_filter_take_column(FilterParser *parser)
{
    const char *begin = parser->text;
    g_autofree char *word = zpci_filter_take_word(parser);
    const ZpciColumn *column = word != NULL ? zpci_column_find(word) : NULL;

    if (column != NULL) {
        g_ptr_array_add(parser->columns, (gpointer)column);
        return column;
    }
    parser->text = begin;
    zpci_filter_skip_blanks(parser);
    zpci_filter_complain(parser, _("the name of a column"));
    return NULL;
}

/* Numbers are read as names are: what could be decimal or hexadecimal is not guessed. */
static gboolean
zpci_filter_parse_number(FilterNode *node, GError **error)
{
    guint digits =
        node->column->is_fact ? 2 * zpci_fact_get_info(node->column->fact)->width : HEX_DIGITS;
    g_autoptr(GError) problem = NULL;

    if (node->column->type == ZPCI_COLUMN_HEX
            ? number_parse_id(node->value, digits, 0, &node->number, &problem)
            : number_parse(node->value, G_MAXUINT64, &node->number, &problem))
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, "%s: %s", node->column->heading,
                problem->message);
    return FALSE;
}

static gboolean
zpci_filter_has_numbers(const ZpciColumn *column)
{
    return column->type == ZPCI_COLUMN_HEX || column->type == ZPCI_COLUMN_NUMBER;
}

static gboolean
zpci_filter_compile(FilterNode *node, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *quoted = NULL;

    if (node->kind != FILTER_LIKE && node->kind != FILTER_UNLIKE)
        return !zpci_filter_has_numbers(node->column) || zpci_filter_parse_number(node, error);
    node->expression =
        g_regex_new(node->value, G_REGEX_CASELESS | G_REGEX_RAW, G_REGEX_MATCH_DEFAULT, &problem);
    if (node->expression != NULL)
        return TRUE;
    quoted = text_quote(node->value);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("The filter has no regular expression %s: %s."), quoted, problem->message);
    return FALSE;
}

static FilterNode *
zpci_filter_parse_comparison(FilterParser *parser)
{
    g_autoptr(FilterNode) node = zpci_filter_make_node(FILTER_IS_SET, NULL, NULL);

    node->column = zpci_filter_take_column(parser);
    if (node->column == NULL)
        return NULL;
    for (guint i = 0; node->kind == FILTER_IS_SET && i < G_N_ELEMENTS(operators); i++) {
        if (zpci_filter_take(parser, operators[i].word))
            node->kind = operators[i].kind;
    }
    if (node->kind == FILTER_IS_SET)
        return g_steal_pointer(&node);
    node->value = zpci_filter_take_word(parser);
    if (node->value == NULL)
        return zpci_filter_complain(parser, _("a value"));
    return zpci_filter_compile(node, parser->error) ? g_steal_pointer(&node) : NULL;
}

static FilterNode *zpci_filter_parse_or(FilterParser *parser);

static FilterNode *
zpci_filter_parse_parentheses(FilterParser *parser)
{
    g_autoptr(FilterNode) node = zpci_filter_parse_or(parser);

    if (node == NULL)
        return NULL;
    if (!zpci_filter_take(parser, ")"))
        return zpci_filter_complain(parser, ")");
    return g_steal_pointer(&node);
}

static FilterNode *
zpci_filter_parse_not(FilterParser *parser)
{
    FilterNode *node;

    if (parser->depth == ZPCI_FILTER_MAX_DEPTH) {
        g_set_error(parser->error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The filter is nested more than %u deep."), ZPCI_FILTER_MAX_DEPTH);
        return NULL;
    }
    parser->depth++;
    if (zpci_filter_take(parser, "not") || zpci_filter_take(parser, "!")) {
        node = zpci_filter_parse_not(parser);
        if (node != NULL)
            node = zpci_filter_make_node(FILTER_NOT, node, NULL);
    } else if (zpci_filter_take(parser, "(")) {
        node = zpci_filter_parse_parentheses(parser);
    } else {
        node = zpci_filter_parse_comparison(parser);
    }
    parser->depth--;
    return node;
}

static FilterNode *
zpci_filter_parse_and(FilterParser *parser)
{
    FilterNode *node = zpci_filter_parse_not(parser);

    while (node != NULL && (zpci_filter_take(parser, "and") || zpci_filter_take(parser, "&&"))) {
        g_autoptr(FilterNode) left = node;
        FilterNode *right = zpci_filter_parse_not(parser);

        node =
            right != NULL ? zpci_filter_make_node(FILTER_AND, g_steal_pointer(&left), right) : NULL;
    }
    return node;
}

static FilterNode *
zpci_filter_parse_or(FilterParser *parser)
{
    FilterNode *node = zpci_filter_parse_and(parser);

    while (node != NULL && (zpci_filter_take(parser, "or") || zpci_filter_take(parser, "||"))) {
        g_autoptr(FilterNode) left = node;
        FilterNode *right = zpci_filter_parse_and(parser);

        node =
            right != NULL ? zpci_filter_make_node(FILTER_OR, g_steal_pointer(&left), right) : NULL;
    }
    return node;
}

ZpciFilter *
zpci_filter_new(const char *text, GError **error)
{
    g_autoptr(ZpciFilter) filter = g_new0(ZpciFilter, 1);
    FilterParser parser = { .text = text, .error = error };

    filter->columns = parser.columns = g_ptr_array_new();
    if (strlen(text) > ZPCI_FILTER_MAX_LENGTH) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The filter is longer than %u bytes."), ZPCI_FILTER_MAX_LENGTH);
        return NULL;
    }
    filter->root = zpci_filter_parse_or(&parser);
    if (filter->root == NULL)
        return NULL;
    zpci_filter_skip_blanks(&parser);
    if (parser.text[0] == '\0')
        return g_steal_pointer(&filter);
    zpci_filter_complain(&parser, _("\"and\", \"or\" or the end"));
    return NULL;
}

void
zpci_filter_free(ZpciFilter *filter)
{
    if (filter == NULL)
        return;
    zpci_filter_free_node(filter->root);
    g_ptr_array_unref(filter->columns);
    g_free(filter);
}

const GPtrArray *
zpci_filter_get_columns(const ZpciFilter *filter)
{
    return filter->columns;
}

/* How a value compares to that of the filter, as strcmp() does. */
static int
zpci_filter_compare(const FilterNode *node, const char *value)
{
    guint64 number;

    if (!zpci_filter_has_numbers(node->column) || !number_parse(value, G_MAXUINT64, &number, NULL))
        return g_ascii_strcasecmp(value, node->value);
    return number < node->number ? -1 : number > node->number;
}

static gboolean
zpci_filter_has_value(const FilterNode *node, const char *value)
{
    switch (node->kind) {
    case FILTER_EQUAL:
    case FILTER_UNEQUAL:
        return zpci_filter_compare(node, value) == 0;
    case FILTER_LESS:
        return zpci_filter_compare(node, value) < 0;
    case FILTER_LESS_EQUAL:
        return zpci_filter_compare(node, value) <= 0;
    case FILTER_GREATER:
        return zpci_filter_compare(node, value) > 0;
    case FILTER_GREATER_EQUAL:
        return zpci_filter_compare(node, value) >= 0;
    case FILTER_LIKE:
    case FILTER_UNLIKE:
        return g_regex_match(node->expression, value, 0, NULL);
    case FILTER_IS_SET:
        return strcmp(value, "no") != 0;
    case FILTER_AND:
    case FILTER_OR:
    case FILTER_NOT:
    default:
        return FALSE;
    }
}

/* Of several values one is enough; "!=" and "!~" are the contrary of "=" and "=~". */
static gboolean
zpci_filter_matches_values(const FilterNode *node, const ZpciRow *row)
{
    g_auto(GStrv) values = zpci_column_get(node->column, row);
    gboolean found = FALSE;

    for (guint i = 0; values != NULL && values[i] != NULL && !found; i++)
        found = zpci_filter_has_value(node, values[i]);
    return node->kind == FILTER_UNEQUAL || node->kind == FILTER_UNLIKE ? !found : found;
}

static gboolean
zpci_filter_matches_node(const FilterNode *node, const ZpciRow *row)
{
    switch (node->kind) {
    case FILTER_AND:
        return zpci_filter_matches_node(node->left, row) &&
               zpci_filter_matches_node(node->right, row);
    case FILTER_OR:
        return zpci_filter_matches_node(node->left, row) ||
               zpci_filter_matches_node(node->right, row);
    case FILTER_NOT:
        return !zpci_filter_matches_node(node->left, row);
    case FILTER_IS_SET:
    case FILTER_EQUAL:
    case FILTER_UNEQUAL:
    case FILTER_LESS:
    case FILTER_LESS_EQUAL:
    case FILTER_GREATER:
    case FILTER_GREATER_EQUAL:
    case FILTER_LIKE:
    case FILTER_UNLIKE:
    default:
        return zpci_filter_matches_values(node, row);
    }
}

gboolean
zpci_filter_matches(const ZpciFilter *filter, const ZpciRow *row)
{
    return zpci_filter_matches_node(filter->root, row);
}
