/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-text-diff.h"

#include <string.h>

#define CONTEXT 3

/* Lines @first to @end of the old text, @end not included, become @text. */
typedef struct {
    gsize first;
    gsize end;
    char *text;
} XmlTextBlock;

/* @starts has the offset of each line, and at its end the size. */
typedef struct {
    const char *text;
    GArray *starts;
    GArray *blocks;
    GString *out;
    gssize drift;
} XmlTextDiff;

static gsize
xml_text_diff_start(const XmlTextDiff *diff, gsize line)
{
    return g_array_index(diff->starts, gsize, line);
}

static gsize
xml_text_diff_count_lines(const XmlTextDiff *diff)
{
    return diff->starts->len - 1;
}

static GArray *
xml_text_diff_find_lines(const char *text, gsize size)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    gsize start = 0;

    while (start < size) {
        const char *newline = memchr(text + start, '\n', size - start);

        g_array_append_val(starts, start);
        start = newline != NULL ? (gsize)(newline - text) + 1 : size;
    }
    g_array_append_val(starts, size);
    return starts;
}

static gsize
xml_text_diff_get_line(const XmlTextDiff *diff, gsize offset)
{
    gsize low = 0, high = diff->starts->len;

    while (high - low > 1) {
        gsize middle = low + (high - low) / 2;

        if (xml_text_diff_start(diff, middle) <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static gboolean
xml_text_diff_inserts_lines(const XmlTextDiff *diff, const XmlTextChange *change, gsize line)
{
    return change->removed == 0 && xml_text_diff_start(diff, line) == change->offset &&
           g_str_has_suffix(change->text, "\n");
}

/* Replaces the changes from @first on that touch common lines; returns the first that does not. */
static guint
xml_text_diff_add_block(XmlTextDiff *diff, const GArray *changes, guint first)
{
    const XmlTextChange *change = &g_array_index(changes, XmlTextChange, first);
    XmlTextBlock block = { .first = xml_text_diff_get_line(diff, change->offset) };
    gsize done = xml_text_diff_start(diff, block.first);
    GString *text = g_string_new(NULL);
    guint index = first;

    block.end = block.first;
    if (xml_text_diff_inserts_lines(diff, change, block.first)) {
        g_string_append(text, change->text);
        index++;
    } else {
        do {
            g_string_append_len(text, diff->text + done, (gssize)(change->offset - done));
            g_string_append(text, change->text);
            done = change->offset + change->removed;
            block.end = xml_text_diff_get_line(diff, done) + 1;
            change = &g_array_index(changes, XmlTextChange, ++index);
        } while (index < changes->len && xml_text_diff_get_line(diff, change->offset) < block.end);
        g_string_append_len(text, diff->text + done,
                            (gssize)(xml_text_diff_start(diff, block.end) - done));
    }
    block.text = g_string_free(text, FALSE);
    g_array_append_val(diff->blocks, block);
    return index;
}

static void
xml_text_diff_clear_block(gpointer data)
{
    XmlTextBlock *block = data;

    g_free(block->text);
}

static gsize
xml_text_diff_count(const char *text)
{
    gsize count = 0;

    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\n' || p[1] == '\0')
            count++;
    }
    return count;
}

static void
xml_text_diff_print_line(XmlTextDiff *diff, char mark, const char *line, gsize length)
{
    g_string_append_c(diff->out, mark);
    g_string_append_len(diff->out, line, (gssize)length);
    if (line[length - 1] != '\n')
        g_string_append(diff->out, "\n\\ No newline at end of file\n");
}

static void
xml_text_diff_print_old(XmlTextDiff *diff, char mark, gsize first, gsize end)
{
    for (gsize line = first; line < end; line++) {
        gsize start = xml_text_diff_start(diff, line);

        xml_text_diff_print_line(diff, mark, diff->text + start,
                                 xml_text_diff_start(diff, line + 1) - start);
    }
}

static void
xml_text_diff_print_new(XmlTextDiff *diff, const char *text)
{
    while (*text != '\0') {
        const char *newline = strchr(text, '\n');
        gsize length = newline != NULL ? (gsize)(newline - text) + 1 : strlen(text);

        xml_text_diff_print_line(diff, '+', text, length);
        text += length;
    }
}

/* The head of a hunk; lines are counted from 1, and from 0 where there are none. */
static void
xml_text_diff_print_head(XmlTextDiff *diff, gsize first, gsize old_count, gssize growth)
{
    gsize new_count = old_count + (gsize)growth;
    gsize new_first = first + (gsize)diff->drift;

    g_string_append_printf(
        diff->out,
        "@@ -%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT " +%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT " @@\n",
        first + (old_count > 0), old_count, new_first + (new_count > 0), new_count);
}

/* Prints the blocks from @first on that share their context; returns the first that does not. */
static guint
xml_text_diff_print_hunk(XmlTextDiff *diff, guint first)
{
    const XmlTextBlock *blocks = (const XmlTextBlock *)(const void *)diff->blocks->data;
    gsize line = blocks[first].first - MIN(blocks[first].first, CONTEXT);
    gsize end = line;
    gssize growth = 0;
    guint last = first;

    for (; last < diff->blocks->len; last++) {
        if (last > first && blocks[last].first > end)
            break;
        growth += (gssize)xml_text_diff_count(blocks[last].text) -
                  (gssize)(blocks[last].end - blocks[last].first);
        end = blocks[last].end + 2 * CONTEXT;
    }
    end = MIN(blocks[last - 1].end + CONTEXT, xml_text_diff_count_lines(diff));
    xml_text_diff_print_head(diff, line, end - line, growth);
    for (guint i = first; i < last; i++) {
        xml_text_diff_print_old(diff, ' ', line, blocks[i].first);
        xml_text_diff_print_old(diff, '-', blocks[i].first, blocks[i].end);
        xml_text_diff_print_new(diff, blocks[i].text);
        line = blocks[i].end;
    }
    xml_text_diff_print_old(diff, ' ', line, end);
    diff->drift += growth;
    return last;
}

char *
xml_text_diff(const char *text, gsize size, const GArray *changes, const char *name)
{
    g_autoptr(GArray) starts = xml_text_diff_find_lines(text, size);
    g_autoptr(GArray) blocks = g_array_new(FALSE, FALSE, sizeof(XmlTextBlock));
    XmlTextDiff diff = { text, starts, blocks, g_string_new(NULL), 0 };

    g_array_set_clear_func(blocks, xml_text_diff_clear_block);
    for (guint i = 0; i < changes->len;)
        i = xml_text_diff_add_block(&diff, changes, i);
    if (blocks->len > 0)
        g_string_append_printf(diff.out, "--- %s\n+++ %s\n", name, name);
    for (guint i = 0; i < blocks->len;)
        i = xml_text_diff_print_hunk(&diff, i);
    return g_string_free(diff.out, FALSE);
}
