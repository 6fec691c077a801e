/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-export.h"
#include "zpci-row.h"

/**
 * ZpciColumnType:
 * @ZPCI_COLUMN_TEXT: a text
 * @ZPCI_COLUMN_HEX: a number with "0x" and all digits of its width
 * @ZPCI_COLUMN_NUMBER: a decimal number
 * @ZPCI_COLUMN_YES_NO: "yes" or "no"
 * @ZPCI_COLUMN_TEXTS: any number of texts
 *
 * What the values of a column are.
 */
typedef enum {
    ZPCI_COLUMN_TEXT,
    ZPCI_COLUMN_HEX,
    ZPCI_COLUMN_NUMBER,
    ZPCI_COLUMN_YES_NO,
    ZPCI_COLUMN_TEXTS,
} ZpciColumnType;

typedef struct _ZpciColumn ZpciColumn;

/**
 * ZpciColumn:
 * @name: what programs and people call it: "used_by" in JSON, and in any case in the command line
 * @heading: what stands above it: "USED-BY"
 * @help: what it shows, marked for translation
 * @type: what its values are
 * @parts: what of a row has to be read for it
 * @is_fact: whether it shows what @fact tells
 * @get: (transfer full) (nullable) (array zero-terminated=1): its values of a row, none if there is
 *   nothing to show, %NULL if it is not known; one at most, unless the type is %ZPCI_COLUMN_TEXTS
 *
 * One of the things that are known of a function. Everything that shows functions shows columns.
 */
struct _ZpciColumn {
    const char *name;
    const char *heading;
    const char *help;
    ZpciColumnType type;
    ZpciRowParts parts;
    gboolean is_fact;
    ZpciFact fact;
    char **(*get)(const ZpciColumn *column, const ZpciRow *row);
};

/** zpci_column_list: (array length=n_columns): all of them, in the order in which they are shown.
 */
ZPCI_EXPORT const ZpciColumn *zpci_column_list(guint *n_columns);

/**
 * zpci_column_find:
 * @name: its name or its heading; case does not matter, and "-" is "_"
 *
 * Returns: (nullable): %NULL if there is none of this name.
 */
ZPCI_EXPORT const ZpciColumn *zpci_column_find(const char *name);

/**
 * zpci_column_get:
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the values, with foreign bytes;
 *   %NULL if they are not known.
 */
ZPCI_EXPORT char **zpci_column_get(const ZpciColumn *column, const ZpciRow *row);

/**
 * zpci_column_format:
 *
 * Returns: (transfer full) (nullable): the values as one text that is safe to print, joined by
 *   commas; %NULL if they are not known.
 */
ZPCI_EXPORT char *zpci_column_format(const ZpciColumn *column, const ZpciRow *row);

/** zpci_column_get_source: (transfer full) (nullable): where a known value comes from: "sysfs". */
ZPCI_EXPORT char *zpci_column_get_source(const ZpciColumn *column, const ZpciRow *row);

/** zpci_column_get_reason: (nullable): a sentence that says why it is not known, if that is known.
 */
ZPCI_EXPORT const char *zpci_column_get_reason(const ZpciColumn *column, const ZpciRow *row);

/** zpci_column_compare: by value, numbers as numbers, what is not known last; as strcmp(). */
ZPCI_EXPORT int zpci_column_compare(const ZpciColumn *column, const ZpciRow *a, const ZpciRow *b);
