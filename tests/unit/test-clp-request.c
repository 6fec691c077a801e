/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-request.h"

#include <string.h>

#include "chain-builder.h"

/* Whatever was in the page, it holds @table and zeros afterwards. */
static void
expect_page(ClpCommand command, guint64 argument, const char *table)
{
    const ClpRequest request = { command, argument };
    g_autofree char *whole = g_strconcat(table, " @4096", NULL);
    g_autoptr(GByteArray) expected = chain_builder_build(whole, G_BIG_ENDIAN);
    g_autofree guint8 *page = g_malloc(CLP_PAGE_SIZE);

    memset(page, 0xab, CLP_PAGE_SIZE);
    clp_request_write(&request, page);
    g_assert_cmpmem(page, CLP_PAGE_SIZE, expected->data, expected->len);
}

/* The reply may take the rest of the page. */
static void
test_list(void)
{
    expect_page(CLP_LIST_PCI, 0, "2:32 2:2 @32 2:4064");
    expect_page(CLP_LIST_PCI, 0x0123456789abcdef, "2:32 2:2 @16 x:0123456789abcdef @32 2:4064");
}

static void
test_function(void)
{
    expect_page(CLP_QUERY_PCI_FUNCTION, 0x80020001, "2:32 2:3 @16 x:80020001 @32 2:256");
    expect_page(CLP_QUERY_PCI_FUNCTION, 0xffffffff, "2:32 2:3 @16 x:ffffffff @32 2:256");
}

/* The group's number is the last byte of a word. */
static void
test_group(void)
{
    expect_page(CLP_QUERY_PCI_GROUP, 0xff, "2:32 2:4 @16 x:000000ff @32 2:72");
    expect_page(CLP_QUERY_PCI_GROUP, 0, "2:32 2:4 @32 2:72");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clp-request/list", test_list);
    g_test_add_func("/clp-request/function", test_function);
    g_test_add_func("/clp-request/group", test_group);
    return g_test_run();
}
