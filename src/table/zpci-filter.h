/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-column.h"
#include "zpci-export.h"

/* How deep parentheses and negations may be nested. */
#define ZPCI_FILTER_MAX_DEPTH 64

/* The longest expression, in bytes. */
#define ZPCI_FILTER_MAX_LENGTH 4096

/**
 * ZpciFilter:
 *
 * What rows have to be like: an expression as the programs of util-linux have it, see virt-zpci(1).
 */
typedef struct _ZpciFilter ZpciFilter;

/**
 * zpci_filter_new:
 * @text: "type = roce and not (port = 1 or driver =~ '^vfio')"
 *
 * Returns: (transfer full): %NULL with %ZPCI_ERROR_INVALID_ARGUMENT, which tells what is wrong
 * where.
 */
ZPCI_EXPORT ZpciFilter *zpci_filter_new(const char *text, GError **error);

/** zpci_filter_free: @filter may be %NULL. */
ZPCI_EXPORT void zpci_filter_free(ZpciFilter *filter);

/** zpci_filter_get_columns: (element-type ZpciColumn): those that it asks for. */
ZPCI_EXPORT const GPtrArray *zpci_filter_get_columns(const ZpciFilter *filter);

/** zpci_filter_matches: whether @row is so; what is not known of it is like nothing. */
ZPCI_EXPORT gboolean zpci_filter_matches(const ZpciFilter *filter, const ZpciRow *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciFilter, zpci_filter_free)
