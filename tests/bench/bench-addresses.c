/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <stdio.h>

#include "zpci-address-set-private.h"
#include "zpci-facts.h"
#include "zpci-function-private.h"

#define FUNCTIONS ZPCI_GUEST_UID_MAX
#define LIMIT_MILLISECONDS 100.0

static GPtrArray *
make_functions(void)
{
    GPtrArray *functions = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_function_unref);

    for (guint i = 0; i < FUNCTIONS; i++) {
        g_auto(ZpciFacts) facts = { 0 };

        /* Backwards, and with FIDs far from each other. */
        zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, FUNCTIONS - i);
        zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, (guint32)(i * 0x9e3779b1U));
        zpci_facts_set(&facts, ZPCI_FACT_UID_UNIQUE, ZPCI_SOURCE_SYSFS, 1);
        g_ptr_array_add(functions, zpci_function_new(&facts));
    }
    return functions;
}

static gboolean
measure(const char *name, const GPtrArray *functions, ZpciAddressPolicy policy)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GError) error = NULL;
    g_autofree ZpciAddressClaim *requests = g_new0(ZpciAddressClaim, FUNCTIONS);
    double milliseconds;
    gint64 start;

    for (guint i = 0; i < FUNCTIONS; i++)
        requests[i].host = g_ptr_array_index(functions, i);
    start = g_get_monotonic_time();
    if (!zpci_address_set_give(set, requests, FUNCTIONS, policy, &error))
        g_error("%s", error->message);
    milliseconds = (double)(g_get_monotonic_time() - start) / 1000;
    printf("%s of %d functions: %.1f ms (to reach: under %.0f)\n", name, FUNCTIONS, milliseconds,
           LIMIT_MILLISECONDS);
    return milliseconds < LIMIT_MILLISECONDS;
}

int
main(void)
{
    g_autoptr(GPtrArray) functions = make_functions();
    gboolean mirrored = measure("mirror the host", functions, ZPCI_ADDRESS_POLICY_MIRROR);
    gboolean first = measure("first free numbers", functions, ZPCI_ADDRESS_POLICY_FIRST_FREE);

    return mirrored && first ? 0 : 1;
}
