/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "finding-list.h"

#include <stdlib.h>
#include <string.h>

#include "expect.h"

static void
finding_list_expect_one(const ZpciFinding *finding, const char *expected)
{
    g_auto(GStrv) words = g_strsplit(expected, " ", 3);
    g_autofree char *said =
        g_strdup_printf("%s %s", finding->message, finding->hint != NULL ? finding->hint : "");

    g_assert_cmpuint(g_strv_length(words), ==, 3);
    g_assert_cmpint(finding->line, ==, atoi(words[0]));
    g_assert_cmpstr(zpci_finding_get_severity_name(finding), ==, words[1]);
    expect_has(said, words[2]);
}

void
finding_list_expect(const char *document, ZpciHostLookup look_up, const char *element,
                    const char *const *expected)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;
    guint count = 0;

    g_assert_true(
        zpci_validation_run(document, strlen(document), look_up, NULL, &findings, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < findings->len; i++) {
        const ZpciFinding *finding = g_ptr_array_index(findings, i);

        g_test_message("%u: %s: %s", finding->line, finding->element, finding->message);
        if (g_strcmp0(finding->element, element) != 0)
            continue;
        g_assert_nonnull(expected[count]);
        finding_list_expect_one(finding, expected[count++]);
    }
    g_assert_null(expected[count]);
}
