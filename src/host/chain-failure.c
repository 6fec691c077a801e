/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-failure.h"

#include <string.h>

#include "number.h"
#include "zpci-error.h"

/* One a line; the message comes last, and may have several. */
enum {
    ADDRESS,
    BINDING,
    TIME,
    CODE,
    MESSAGE,
    N_LINES
};

char *
chain_failure_format(const char *address, const char *binding, const GError *problem)
{
    return g_strdup_printf("%s\n%s\n%" G_GINT64_FORMAT "\n%d\n%s\n", address, binding,
                           g_get_monotonic_time(), problem->code, problem->message);
}

GError *
chain_failure_parse(const char *note, const char *address, const char *binding, gint64 since)
{
    g_auto(GStrv) lines = g_strsplit(note != NULL ? note : "", "\n", N_LINES);
    guint64 time, code;

    /* Without its last newline, it was cut. */
    if (g_strv_length(lines) != N_LINES || !g_str_has_suffix(lines[MESSAGE], "\n") ||
        !g_utf8_validate(lines[MESSAGE], -1, NULL) || strcmp(lines[ADDRESS], address) != 0 ||
        strcmp(lines[BINDING], binding) != 0 ||
        !number_parse(lines[TIME], G_MAXINT64, &time, NULL) ||
        !number_parse(lines[CODE], ZPCI_ERROR_UNREACHABLE, &code, NULL) || (gint64)time < since)
        return NULL;
    lines[MESSAGE][strlen(lines[MESSAGE]) - 1] = '\0';
    return g_error_new_literal(ZPCI_ERROR, (gint)code, lines[MESSAGE]);
}
