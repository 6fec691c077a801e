/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "fuzz-target.h"
#include "hex-text.h"

/* The form of every file that a capture holds. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) sections = hex_text_parse((const char *)data, size, &error);

    g_assert_true((sections == NULL) == (error != NULL));
    for (guint i = 0; sections != NULL && i < sections->len; i++) {
        const HexSection *section = g_ptr_array_index(sections, i);

        g_assert_cmpuint(section->bytes->len, >, 0);
        g_assert_cmpuint(section->bytes->len, <=, size);
    }
    return 0;
}
