/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-host.h"

/* The most counters that are read of one function; Linux 6.7 has 13. */
#define ZPCI_STATISTICS_MAX_COUNTERS 64

/**
 * ZpciCounter:
 * @name: in the kernel's words, "Load operations"; foreign bytes
 * @value: since measurement was switched on
 */
typedef struct {
    char *name;
    guint64 value;
} ZpciCounter;

/**
 * ZpciStatistics:
 * @update_ms: how often the machine writes the counters, in milliseconds
 * @samples: how often it did
 * @counters: (element-type ZpciCounter): in the kernel's order
 *
 * What the function measurement block of a function, and Linux itself, count.
 */
typedef struct {
    guint64 update_ms;
    guint64 samples;
    GPtrArray *counters;
} ZpciStatistics;

/**
 * zpci_statistics_parse:
 * @text: what the kernel shows of a function in debugfs
 *
 * Returns: (transfer full): %NULL with %ZPCI_ERROR_WRONG_STATE if measurement is switched off, or
 *   with %ZPCI_ERROR_MALFORMED.
 */
ZpciStatistics *zpci_statistics_parse(const char *text, GError **error);

/**
 * zpci_statistics_read:
 * @address: of the function, "0005:00:00.0"
 *
 * Reads only; whether a function is measured is left as it is.
 *
 * Returns: (transfer full): %NULL as zpci_statistics_parse(), with %ZPCI_ERROR_NOT_FOUND if there
 *   are none, or with %ZPCI_ERROR_NO_PERMISSION.
 */
ZPCI_EXPORT ZpciStatistics *zpci_statistics_read(const ZpciHost *host, const char *address,
                                                 GError **error);

/** zpci_statistics_free: @statistics may be %NULL. */
ZPCI_EXPORT void zpci_statistics_free(ZpciStatistics *statistics);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciStatistics, zpci_statistics_free)
