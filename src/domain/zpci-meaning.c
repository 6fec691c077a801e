/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-meaning.h"

#include "zpci-finding-private.h"

void
zpci_meaning_add(ZpciMeaning *meaning, const xmlNode *element, ZpciSeverity severity, char *message,
                 char *hint)
{
    ZpciFinding *finding = zpci_finding_new_at(element, message);

    finding->severity = severity;
    finding->hint = hint;
    if (meaning->findings->len < ZPCI_VALIDATION_MAX_FINDINGS)
        g_ptr_array_add(meaning->findings, finding);
    else
        zpci_finding_free(finding);
}

gboolean
zpci_meaning_is_foreign(const ZpciMeaning *meaning)
{
    return meaning->architecture != NULL && !g_str_equal(meaning->architecture, "s390x");
}
