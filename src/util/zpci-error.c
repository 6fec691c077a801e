/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-error.h"

#include "zpci-error-private.h"

/* The numbers of a foreign error share its code with ZPCI_ERROR_FOREIGN. libvirt has about a
 * hundred of either; what is beyond these widths was never an error of libvirt. */
#define CODE_BITS 16
#define DOMAIN_BITS 12

#define UNKNOWN_CODE 1 /* VIR_ERR_INTERNAL_ERROR */
#define UNKNOWN_DOMAIN 0

G_STATIC_ASSERT(ZPCI_ERROR_FOREIGN == 1 << (CODE_BITS + DOMAIN_BITS));

gboolean
zpci_error_set_foreign(int code, int domain, const char *message, GError **error)
{
    if (code < 0 || code >= 1 << CODE_BITS || domain < 0 || domain >= 1 << DOMAIN_BITS) {
        code = UNKNOWN_CODE;
        domain = UNKNOWN_DOMAIN;
    }
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_FOREIGN | domain << CODE_BITS | code,
                        message);
    return FALSE;
}

gboolean
zpci_error_get_foreign(const GError *error, int *code, int *domain)
{
    if (error->domain != ZPCI_ERROR || error->code < ZPCI_ERROR_FOREIGN)
        return FALSE;
    *code = error->code & ((1 << CODE_BITS) - 1);
    *domain = (error->code & ~ZPCI_ERROR_FOREIGN) >> CODE_BITS;
    return TRUE;
}

/* clang-format off */
G_DEFINE_QUARK(zpci-error-quark, zpci_error)
