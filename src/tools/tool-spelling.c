/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-spelling.h"

#include <string.h>

/* Words of this length and more are not compared: no command has so many letters. */
#define MAX_LETTERS 24

/* With more mistakes than that, it is another word. */
#define MAX_MISTAKES 2

static guint
tool_spelling_min3(guint a, guint b, guint c)
{
    return MIN(a, MIN(b, c));
}

/* The distance of Damerau and Levenshtein, where no letter is swapped twice: @rows[i][k] is that of
 * the first i letters of @a and the first k of @b. */
static guint
tool_spelling_count_mistakes(const char *a, const char *b)
{
    guint rows[MAX_LETTERS][MAX_LETTERS];
    gsize length_a = strlen(a), length_b = strlen(b);

    if (length_a >= MAX_LETTERS || length_b >= MAX_LETTERS)
        return G_MAXUINT;
    for (guint i = 0; i <= length_a; i++) {
        for (guint k = 0; k <= length_b; k++) {
            if (i == 0 || k == 0) {
                rows[i][k] = i + k;
                continue;
            }
            rows[i][k] = tool_spelling_min3(rows[i - 1][k] + 1, rows[i][k - 1] + 1,
                                            rows[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                rows[i][k] = MIN(rows[i][k], rows[i - 2][k - 2] + 1);
        }
    }
    return rows[length_a][length_b];
}

/* Less is nearer. */
static guint
tool_spelling_rate(const char *word, const char *candidate)
{
    guint mistakes;

    if (word[0] != '\0' && g_str_has_prefix(candidate, word))
        return 0;
    mistakes = tool_spelling_count_mistakes(word, candidate);
    return mistakes <= MAX_MISTAKES && mistakes < strlen(candidate) - 1 ? mistakes : G_MAXUINT;
}

const char *
tool_spelling_guess(const char *word, const char *const *words)
{
    const char *nearest = NULL;
    guint best = G_MAXUINT;

    for (; *words != NULL; words++) {
        guint rate = tool_spelling_rate(word, *words);

        if (rate > best || rate == G_MAXUINT)
            continue;
        nearest = rate == best ? NULL : *words;
        best = rate;
    }
    return nearest;
}
