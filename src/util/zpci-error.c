/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-error.h"

#include "zpci-error-private.h"

/* What the macro below casts, GLib has aligned; and each error of ours has its private part. */
#pragma GCC diagnostic ignored "-Wcast-align"
#pragma GCC diagnostic ignored "-Wnull-dereference"

#define UNKNOWN_CODE 1 /* VIR_ERR_INTERNAL_ERROR */
#define UNKNOWN_DOMAIN 0

/* What an error of another daemon carries besides code and message. */
typedef struct {
    int code;
    int domain;
} ZpciErrorPrivate;

static void
zpci_error_private_init(ZpciErrorPrivate *numbers)
{
    *numbers = (ZpciErrorPrivate){ UNKNOWN_CODE, UNKNOWN_DOMAIN };
}

static void
zpci_error_private_copy(const ZpciErrorPrivate *numbers, ZpciErrorPrivate *copy)
{
    *copy = *numbers;
}

static void
zpci_error_private_clear(ZpciErrorPrivate *numbers G_GNUC_UNUSED)
{
}

/* clang-format off */
G_DEFINE_EXTENDED_ERROR(ZpciError, zpci_error)
/* clang-format on */

gboolean
zpci_error_set_foreign(int code, int domain, const char *message, GError **error)
{
    GError *refusal = g_error_new_literal(ZPCI_ERROR, ZPCI_ERROR_FOREIGN, message);

    if (code >= 0 && domain >= 0)
        *zpci_error_get_private(refusal) = (ZpciErrorPrivate){ code, domain };
    g_propagate_error(error, refusal);
    return FALSE;
}

gboolean
zpci_error_get_foreign(const GError *error, int *code, int *domain)
{
    const ZpciErrorPrivate *numbers;

    if (!g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_FOREIGN))
        return FALSE;
    numbers = zpci_error_get_private(error);
    *code = numbers->code;
    *domain = numbers->domain;
    return TRUE;
}
