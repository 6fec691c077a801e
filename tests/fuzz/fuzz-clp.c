/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-reply.h"
#include "fuzz-target.h"

static void
parse_list(const guint8 *data, gsize size)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(ClpListEntry));
    g_autoptr(GError) error = NULL;
    ClpList list = { .entries = entries };

    g_assert_true(clp_reply_parse_list(data, size, &list, &error) == (error == NULL));
    g_assert_cmpuint(entries->len, <=, CLP_LIST_MAX_ENTRIES);
}

static void
parse_facts(gboolean (*parse)(const guint8 *, gsize, ZpciFacts *, GError **), const guint8 *data,
            gsize size)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autoptr(GError) error = NULL;

    g_assert_true(parse(data, size, &facts, &error) == (error == NULL));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    parse_list(data, size);
    parse_facts(clp_reply_parse_function, data, size);
    parse_facts(clp_reply_parse_group, data, size);
    return 0;
}
