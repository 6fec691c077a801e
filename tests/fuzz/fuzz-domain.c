/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>

#include "fuzz-target.h"
#include "zpci-domain-document.h"
#include "zpci-validation.h"

/* Whatever was added, all bytes that were there still are, in their order. */
static void
assert_kept(const char *before, gsize size, const char *after)
{
    for (gsize i = 0; i < size; i++) {
        while (*after != '\0' && *after != before[i])
            after++;
        g_assert_cmpint(*after, !=, '\0');
        after++;
    }
}

static void
try_to_add(const char *text, gsize size)
{
    g_autoptr(ZpciDomainDocument) document = zpci_domain_document_new(text, size, NULL);
    g_autoptr(GPtrArray) hostdevs =
        g_ptr_array_new_with_free_func((GDestroyNotify)zpci_hostdev_unref);
    g_autofree char *result = NULL;
    g_autofree char *diff = NULL;

    if (document == NULL)
        return;
    g_strfreev(zpci_domain_document_list_sources(document));
    g_ptr_array_add(hostdevs, zpci_hostdev_new("ffff:00:00.0"));
    if (!zpci_domain_document_add(document, hostdevs, ZPCI_ADDRESS_POLICY_FIRST_FREE, NULL))
        return;
    result = zpci_domain_document_format(document, NULL);
    diff = zpci_domain_document_diff(document, "domain", NULL);
    g_assert_true((result == NULL) == (diff == NULL));
    if (result == NULL)
        return;
    assert_kept(text, size, result);
    g_assert_nonnull(strstr(result, "ffff"));
    g_assert_nonnull(strstr(diff, "ffff"));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(zpci_validation_run((const char *)data, size, NULL, NULL, &findings, &error) ==
                  (error == NULL));
    try_to_add((const char *)data, size);
    return 0;
}
