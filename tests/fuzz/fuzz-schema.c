/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "fuzz-target.h"
#include "zpci-schema.h"

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(zpci_schema_validate((const char *)data, size, &findings, &error) ==
                  (error == NULL));
    return 0;
}
